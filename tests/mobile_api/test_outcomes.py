"""The table of outcomes on its way to phones, and visits that answer by it."""

from typing import Any

import pytest

from grid.law.actions import Typed, enter_version
from tasks.findings.rules import GROUND
from tasks.visits.models import Visit
from tests.doors import make_task
from tests.mobile_api.phones import Phone, visit_json
from tests.tasks.outcomes.changing import changed, today

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_phone_gets_the_table_once_and_again_when_it_changed(cast: Any, phone: Phone) -> None:
    table = phone.get("changes?outcomes=").json()["outcomes"]
    employers = next(group for group in table["groups"] if "employer" in group["forms"])
    assert "dust_employer" in employers["forms"] and "notice_service" not in str(table)
    names = [question["name"] for question in employers["questions"]]
    assert names[:2] == ["reason_refused", "reason_nobody_in"] and "reason_address" in names
    assert "outcomes" not in phone.get(f"changes?outcomes={table['version']}").json()
    typed = Typed(changed("not_found").replace(', "photo"', ""), "", "市扩面办通知", today())
    enter_version("outcome.demolished", typed, "不再要求照片", by=cast.by.fang)
    assert phone.get(f"changes?outcomes={table['version']}").json()["outcomes"]["version"] != table["version"]


def test_an_older_phone_is_told_nothing_of_it_and_sends_the_seven(
    cast: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    assert "outcomes" not in phone.get("changes").json()
    for outcome in ("done", "refused", "closed", "moved", "not_found", "nobody_in", "not_a_subject"):
        task = make_task(round, make_employer(), cast.post.wang)
        (result,) = phone.results(visit_json(task, outcome=outcome, answers={GROUND: "witness"}))
        assert (result["status"], result["code"]) == ("accepted", "")


def test_what_would_end_a_duty_without_its_ground_is_answered_with_a_code_of_its_own(
    cast: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    told = {"reason_not_found": "demolished", GROUND: "witness"}
    (result,) = phone.results(visit_json(task, outcome="not_found", answers=told))
    assert (result["status"], result["code"]) == ("accepted", "ground-missing") and "没有写明依据" in result[
        "message"
    ]
    assert Visit.objects.get().answers == told
