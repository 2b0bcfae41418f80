"""Departments loaded, and two liaisons beside feng of the tax office: housing in 海勃湾区, agriculture in the city."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from grid.calendar.now import moved_to, today
from grid.scope import Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tests.cast import SINCE
from workflows.duties import actions
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Duty, Referral
from workflows.duties.queries.directory import Directory, duties_of
from workflows.duties.referring import About, Question
from workflows.duties.rules import USUAL

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # a Monday


@pytest.fixture
def on_monday() -> Any:
    with moved_to(NOON):
        yield today()


@pytest.fixture
def duties(cast: Any) -> SimpleNamespace:
    """`duties.of("tax")`: its duties in order. `duties.he` answers for housing in 海勃湾区, `duties.tian` for
    agriculture in the city under the name it had before."""
    load_shipped_duties()
    directory = Directory()

    def of(code: str) -> list[Duty]:
        return duties_of(directory.line_of(directory.by_code[code]), date(2026, 1, 1))

    def post(name: str, full_name: str, area: str, department: str) -> Any:
        person = Person.objects.create_user(name, full_name=full_name)
        Posting.objects.create(
            person=person, role=Role.LIAISON, area_id=area, department=department, valid_from=SINCE
        )
        return person

    he = post("heping", "何平", "150302", "海勃湾区住房和城乡建设局")
    tian = post("tianye", "田野", "1503", "市扶贫办")
    return SimpleNamespace(
        directory=directory, department=directory.by_code, of=of, he=he, tian=tian,
        by=SimpleNamespace(he=actor_of(he), tian=actor_of(tian)),
    )  # fmt: skip


@pytest.fixture
def send(cast: Any, duties: Any) -> Callable[..., Referral]:
    """A free matter of 海勃湾区 sent to the tax office by qian, unless said otherwise."""

    def make(
        code: str = "tax",
        *,
        by: Any = None,
        title: str = "核对欠费企业",
        release: Any = USUAL,
        files: Any = (),
        area: str = "150302",
        **about: Any,
    ) -> Referral:
        asked = Question(title, "请核对名单内企业的欠费情况。", release)
        department, duty = duties.department[code], duties.of(code)[0]
        return actions.refer(department, duty, About(area, **about), asked, files, by=by or cast.by.qian)

    return make
