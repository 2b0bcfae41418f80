from django.urls import path

from project.urls import urlpatterns as known
from tests.workflows.example import views

urlpatterns = [
    path("examples/<str:code>/", views.page, name="example"),
    path("examples/<str:code>/<slug:name>/", views.act, name="example-act"),
    *known,
]
