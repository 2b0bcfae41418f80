"""Departments' duties to their end: a referral answered late, and targets handed down from the city to the street."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grid.calendar.now import today
from grid.ledger.models import Entry
from tests.cast import PEOPLE
from tests.journeys.outside import fills, refused
from tests.journeys.way import Way
from workflows.cases.models import Case, CaseState
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Referral, ReferralState
from workflows.duties.targets.models import Plan, PlanState
from workflows.duties.terms import watch_terms

pytestmark = pytest.mark.once

CITY, DISTRICT, STREET = "1503", "150302", "150302001"


@pytest.fixture(autouse=True)
def departments(db: None) -> None:
    load_shipped_duties()


def inbox(way: Way, name: str) -> str:
    return getattr(way, name).opens("/").words


def test_referred_reminded_reported_and_answered_late(way: Way, opened: Case) -> None:
    """部门协同: the tax office is reminded once, its silence goes up once, its late answer is weighed and closed."""
    fills(
        way.qian, f"{reverse('referral-new')}?case={opened.code}",
        duty="税务局", title="核对申报人数", question="请核对该单位个税扣缴人数。",
    )  # fmt: skip
    sent = Referral.objects.get()
    page = reverse("referral", args=[sent.code])
    assert "核对申报人数" in inbox(way, "feng")
    assert opened.code not in way.feng.opens(page).words, "a department sees what was released, and no case"
    way.feng.does(page, "receive")
    for day, verb in ((sent.remind_on, "reminded"), (sent.due_on + timedelta(days=1), "escalated")):
        way.goes_to(day)
        watch_terms()
        watch_terms()
        assert Entry.objects.filter(case=sent.code, verb=f"referral.{verb}").count() == 1
    assert "逾期未答复，已上报" in inbox(way, "wu")

    way.feng.does(page, "answer", text="已核对", checked=1, insured=0)
    assert Entry.objects.get(case=sent.code, verb="referral.answered").data["late"] is True
    assert "已答复" in inbox(way, "qian") and sent.title not in inbox(way, "feng") + inbox(way, "wu")
    way.qian.does(page, "ask_again", why="请附个税扣缴的月份")
    assert sent.title in inbox(way, "feng")
    way.feng.does(page, "answer", text="2026年1月至10月均扣缴12人", checked=1, insured=0)
    way.qian.does(page, "accept", why="可以采信")
    way.qian.does(page, "close", why="据此核定应参保12人")
    sent.refresh_from_db()
    assert sent.state == ReferralState.CLOSED
    assert "据此核定应参保12人" in way.feng.opens(page).words
    assert not [name for name, *_rest in PEOPLE if sent.title in inbox(way, name)]
    way.ledger_proves(opened)


def test_targets_go_down_to_the_street_and_are_measured(way: Way, opened: Case) -> None:
    """计划: the city names the wholes, the district splits its part, the street reads how far it has come."""
    year = today().year
    fills(way.wu, f"{reverse('plan-new')}?area={CITY}", **{"goal-healed": 30, "goal-doors": 500})
    plan = Plan.objects.get(area=CITY)
    page = reverse("plan", args=[plan.pk])
    way.wu.does(page, "change", **{f"amount-healed-{DISTRICT}": 20, "amount-healed-150304": 5})
    refused(way.wu, page, "check", "plan-unbalanced")
    way.wu.does(page, "change", **{"amount-healed-150304": 10})
    way.wu.does(page, "check")
    assert "分解计划" not in inbox(way, "qian")
    way.wu.does(page, "issue")

    assert "分解计划" in inbox(way, "qian")
    below = reverse("targets-area", args=[year, DISTRICT])
    assert "20" in way.qian.opens(below).words
    fills(way.qian, f"{reverse('plan-new')}?area={DISTRICT}&year={year}")
    split = reverse("plan", args=[Plan.objects.get(area=DISTRICT).pk])
    way.qian.does(split, "check")
    way.qian.does(split, "issue")
    assert "分解计划" not in inbox(way, "qian")
    assert set(Plan.objects.values_list("state", flat=True)) == {PlanState.ISSUED}

    own = reverse("targets-area", args=[year, STREET])
    assert line(way, own) == ["20", "0"]
    way.urges(opened)
    way.register_shows(opened, 12)
    way.ends(opened, CaseState.HEALED)
    assert line(way, own) == ["20", "1"]
    way.chen.opens(own, 404)
    way.sun.opens(below, 404)


def line(way: Way, address: str) -> list[str]:
    """Target and measure of the cases healed, as the street exports them."""
    told = b"".join(way.sun.client.get(f"{address}?export=csv").streaming_content).decode()
    (found,) = [row.split(",") for row in told.splitlines() if "整改到位" in row]
    return found[5:7]
