from django.urls import include, path
from django.views.generic import RedirectView

from mobile_api import views
from mobile_api.api import api

urlpatterns = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/", api.urls),
    path("devices/", include("mobile_api.devices.urls")),
    path("suggestions/", include("mobile_api.suggestions.urls")),
    path("phone", RedirectView.as_view(url="/phone/", permanent=True)),
    path("phone/", views.phone_app, name="phone"),
    path("phone/<path:path>", views.phone_app, name="phone-file"),
]
