from django.urls import path

from workflows.engine import views

urlpatterns = [
    path("stuck/", views.stuck, name="stuck"),
    path("stuck/check/", views.check, name="stuck-check"),
]
