"""Mounted at agreements/. The pages for a one-time link are the only ones that need no sign-in."""

from schoolgate.agreements.views import entering, families, family_links, links, office, reading
from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.people.permissions import Permission

app_name = "agreements"

MINE = {"resource": "agreement", "data": DataClass.RECORD, "tenant": Tenant.SELF, "needs": Permission.AGREEMENT_SIGN}
CHASE = {"resource": "agreement", "data": DataClass.RECORD, "tenant": Tenant.SCOPE, "needs": Permission.AGREEMENT_CHASE}
EDIT = {"resource": "agreement", "data": DataClass.RECORD, "tenant": Tenant.SCOPE, "needs": Permission.POLICY_EDIT}
ANYONE = {"resource": "signing link", "data": DataClass.RECORD, "tenant": Tenant.LINK, "public": True}
EITHER = {"resource": "signature", "data": DataClass.RECORD, "tenant": Tenant.SCOPE, "needs": Permission.AGREEMENT_SIGN}
SCAN = {**CHASE, "resource": "scan"}

FAMILIES = {"resource": "family answer", "data": DataClass.RESTRICTED, "tenant": Tenant.SCOPE, "needs": Permission.AGREEMENT_CHASE}
FAMILY = {"resource": "family link", "data": DataClass.RESTRICTED, "tenant": Tenant.LINK, "public": True}
CLASSES = {"resource": "class", "data": DataClass.RESTRICTED, "tenant": Tenant.SCOPE, "needs": Permission.AGREEMENT_SIGN}

urlpatterns = [
    route("", reading.mine, "agreements:mine", action="read", **MINE),
    route("<uuid:form_id>/", reading.read, "agreements:read", action="read and sign", **MINE),
    route("<uuid:form_id>/refuse/", reading.refuse, "agreements:refuse", action="refuse", **MINE),
    route("<uuid:form_id>/ask/", reading.ask, "agreements:ask", action="ask", **MINE),
    route("signatures/<uuid:signature_id>/", reading.receipt, "agreements:receipt", action="read", **EITHER),
    route("signatures/<uuid:signature_id>/certificate/", reading.certificate, "agreements:certificate", action="print", **EITHER),
    route("signatures/<uuid:signature_id>/scan/", entering.scan, "agreements:scan", action="download", **SCAN),
    route("signatures/<uuid:signature_id>/scan/look/", entering.look, "agreements:look", action="look at", **SCAN),
    route("link/", links.link_typed, "agreements:link_typed", action="enter a key", **{**ANYONE, "tenant": Tenant.NONE}),
    route("link/<str:key>/", links.link, "agreements:link", action="read and sign", **ANYONE),
    route("link/<str:key>/refuse/", links.link_refuse, "agreements:link_refuse", action="refuse", **ANYONE),
    route("forms/", office.forms_list, "agreements:forms", action="read", **CHASE),
    route("forms/<uuid:form_id>/", office.people, "agreements:people", action="read", **CHASE),
    route("forms/<uuid:form_id>/remind/", office.remind, "agreements:remind", action="remind", **CHASE),
    route("forms/<uuid:form_id>/sheet/", links.link_sheet, "agreements:link_sheet", action="make links", **CHASE),
    route("forms/<uuid:form_id>/people/<uuid:person_id>/", office.ways, "agreements:ways", action="read", **CHASE),
    route("forms/<uuid:form_id>/links/<uuid:person_id>/", links.make_link, "agreements:make_link", action="make a link", **CHASE),
    route("forms/<uuid:form_id>/behalf/<uuid:person_id>/", entering.on_behalf, "agreements:on_behalf", action="sign for somebody", **CHASE),
    route("forms/<uuid:form_id>/paper/<uuid:person_id>/", entering.paper, "agreements:paper", action="enter", uploads=True, **CHASE),
    route("forms/refusals/<uuid:refusal_id>/", office.refusal, "agreements:refusal", action="answer", **CHASE),
    route("forms/publish/<uuid:school_id>/<uuid:version_id>/", office.publish, "agreements:publish", action="publish", **EDIT),
    route("forms/rules/<uuid:school_id>/", office.private_rules, "agreements:private_rules", action="publish", **EDIT),
    route("forms/undertaking/<uuid:school_id>/", office.undertaking, "agreements:undertaking", action="publish", **EDIT),
    route("desk/<uuid:school_id>/", entering.desk, "agreements:desk", action="read", **CHASE),
    route("desk/arrivals/<uuid:place_id>/", entering.arrive, "agreements:arrive", action="note an arrival", **CHASE),
    route("families/<uuid:school_id>/", families.families, "agreements:families", action="read", **FAMILIES),
    route("families/<uuid:form_id>/asked/", families.ask_families, "agreements:ask_families", action="write down as asked", **FAMILIES),
    route(
        "families/<uuid:form_id>/answers/<uuid:pupil_id>/", families.family_answer, "agreements:family_answer", action="keep", **FAMILIES
    ),
    route("families/<uuid:form_id>/links/", family_links.family_classes, "agreements:family_classes", action="read", **FAMILIES),
    route("families/<uuid:form_id>/links/<slug:year>/", family_links.family_class, "agreements:family_class", action="read", **FAMILIES),
    route(
        "families/<uuid:form_id>/links/<slug:year>/sheet/",
        family_links.family_sheet,
        "agreements:family_sheet",
        action="make links",
        **FAMILIES,
    ),
    route(
        "families/<uuid:form_id>/links/<slug:year>/mail/",
        family_links.family_mail,
        "agreements:family_mail",
        action="send links",
        **FAMILIES,
    ),
    route(
        "families/<uuid:form_id>/guardians/<uuid:guardian_id>/",
        family_links.guardian_link,
        "agreements:guardian_link",
        action="make a link",
        **FAMILIES,
    ),
    route("family/<str:key>/", family_links.family_link, "agreements:family_link", action="read and answer", **FAMILY),
    route("plain-words/<uuid:school_id>/<slug:audience>/", families.plain_words, "agreements:plain_words", action="publish", **EDIT),
    route("classes/<uuid:school_id>/", families.classes, "agreements:classes", action="read", **CLASSES),
    route("classes/<uuid:form_id>/<slug:year>/", families.class_round, "agreements:class_round", action="record", **CLASSES),
]
