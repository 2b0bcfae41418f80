from django.urls import include, path
from django.views.generic import RedirectView

from mobile_api import views
from mobile_api.api import api
from mobile_api.handin.views import hand_in
from mobile_api.openrosa.views import collect_settings
from mobile_api.tiles import with_tiles

urlpatterns = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/", api.urls),
    path("devices/", include("mobile_api.devices.urls")),
    path("devices/handin/", hand_in, name="hand-in"),
    path("devices/postings/<int:posting_id>/collect/", collect_settings, name="collect-settings"),
    path("openrosa/", include("mobile_api.openrosa.urls")),
    path("suggestions/", include("mobile_api.suggestions.urls")),
    path("phone", RedirectView.as_view(url="/phone/", permanent=True)),
    path("phone/settings.json", views.phone_settings, name="phone-settings"),
    path("phone/", with_tiles(views.phone_app), name="phone"),
    path("phone/<path:path>", with_tiles(views.phone_app), name="phone-file"),
]
