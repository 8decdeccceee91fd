"""Where the pages about people are."""

from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.people import views
from schoolgate.people.permissions import Permission

READ = {"action": "read", "data": DataClass.RECORD, "tenant": Tenant.SCOPE}
CHANGE = {"action": "change", "data": DataClass.RECORD, "tenant": Tenant.SCOPE}
KEEPER = {"needs": Permission.USER_MANAGE}
OFFICE = {"needs": Permission.AGREEMENT_CHASE}
PROTECTOR = {"needs": Permission.CONSENT_PROTECTED}
READER = {"needs": Permission.POLICY_READ}

app_name = "people"
urlpatterns = [
    route("", views.school_list, "people:list", resource="school", **READ, **READER),
    route("me/", views.me, "people:me", resource="person", action="read", data=DataClass.RECORD, tenant=Tenant.SELF),
    route(
        "trail/",
        views.trail,
        "people:trail",
        resource="trail",
        action="read",
        data=DataClass.AUDIT,
        tenant=Tenant.SCOPE,
        needs=Permission.AUDIT_READ,
    ),
    route(
        "trail/explain/",
        views.explain,
        "people:explain",
        resource="trail",
        **(CHANGE | {"data": DataClass.AUDIT}),
        needs=Permission.AUDIT_READ,
    ),
    route("schools/<uuid:school_id>/", views.school, "people:school", resource="school", **READ, **READER),
    route("schools/<uuid:school_id>/second-step/", views.identity, "people:identity", resource="school", **CHANGE, **KEEPER),
    route("schools/<uuid:school_id>/register/", views.register, "people:register", resource="register", **READ, **KEEPER),
    route(
        "schools/<uuid:school_id>/register/<slug:category>/",
        views.confirm_category,
        "people:confirm",
        resource="register",
        **CHANGE,
        **KEEPER,
    ),
    route("schools/<uuid:school_id>/add/", views.add, "people:add", resource="register", **CHANGE, **KEEPER),
    route("schools/<uuid:school_id>/import/", views.roster_import, "people:import", resource="register", uploads=True, **CHANGE, **KEEPER),
    route("import/", views.roster_import, "people:import_trust", resource="register", uploads=True, **CHANGE, **KEEPER),
    route("schools/<uuid:school_id>/calendar/", views.calendar, "people:calendar", resource="calendar", **READ, **READER),
    route("schools/<uuid:school_id>/calendar/term/", views.term_add, "people:term_add", resource="calendar", **CHANGE, **KEEPER),
    route("schools/<uuid:school_id>/calendar/day/", views.day_close, "people:day_close", resource="calendar", **CHANGE, **KEEPER),
    route("terms/<uuid:term_id>/drop/", views.term_drop, "people:term_drop", resource="calendar", **CHANGE, **KEEPER),
    route("days/<uuid:closed_id>/open/", views.day_open, "people:day_open", resource="calendar", **CHANGE, **KEEPER),
    route("schools/<uuid:school_id>/pupils/", views.pupil_list, "people:pupils", resource="pupil", **READ),
    route("pupils/<uuid:pupil_id>/", views.pupil, "people:pupil", resource="pupil", **READ),
    route("pupils/<uuid:pupil_id>/protection/", views.protect, "people:protect", resource="pupil", **CHANGE, **PROTECTOR),
    route("pupils/<uuid:pupil_id>/end/", views.pupil_end, "people:pupil_end", resource="pupil", **CHANGE, **KEEPER),
    route("guardians/<uuid:tie_id>/", views.guardian_limit, "people:guardian_limit", resource="guardian", **CHANGE),
    route("imports/<uuid:upload_id>/", views.roster_preview, "people:preview", resource="register", **READ, **KEEPER),
    route("imports/<uuid:upload_id>/take/", views.roster_take, "people:take", resource="register", **CHANGE, **KEEPER),
    route("imports/<uuid:upload_id>/drop/", views.roster_drop, "people:drop", resource="register", **CHANGE, **KEEPER),
    route("schools/<uuid:school_id>/roles/", views.role_list, "people:roles", resource="role", **READ, **READER),
    route("schools/<uuid:school_id>/roles/confirm/", views.required, "people:required", resource="role", **CHANGE, **READER),
    route("schools/<uuid:school_id>/roles/name/", views.appoint, "people:appoint", resource="role", **CHANGE, **READER),
    route(
        "schools/<uuid:school_id>/roles/<slug:role>/duties/", views.write_duties, "people:write_duties", resource="role", **CHANGE, **READER
    ),
    route("roles/<uuid:appointment_id>/end/", views.end_role, "people:end_role", resource="role", **CHANGE, **READER),
    route("roles/<uuid:appointment_id>/minute/", views.minute, "people:minute", resource="role", **CHANGE, **READER),
    route("roles/<uuid:appointment_id>/delegation/", views.delegate, "people:delegate", resource="role", **CHANGE, **READER),
    route("roles/<uuid:appointment_id>/duties/", views.accept, "people:accept", resource="role", **CHANGE),
    route("persons/<uuid:person_id>/", views.person, "people:person", resource="person", **READ),
    route("persons/<uuid:person_id>/absent/", views.mark_absent, "people:absent", resource="person", **CHANGE),
    route("persons/<uuid:person_id>/sign-in/", views.sign_in, "people:sign_in", resource="person", **CHANGE, **KEEPER),
    route("places/<uuid:place_id>/end/", views.end_place, "people:end_place", resource="place", **CHANGE, **KEEPER),
    route("places/<uuid:place_id>/leave/", views.away, "people:away", resource="place", **CHANGE, **KEEPER),
    route("places/<uuid:place_id>/mend/", views.mend, "people:mend", resource="place", **CHANGE, **KEEPER),
    route("schools/<uuid:school_id>/leavers/", views.leaver_list, "people:leavers", resource="leaver", **READ, **OFFICE),
    route("movements/", views.movements_trust, "people:movements_trust", resource="register", **READ, **KEEPER),
    route("movements.csv", views.movements_csv, "people:movements_trust_csv", resource="register", **READ, **KEEPER),
    route("schools/<uuid:school_id>/movements/", views.movements, "people:movements", resource="register", **READ, **KEEPER),
    route("schools/<uuid:school_id>/movements.csv", views.movements_csv, "people:movements_csv", resource="register", **READ, **KEEPER),
    route("leavers/<uuid:place_id>/", views.leaver, "people:leaver", resource="leaver", **READ),
    route("leavers/<uuid:place_id>/send/", views.leaver_send, "people:leaver_send", resource="leaver", **CHANGE, **OFFICE),
    route("letters/<uuid:letter_id>/answer/", views.leaver_answer, "people:leaver_answer", resource="leaver", **CHANGE),
]
