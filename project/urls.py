"""All addresses of the system; each room names its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("grid.ledger.urls")),
    path("accounts/", include("allauth.urls")),
    path("coverage/", include("tasks.coverage.urls")),
    path("assessment/", include("workflows.assessment.urls")),
]
