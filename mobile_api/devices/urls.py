from django.urls import path

from mobile_api.devices import views
from mobile_api.handin.views import hand_in
from mobile_api.openrosa.views import collect_settings

urlpatterns = [
    path("", views.device_list, name="devices"),
    path("handin/", hand_in, name="hand-in"),
    path("postings/<int:posting_id>/code/", views.invite, name="device-invite"),
    path("postings/<int:posting_id>/collect/", collect_settings, name="collect-settings"),
    path("<int:device_id>/revoke/", views.revoke, name="device-revoke"),
]
