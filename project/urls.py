"""All addresses of the system; each room names its own."""

from django.urls import include, path

from project.source import archive

urlpatterns = [
    path("", include("mobile_api.urls")),
    path("visits/", include("tasks.visits.urls")),
    path("", include("grid.ledger.urls")),
    path("source/", archive, name="source"),
    path("accounts/", include("allauth.urls")),
    path("coverage/", include("tasks.coverage.urls")),
    path("assessment/", include("workflows.assessment.urls")),
    path("findings/", include("workflows.findings.urls")),
    path("cases/", include("workflows.cases.urls")),
    path("public/listings/", include("workflows.listing.urls")),
    path("", include("workflows.notices.urls")),
]
