"""All addresses of the system; each room names its own."""

from django.urls import include, path

from project.source import archive
from project.views import inbox

handler500 = "project.views.server_error"
urlpatterns = [
    path("", include("project.health.urls")),
    path("", include("mobile_api.urls")),
    path("visits/", include("tasks.visits.urls")),
    path("visits/facts/", include("workflows.merging.urls")),
    path("forms/", include("tasks.forms.urls")),
    path("", include("grid.ledger.urls")),
    path("watch/", include("grid.watch.urls")),
    path("personal/", include("grid.personal.urls")),
    path("source/", archive, name="source"),
    path("accounts/", include("grid.accounts.urls")),
    path("", inbox, name="inbox"),
    path("checklist/", include("project.checklist.urls")),
    path("rounds/", include("tasks.rounds.urls")),
    path("rounds/", include("workflows.rounds.urls")),
    path("coverage/", include("tasks.coverage.urls")),
    path("assessment/", include("workflows.assessment.urls")),
    path("findings/", include("workflows.findings.urls")),
    path("", include("workflows.reminders.urls")),
    path("", include("workflows.audits.urls")),
    path("cases/", include("workflows.cases.urls")),
    path("flows/", include("workflows.charts.urls")),
    path("signing/", include("workflows.engine.signing.urls")),
    path("public/listings/", include("workflows.listing.urls")),
    path("listings/", include("workflows.listing.desk_urls")),
    path("sanctions/", include("workflows.sanctions.urls")),
    path("", include("workflows.announcements.urls")),
    path("", include("workflows.notices.urls")),
    path("", include("workflows.counter.urls")),
    path("registers/", include("grid.registers.urls")),
    path("people/", include("grid.people.urls")),
    path("areas/", include("grid.territory.urls")),
    path("law/", include("grid.law.urls")),
    path("offices/", include("grid.offices.urls")),
    path("calendar/", include("grid.calendar.urls")),
    path("clocks/", include("workflows.clocks.urls")),
    path("clocks/", include("workflows.engine.urls")),
    path("pool/", include("grid.placing.urls")),
    path("leads/", include("tasks.comparison.urls")),
    path("", include("workflows.duties.urls")),
    path("targets/", include("workflows.duties.targets.urls")),
]
