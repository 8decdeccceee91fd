"""Mounted at messages/."""

from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.notify import views

app_name = "notify"
MINE = {"resource": "message", "data": DataClass.RECORD, "tenant": Tenant.SELF}

urlpatterns = [
    route("", views.inbox, "notify:inbox", action="read", **MINE),
    route("read/", views.read_all, "notify:read_all", action="mark read", **MINE),
    route("<uuid:message_id>/read/", views.read, "notify:read", action="mark read", **MINE),
]
