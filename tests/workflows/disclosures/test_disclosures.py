"""行政处罚决定信息公示 (行政处罚法48条, 国办发〔2018〕118号): published in days, withdrawn in days, ended by time or repair."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grid import problems
from grid.calendar.now import today
from grid.law import problems as law_problems
from grid.law.queries import the_law
from grid.ledger.models import Entry
from project.inbox import inbox_of
from tests.forward import go_to
from tests.workflows.conftest import WEIGHTY, Walk
from workflows.cases.models import Case
from workflows.clocks.actions import fire_due_clocks
from workflows.disclosures import actions, queries
from workflows.disclosures import problems as disclosures_problems
from workflows.disclosures.models import Disclosure
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.rules.publicity import period_of
from workflows.notices.models import NoticeKind
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.models import Remedy
from workflows.remedies.rules import Challenge, Ending

FACTS = "未依法为12名职工办理社会保险登记，联系人电话13812345678"


@pytest.fixture
def decided(make_case: Callable[..., Case], walk: Walk) -> Inspection:
    """A fine of 30,000, served: no hearing was owed."""
    return walk.inspection_at(make_case(), S.PERFORMING)


def lines(who: Any) -> list[Any]:
    return [item for item in inbox_of(who).items if item.kind == "disclosure"]


def challenge(case: Case, by: Any, **given: Any) -> Remedy:
    return note_remedy(case, Challenge("review", "乌海市人民政府", today(), target="penalty", **given), by=by)


def end(remedy: Remedy, outcome: str, by: Any, **given: Any) -> Remedy:
    return close_remedy(remedy, Ending(outcome, "复决1号", today(), **given), by=by)


def feed(client: Any, settings: Any, after: int = 0) -> dict[str, Any]:
    settings.CREDIT_FEED_TOKEN = "secret"
    answer = client.get(
        f"/public/penalties/feed.json?after={after}", headers={"Authorization": "Bearer secret"}
    )
    assert answer.status_code == 200 and "noindex" in answer["X-Robots-Tag"]
    found: dict[str, Any] = json.loads(answer.content)
    return found


@pytest.mark.once
def test_law_33_a_penalty_is_published_within_seven_working_days_of_its_decision(
    make_case: Callable[..., Case], walk: Walk, cast: Any, client: Any
) -> None:
    one = walk.inspection_at(make_case(), S.DECIDED)
    term = one.case.clocks.get(kind="penalty.publish")
    assert (term.started_on, term.length, term.unit) == (one.decided_on, 7, "wd")
    with pytest.raises(disclosures_problems.DecisionNotServed):
        actions.publish_penalty(one, FACTS, by=cast.by.qian)
    assert lines(cast.by.qian) == []
    one = walk.inspection_at(one.case, S.PERFORMING)
    (line,) = lines(cast.by.qian)
    assert line.due_on == term.due_on and one.decision_number in line.why
    for who, refusal in (("zhou", problems.NotYourPost), ("han", problems.NotHere)):
        with pytest.raises(refusal):
            actions.publish_penalty(one, FACTS, by=getattr(cast.by, who))
    with pytest.raises(problems.ReasonMissing):
        actions.publish_penalty(one, " ", by=cast.by.qian)
    entry = actions.publish_penalty(one, FACTS, by=cast.by.qian)
    term.refresh_from_db()
    assert term.stopped_at and lines(cast.by.qian) == []
    page = client.get(f"/public/penalties/{entry.code}/")
    text = page.content.decode()
    assert "noindex" in page["X-Robots-Tag"] and page["Cache-Control"] == "no-store"
    for shown in (
        one.decision_number,
        entry.name,
        entry.credit_code,
        "罚款 30,000.00 元",
        "社会保险法",
        str(one.decided_on),
    ):
        assert shown in text
    assert "13812345678" not in text and "138****5678" in text
    assert one.decision_number in client.get("/public/penalties/", {"q": entry.name}).content.decode()
    with pytest.raises(disclosures_problems.DisclosureThere):
        actions.publish_penalty(one, FACTS, by=cast.by.ma)


def test_law_33_what_is_late_says_so_and_stays_in_the_inbox(decided: Inspection, cast: Any) -> None:
    term = decided.case.clocks.get(kind="penalty.publish")
    go_to(term.due_on + timedelta(days=1))
    fire_due_clocks()
    assert Entry.objects.filter(verb="disclosure.late", case=decided.case.code).count() == 1
    (line,) = (item for item in inbox_of(cast.by.qian).late if item.kind == "disclosure")
    assert line.due_on == term.due_on
    actions.publish_penalty(decided, FACTS, by=cast.by.qian)
    assert lines(cast.by.qian) == []


def test_law_33_outside_the_demo_nothing_unreviewed_is_published(
    decided: Inspection, cast: Any, settings: Any
) -> None:
    settings.DEMO = False
    with pytest.raises(law_problems.LawUnreviewed):
        actions.publish_penalty(decided, FACTS, by=cast.by.qian)
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("outcome", ["quashed", "changed"])
def test_law_33_what_fell_is_shown_no_more_and_withdrawn_with_its_reason_in_three_days(
    outcome: str, decided: Inspection, cast: Any, client: Any, settings: Any
) -> None:
    entry = actions.publish_penalty(decided, FACTS, by=cast.by.qian)
    before = feed(client, settings)
    assert [row["state"] for row in before["entries"]] == ["published"]
    fine = {"fine": decided.fine - 1000} if outcome == "changed" and decided.fine else {}
    end(challenge(decided.case, cast.by.zhou), outcome, cast.by.ma, **fine)
    assert client.get(f"/public/penalties/{entry.code}/").status_code == 404
    (gone,) = feed(client, settings, before["cursor"])["entries"]
    assert gone["state"] == "removed" and gone["name"] == gone["facts"] == ""
    term = decided.case.clocks.get(kind="penalty.withdraw")
    assert (term.started_on, term.length, term.unit) == (today(), 3, "wd")
    (line,) = lines(cast.by.qian)
    assert line.due_on == term.due_on
    actions.withdraw_penalty(decided, "处罚决定经行政复议变更或者撤销", by=cast.by.qian)
    text = client.get(f"/public/penalties/{entry.code}/").content.decode()
    assert "处罚决定经行政复议变更或者撤销" in text and entry.name not in text
    decided.refresh_from_db()
    if outcome == "quashed":
        assert lines(cast.by.qian) == []
        with pytest.raises(disclosures_problems.DecisionFallen):
            actions.publish_penalty(decided, FACTS, by=cast.by.qian)
        return
    (line,) = lines(cast.by.qian)
    anew = actions.publish_penalty(decided, FACTS, by=cast.by.qian)
    assert anew.code == f"{entry.code}-2" and "29,000.00" in anew.content and "复决1号" in anew.content


def test_law_33_a_stayed_penalty_is_not_shown_until_it_stands(
    decided: Inspection, cast: Any, client: Any, settings: Any
) -> None:
    entry = actions.publish_penalty(decided, FACTS, by=cast.by.qian)
    before = feed(client, settings)["cursor"]
    remedy = challenge(decided.case, cast.by.zhou, stay_number="停1号")
    assert client.get(f"/public/penalties/{entry.code}/").status_code == 404
    (row,) = feed(client, settings, before)["entries"]
    assert row["state"] == "removed"
    end(remedy, "upheld", cast.by.ma)
    assert client.get(f"/public/penalties/{entry.code}/").status_code == 200
    (row,) = feed(client, settings, row["place"])["entries"]
    assert row["state"] == "published"


def test_law_33_it_ends_by_its_period_or_earlier_by_repair(
    decided: Inspection, cast: Any, client: Any
) -> None:
    entry = actions.publish_penalty(decided, FACTS, by=cast.by.qian)
    law, decided_on = the_law(today()), decided.decided_on
    assert decided_on is not None
    period = period_of(decided_on, int(law["penalty.least"].value), int(law["penalty.most"].value))
    assert (entry.ends_on, entry.repair_from) == (period.ends_on, period.repair_from)
    with pytest.raises(disclosures_problems.DisclosureUnrepaired):
        actions.repair_penalty(decided, "已缴清、已参保", by=cast.by.qian)
    assert period.repair_from is not None
    go_to(period.repair_from)
    with pytest.raises(disclosures_problems.DisclosureUnrepaired):  # the fine is not paid
        actions.repair_penalty(decided, "已参保", by=cast.by.qian)
    Inspection.objects.filter(pk=decided.pk).update(state=S.PERFORMED)
    actions.repair_penalty(decided, "已缴清、已参保", by=cast.by.qian)
    assert client.get(f"/public/penalties/{entry.code}/").status_code == 404
    with pytest.raises(disclosures_problems.DisclosureNotStanding):
        actions.repair_penalty(decided, "再次", by=cast.by.qian)


@pytest.mark.once
def test_law_33_the_day_after_its_period_it_is_gone(decided: Inspection, cast: Any, client: Any) -> None:
    entry = actions.publish_penalty(decided, FACTS, by=cast.by.qian)
    go_to(entry.ends_on)
    assert client.get(f"/public/penalties/{entry.code}/").status_code == 200
    go_to(entry.ends_on + timedelta(days=1))
    assert client.get(f"/public/penalties/{entry.code}/").status_code == 404
    assert entry.number not in client.get("/public/penalties/").content.decode()


@pytest.mark.once
def test_law_33_a_weighty_penalty_is_public_longer(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    walk.arrears = WEIGHTY
    one = walk.inspection_at(make_case(), S.PERFORMING)
    entry, law = actions.publish_penalty(one, FACTS, by=cast.by.qian), the_law(today())
    assert one.decided_on is not None
    months = (int(law["penalty.serious_least"].value), int(law["penalty.serious_most"].value))
    assert (entry.ends_on, entry.repair_from) == (
        (period := period_of(one.decided_on, *months)).ends_on,
        period.repair_from,
    )


@pytest.mark.once
def test_law_33_the_database_refuses_what_was_not_served_and_keeps_what_was_published(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = walk.inspection_at(make_case(), S.PERFORMING)
    entry = actions.publish_penalty(one, FACTS, by=cast.by.qian)
    rows = Disclosure.objects.filter(pk=entry.pk)
    for refused in (
        lambda: rows.update(facts="另有事实"),
        lambda: rows.delete(),
        lambda: rows.update(ends_on=today()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    unserved = walk.inspection_at(make_case(), S.DECIDED)
    values = {
        field.name: getattr(entry, field.name) for field in Disclosure._meta.fields if field.name != "id"
    }
    mine = {"code": "X-1", "inspection": unserved, "number": unserved.decision_number}
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.create(**(values | mine))


@pytest.mark.once
def test_law_33_the_desk_publishes_from_its_page_and_is_not_there_for_others(
    decided: Inspection, cast: Any, client: Any, settings: Any
) -> None:
    address = reverse("disclosure", args=[decided.code])
    client.force_login(cast.qian)
    assert decided.decision_number in client.get(address).content.decode()
    assert decided.decision_number in client.get(reverse("disclosures"), {"state": "due"}).content.decode()
    act = reverse("disclosure-act", args=[decided.code, "publish"])
    assert client.post(act, {"facts": ""}).status_code == 422
    assert client.post(act, {"facts": FACTS}).status_code == 302
    assert address in client.get(reverse("inspection", args=[decided.case.code])).content.decode()
    settings.CREDIT_FEED_TOKEN = "secret"
    table = client.get("/public/penalties/feed.csv", headers={"Authorization": "Bearer secret"})
    assert decided.decision_number in table.content.decode() and table["X-More"] == "0"
    assert client.get("/public/penalties/feed.json").status_code == 401
    client.force_login(cast.han)
    assert client.get(address).status_code == client.post(act, {"facts": FACTS}).status_code == 404


def test_law_27_with_the_penalty_goes_how_to_be_repaired(make_case: Callable[..., Case], walk: Walk) -> None:
    """两书同达 (国办发〔2025〕22号): issued with the decision, served with it, told from which day and by what way."""
    one = walk.inspection_at(make_case(), S.DECIDED)
    advice = one.case.notices.get(kind=NoticeKind.PENALTY_ADVICE)
    assert one.decided_on is not None
    period = period_of(one.decided_on, 3, 12)
    (since,) = advice.values["since"]
    assert advice.values["about_number"] == one.decision_number
    assert str(period.repair_from) in since and "信用中国" in since
    walk.inspection_at(one.case, S.PERFORMING)
    decision = one.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    advice.refresh_from_db()
    assert advice.service.served_on == decision.service.served_on
    assert advice.service.server_2 == decision.service.server_2
    assert "/public/penalties/" in decision.values["published"]


def test_law_27_the_advice_falls_with_the_penalty(decided: Inspection, cast: Any) -> None:
    end(challenge(decided.case, cast.by.zhou), "quashed", cast.by.ma)
    assert decided.case.notices.get(kind=NoticeKind.PENALTY_ADVICE).withdrawn_at
    assert queries.fallen(decided)
