from django.urls import path

from workflows.rounds import views

urlpatterns = [
    path("<str:code>/", views.round_page, name="round"),
    path("<str:code>/acts/<slug:name>/", views.round_act, name="round-act"),
]
