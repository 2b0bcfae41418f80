from django.urls import path

from workflows.clocks import views

urlpatterns = [
    path("<int:pk>/", views.clock, name="clock"),
]
