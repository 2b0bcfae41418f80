"""All addresses of the system; each room names its own."""

from django.urls import include, path

from project.source import archive

urlpatterns = [
    path("", include("grid.ledger.urls")),
    path("source/", archive, name="source"),
    path("accounts/", include("allauth.urls")),
    path("coverage/", include("tasks.coverage.urls")),
    path("assessment/", include("workflows.assessment.urls")),
]
