from django.urls import path

from mobile_api.devices import views

urlpatterns = [
    path("", views.device_list, name="devices"),
    path("postings/<int:posting_id>/code/", views.invite, name="device-invite"),
    path("<int:device_id>/revoke/", views.revoke, name="device-revoke"),
]
