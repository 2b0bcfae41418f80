"""The demo city, smaller: everything in it came through the acts, so everything must add up."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.test import Client

from grid.calendar.now import now
from grid.law.models import Provision
from grid.ledger.models import Entry, Leaf
from grid.scope import Role
from grid.subjects.models import Subject
from grid.subjects.rules import read_code
from grid.territory.models import Area, Level, Person, Posting
from project.demo import city
from project.demo.accounts import ACCOUNTS, PASSWORD, accounts
from project.demo.employers import credit_code
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask, TaskState
from tasks.forms import tables
from tasks.forms.judging import faults_of
from tasks.rounds.models import Round, RoundState
from tasks.visits.models import Visit
from workflows.cases.models import Case

# `make run` serves it from SQLite; its acts are tested one by one on both.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def said() -> list[str]:
    lines: list[str] = []
    assert city.fill(lines.append, size=260)
    return lines


def test_the_city_adds_up_and_is_filled_once(said: list[str]) -> None:
    assert Area.objects.filter(level=Level.DISTRICT).count() == 3
    assert 700 < Area.objects.filter(level=Level.GRID).count() < 860
    _everybody_is_there_and_marked()
    everybody = Subject.objects.count()
    assert Subject.objects.filter(is_sample=True).count() == everybody
    assert min(dict(Counter(Subject.objects.filter(local_code__gt="").values_list("kind"))).values()) >= 24
    assert Subject.objects.filter(local_code=None).count() >= 260
    assert Span.objects.filter(until=None).count() == everybody, "each subject in exactly one state"
    _every_form_is_met()
    _work_stands_in_the_middle()
    assert Leaf.objects.count() == Entry.objects.count() and Entry.objects.latest("id").at <= now()
    lines: list[str] = []
    Provision.objects.filter(key="registers.rhythm_market").delete()
    assert not city.fill(lines.append) and "已有数据" in lines[0]
    assert Provision.objects.filter(key="registers.rhythm_market").exists(), (
        "what a newer version brings of the law"
    )
    _sign_in_page_names_the_accounts()


def _everybody_is_there_and_marked() -> None:
    assert not Person.objects.filter(is_sample=False).exists()
    assert {role for _name, role, _place in accounts()} == {str(role.label) for role in Role}
    manned = Posting.objects.filter(role=Role.WORKER).values("area").distinct().count()
    assert manned == Area.objects.filter(level=Level.GRID).count()
    bulk = Person.objects.exclude(username__in=[account.username for account in ACCOUNTS])
    assert not any(person.has_usable_password() for person in bulk[:20])


def _work_stands_in_the_middle() -> None:
    states = set(Round.objects.values_list("state", flat=True))
    assert {RoundState.CLOSED, RoundState.WORKED, RoundState.DISTRICT_APPROVAL} <= states
    assert Case.objects.count() > 5 and Case.objects.filter(closed_at=None).exists()
    mine = CheckTask.objects.filter(posting__person__username="wang", state=TaskState.OPEN)
    assert mine.exists(), "the demo's phone has doors to go to"


def _every_form_is_met() -> None:
    """Whoever tries the phone as one of the named workers opens a door of every kind."""
    doors = CheckTask.objects.filter(posting__person__username="wang", state=TaskState.OPEN)
    rare = {
        "institution",
        "dust_employer",
        "construction_site",
        "resident",
        "flexible_worker",
        "hardship",
        "announcement",
    }
    assert rare <= set(doors.values_list("form", flat=True))
    visited = set(Visit.objects.values_list("form", flat=True))
    assert {"employer", "resident", "announcement", "construction_site"} <= visited
    doubtful = [
        (visit.form, fault.name, fault.kind)
        for visit in Visit.objects.all()
        if (form := tables.known(visit.form, visit.form_version))
        for fault in faults_of(form, visit.answers, visit.outcome)
    ]
    assert doubtful == [], "what the demo's workers write is what the forms ask"


def _sign_in_page_names_the_accounts() -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert PASSWORD in page and all(account.username in page for account in ACCOUNTS)
    assert PASSWORD not in Client().get("/public/listings/").content.decode()


def test_demo_command_refuses_outside_demo_mode(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="演示模式"):
        call_command("demo_city")


def test_generated_codes_pass_their_check() -> None:
    for number in range(1, 200):
        assert read_code(credit_code(number, "150302", "92")).doubts == ()
