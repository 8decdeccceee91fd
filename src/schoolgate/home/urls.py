from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.home import views

app_name = "home"
urlpatterns = [
    route("", views.home, "home:home", resource="to-do list", action="read", data=DataClass.RECORD, tenant=Tenant.SELF),
    route(
        "healthz",
        views.health,
        "home:health",
        resource="installation",
        action="read",
        data=DataClass.OPEN,
        tenant=Tenant.NONE,
        public=True,
    ),
]
