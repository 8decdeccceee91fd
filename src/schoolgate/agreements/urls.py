"""Mounted at agreements/. The pages for a one-time link are the only ones that need no sign-in."""

from schoolgate.agreements import views
from schoolgate.agreements.views import office
from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.people.permissions import Permission

app_name = "agreements"

MINE = {"resource": "agreement", "data": DataClass.RECORD, "tenant": Tenant.SELF, "needs": Permission.AGREEMENT_SIGN}
CHASE = {"resource": "agreement", "data": DataClass.RECORD, "tenant": Tenant.SCOPE, "needs": Permission.AGREEMENT_CHASE}
EDIT = {"resource": "agreement", "data": DataClass.RECORD, "tenant": Tenant.SCOPE, "needs": Permission.POLICY_EDIT}
ANYONE = {"resource": "signing link", "data": DataClass.RECORD, "tenant": Tenant.LINK, "public": True}
EITHER = {"resource": "signature", "data": DataClass.RECORD, "tenant": Tenant.SCOPE, "needs": Permission.AGREEMENT_SIGN}

urlpatterns = [
    route("", views.mine, "agreements:mine", action="read", **MINE),
    route("<uuid:form_id>/", views.read, "agreements:read", action="read and sign", **MINE),
    route("<uuid:form_id>/refuse/", views.refuse, "agreements:refuse", action="refuse", **MINE),
    route("signatures/<uuid:signature_id>/", views.receipt, "agreements:receipt", action="read", **EITHER),
    route("link/", views.link_typed, "agreements:link_typed", action="enter a key", **{**ANYONE, "tenant": Tenant.NONE}),
    route("link/<str:key>/", views.link, "agreements:link", action="read and sign", **ANYONE),
    route("forms/", office.forms_list, "agreements:forms", action="read", **CHASE),
    route("forms/<uuid:form_id>/", office.people, "agreements:people", action="read", **CHASE),
    route("forms/<uuid:form_id>/remind/", office.remind, "agreements:remind", action="remind", **CHASE),
    route("forms/<uuid:form_id>/links/<uuid:person_id>/", office.make_link, "agreements:make_link", action="make a link", **CHASE),
    route("forms/refusals/<uuid:refusal_id>/", office.refusal, "agreements:refusal", action="answer", **CHASE),
    route("forms/publish/<uuid:school_id>/<uuid:version_id>/", office.publish, "agreements:publish", action="publish", **EDIT),
]
