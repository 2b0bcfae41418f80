from django.urls import path

from tasks.followups import views

urlpatterns = [
    path("", views.follow_ups, name="follow-ups"),
    path("<int:pk>/drop/", views.drop, name="follow-up-drop"),
]
