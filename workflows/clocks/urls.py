from django.urls import path

from workflows.clocks import views

urlpatterns = [
    path("<int:pk>/", views.clock, name="clock"),
    path("stuck/", views.stuck, name="stuck"),
    path("stuck/check/", views.check, name="stuck-check"),
]
