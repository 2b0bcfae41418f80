from django.urls import path

from grid.personal import views

urlpatterns = [
    path("", views.log, name="personal-log"),
    path("subjects/<int:pk>/", views.subject, name="personal-subject"),
    path("subjects/<int:pk>/forget/", views.ask, name="personal-ask"),
    path("entries/<int:pk>/", views.entry, name="personal-entry"),
    path("forgettings/<int:pk>/decide/", views.decide, name="personal-decide"),
]
