from django.urls import path

from workflows.rounds import views

urlpatterns = [
    path("<str:code>/acts/<slug:name>/", views.act, name="round-act"),
]
