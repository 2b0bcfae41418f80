from django.urls import path

from workflows.announcements import views

urlpatterns = [
    path("public/announcements/", views.public_batches, name="public-announcements"),
    path("public/announcements/batches/<int:pk>/", views.public_batch, name="public-batch"),
    path("public/announcements/<str:code>/", views.public_announcement, name="public-announcement"),
    path("announcements/", views.announcement_list, name="announcements"),
    path("announcements/publish/", views.publish, name="announcements-publish"),
    path("announcements/propose/<str:code>/", views.propose, name="announcement-propose"),
    path("announcements/<str:code>/", views.announcement, name="announcement"),
    path("announcements/<str:code>/<slug:name>/", views.announcement_act, name="announcement-act"),
]
