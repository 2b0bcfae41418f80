"""A city that loaded an older file takes over what is shipped today, and keeps what it decided itself."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from grid.calendar.now import CITY_TIME, moved_to, today
from grid.law.actions import Typed, end_version, enter_version, review_version
from grid.law.actions.loading import PROVISIONS, load_shipped_provisions, take_over
from grid.law.models import Provision
from grid.law.queries import history_of, the_law
from grid.law.rules.mandate import SHIPPED
from grid.law.rules.shipping import Version, steps_for
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.listing.models import Ground
from workflows.sanctions.actions.loading import load_shipped_sanctions
from workflows.sanctions.models import Sanction

pytestmark = pytest.mark.once
DAY = timedelta(days=1)
TIERS, FLOOR = "inspection.tiers", "base.floor"
LONG_AGO = date(2020, 1, 1)


def older(key: str, **said: Any) -> Provision:
    """The newest row of `key` as an older file had it."""
    row = Provision.objects.filter(key=key).latest("valid_from")
    Provision.objects.filter(pk=row.pk).update(**said)
    row.refresh_from_db()
    return row


def test_a_row_changed_in_its_place_reaches_a_city_loaded_before_as_a_new_version(law: None) -> None:
    shipped = the_law(today())[TIERS].value
    old = older(TIERS, value={"unregistered": "按旧档次"})
    assert load_shipped_provisions() == 1
    assert the_law(today())[TIERS].value == shipped
    old.refresh_from_db()
    assert (old.value, old.valid_to) == ({"unregistered": "按旧档次"}, today() - DAY)
    assert the_law(today() - DAY)[TIERS].value == old.value
    (entry,) = Entry.objects.filter(verb="law.carried")
    assert "行政处罚裁量档次" in sentence_of(entry) and list(history_of(TIERS)) == [entry]
    assert load_shipped_provisions() == 0 and Entry.objects.filter(verb="law.carried").count() == 1


def test_law_38_a_row_no_longer_passed_is_unreviewed_in_a_loaded_city_too(law: None) -> None:
    older("inspection.filing", reviewed=True, basis="旧依据")
    load_shipped_provisions()
    assert not the_law(today())["inspection.filing"].reviewed
    assert the_law(today() - DAY)["inspection.filing"].reviewed


def test_what_the_city_entered_passed_or_ended_stays(cast: Any) -> None:
    entered = enter_version(
        "urging.term", Typed("20", "日", "乌人社发〔2026〕5号", today()), "统一", by=cast.by.fang
    )
    passed = older("order.term", value=25)
    review_version(passed, "经核定", by=cast.by.fang)
    ended = older("sla.urging", value=9)
    end_version(ended, today(), "取消", by=cast.by.fang)
    load_shipped_provisions()
    law = the_law(today())
    assert (law["urging.term"].pk, law["order.term"].value) == (entered.pk, 25)
    with moved_to(datetime.combine(today() + 9 * DAY, time(12), CITY_TIME)):
        load_shipped_provisions()
        assert "sla.urging" not in the_law(today())


def test_what_is_over_and_was_passed_by_nobody_is_put_right_in_its_place(law: None) -> None:
    rows = Provision.objects.filter(key=FLOOR, valid_from=date(2021, 1, 1))
    rows.update(value=3412.8)
    assert load_shipped_provisions() == 0
    assert rows.get().value == 3806.4
    (entry,) = Entry.objects.filter(verb="law.carried")
    assert "更正从未审核" in sentence_of(entry)


def test_what_is_over_and_was_passed_is_never_rewritten(law: None) -> None:
    rows = Provision.objects.filter(key=FLOOR, valid_from=date(2021, 1, 1))
    rows.update(value=3412.8, reviewed=True)
    load_shipped_provisions()
    assert rows.get().value == 3412.8


def test_grounds_and_measures_follow_the_same_law(law: None) -> None:
    if not Ground.objects.exists():
        load_shipped_grounds()
    if not Sanction.objects.exists():
        load_shipped_sanctions()
    Ground.objects.filter(code="5-1").update(title="旧的情形")
    Ground.objects.filter(code="5-2").update(title="已审核的情形", reviewed=True)
    Sanction.objects.filter(code="1").update(departments=["市税务局", "市医疗保障局"])
    assert (load_shipped_grounds(), load_shipped_sanctions()) == (1, 1)
    assert Ground.objects.filter(code="5-1", valid_to=None).get().title != "旧的情形"
    assert Ground.objects.get(code="5-2").title == "已审核的情形"
    assert len(Sanction.objects.get(code="1", valid_to=None).departments) == 1
    assert (load_shipped_grounds(), load_shipped_sanctions()) == (0, 0)


def test_a_row_no_field_would_take_is_loaded_by_nobody(law: None) -> None:
    row = {"key": "x" * 99, "title": "超长", "value": 1, "basis": "试", "valid_from": "2026-01-01"}
    with pytest.raises(ValidationError):
        take_over(PROVISIONS, [row])


# --- the plan, without a database ----------------------------------------------------------------------


def version(at: int, begins: date, said: str, ends: date | None = None, **more: bool) -> Version:
    return Version(at, begins, ends, {"value": said, "reviewed": False}, **more)


def test_a_version_that_began_today_gives_way_tomorrow() -> None:
    now = date(2026, 12, 1)
    stored = [version(1, now, "old")]
    (step,) = steps_for(stored, [version(0, now, "new")], now)
    assert (step.valid_from, step.ends, step.follows) == (now + DAY, 1, True)
    waits = [version(1, now, "old", ends=now), version(2, now + DAY, "new")]
    assert steps_for(waits, [version(0, now, "new")], now) == []


def test_it_ends_before_what_the_city_has_entered_for_later() -> None:
    now, later = date(2026, 12, 1), date(2027, 1, 1)
    stored = [version(1, LONG_AGO, "old", ends=later - DAY), version(2, later, "city", is_citys=True)]
    (step,) = steps_for(stored, [version(0, LONG_AGO, "new")], now)
    assert (step.valid_from, step.valid_to) == (now, later - DAY)


def test_a_new_version_of_the_file_ends_the_one_before() -> None:
    now, since = date(2026, 12, 1), date(2026, 7, 1)
    shipped = [version(0, LONG_AGO, "old", ends=since - DAY), version(1, since, "new")]
    (step,) = steps_for([version(9, LONG_AGO, "old")], shipped, now)
    assert (step.at, step.valid_from, step.ends, step.follows) == (1, since, 9, False)


def test_the_shipped_file_says_nothing_twice_of_one_day() -> None:
    rows = json.loads(SHIPPED.read_text(encoding="utf8"))
    days = [(row["key"], row["valid_from"]) for row in rows]
    assert len(days) == len(set(days))
