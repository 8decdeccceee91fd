from schoolgate.assurance import views
from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.people.permissions import Permission

RECORD = {"data": DataClass.RECORD, "tenant": Tenant.SCOPE}
READER = {**RECORD, "needs": Permission.POLICY_READ}

app_name = "assurance"
urlpatterns = [
    route("", views.index, "assurance:index", resource="assurance", action="read", **READER),
    route("trust/", views.trust, "assurance:trust", resource="assurance", action="read", **{**RECORD, "needs": Permission.REPORT_TRUST}),
    route("exceptions/<uuid:exception_id>/withdraw/", views.withdraw_exception, "assurance:withdraw_exception",
          resource="exception", action="withdraw", **{**RECORD, "needs": Permission.SETTING_SCHOOL}),
    route("not-applicable/<uuid:record_id>/withdraw/", views.withdraw_not_applicable, "assurance:withdraw_not_applicable",
          resource="not applicable", action="withdraw", **{**RECORD, "needs": Permission.SETTING_SCHOOL}),
    route("<slug:school>/", views.school, "assurance:school", resource="assurance", action="read", **READER),
    route("<slug:school>/readings/", views.take_readings, "assurance:take_readings",
          resource="reading", action="take", **{**RECORD, "needs": Permission.REPORT_SCHOOL}),
    route("<slug:school>/policies/<uuid:version_id>/", views.living_policy, "assurance:living", resource="policy", action="read", **READER),
    route("<slug:school>/policies/<uuid:version_id>/pdf/", views.living_pdf, "assurance:living_pdf",
          resource="policy", action="read", **READER),
    route("<slug:school>/policies/<uuid:version_id>/clauses/<uuid:clause_id>/", views.clause, "assurance:clause",
          resource="clause", action="read", **READER),
    route("<slug:school>/policies/<uuid:version_id>/clauses/<uuid:clause_id>/confirm/", views.attest, "assurance:attest",
          resource="attestation", action="make", **READER),
    route("<slug:school>/controls/<str:control>/", views.control, "assurance:control", resource="control", action="read", **READER),
    route("<slug:school>/controls/<str:control>/exception/", views.accept_exception, "assurance:accept_exception",
          resource="exception", action="accept", **{**RECORD, "needs": Permission.SETTING_SCHOOL}),
    route("<slug:school>/controls/<str:control>/not-applicable/", views.record_not_applicable, "assurance:record_not_applicable",
          resource="not applicable", action="record", **{**RECORD, "needs": Permission.SETTING_SCHOOL}),
    route("<slug:school>/controls/<str:control>/nil-statement/", views.make_nil_statement, "assurance:make_nil_statement",
          resource="nil statement", action="make", **READER),
]  # fmt: skip
