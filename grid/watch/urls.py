from django.urls import path

from grid.watch import views

urlpatterns = [
    path("", views.watch, name="watch"),
    path("<int:pk>/", views.alarm, name="alarm"),
]
