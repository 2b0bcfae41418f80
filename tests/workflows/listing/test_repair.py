"""信用修复: the earliest day, proof, promise, a look at the door, another person's decision, gone everywhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import today
from grid.calendar.rules import add_months
from grid.ledger.models import Entry
from tasks.doors.models import TaskState
from tasks.findings.models import Finding
from tasks.rounds import problems as rounds_problems
from tasks.rounds.models import RoundState
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.listing import problems as listing_problems
from workflows.listing import queries
from workflows.listing.actions.repairing import apply_repair, decide_repair
from workflows.listing.models import Listing
from workflows.listing.models.appeals import Repair
from workflows.notices.models import NoticeKind
from workflows.rounds.actions import close_finished_rounds
from workflows.sanctions.actions import answer_lift, order_sanctions
from workflows.sanctions.models import Sanction, SanctionOrder

Listed = Callable[..., Listing]
PROOF, PROMISE = "已补缴2026年1月至10月社会保险费,凭证附后", "承诺依法参保,不再违法"


@pytest.fixture
def repairable(listed: Listed, go_to: Callable[..., None]) -> Listing:
    listing = listed()
    assert listing.decided_on
    go_to(add_months(listing.decided_on, 12) + timedelta(days=1))
    return listing


def test_not_before_the_shortest_period(listed: Listed, cast: Any, go_to: Callable[..., None]) -> None:
    listing = listed()
    assert listing.decided_on
    first = add_months(listing.decided_on, 12) + timedelta(days=1)
    go_to(first - timedelta(days=1))
    with pytest.raises(listing_problems.RepairTooEarly) as refused:
        apply_repair(listing, PROOF, PROMISE, by=cast.by.zhou)
    assert refused.value.facts["on"] == first
    go_to(first)
    apply_repair(listing, PROOF, PROMISE, by=cast.by.zhou)


def test_granted_it_is_gone_everywhere(
    repairable: Listing, cast: Any, look: Callable[..., Finding], measures: dict[str, Sanction], client: Any
) -> None:
    order_sanctions(repairable, [measures["3"]], by=cast.by.ma)
    repair = apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou)
    task = repair.task
    assert task and (task.posting, task.round.state) == (cast.post.wang, RoundState.WORKED)
    assert close_finished_rounds() == 0
    with pytest.raises(listing_problems.RepairUninspected):
        decide_repair(repair, True, "已改正", by=cast.by.ma)
    look(repair)
    assert decide_repair(repair, True, "已改正并履行义务", by=cast.by.ma).granted
    repairable.refresh_from_db()
    assert repairable.removed_why == "信用修复" and repairable.revoked_at is None
    assert Case.objects.get(pk=repairable.case_id).state == CaseState.REMOVED
    assert client.get(f"/public/listings/{repairable.code}/").status_code == 404
    assert queries.feed_after(0).entries[-1]["state"] == "removed"
    assert repairable.case.notices.filter(kind=NoticeKind.REPAIR_DECISION).count() == 1
    running = repairable.case.clocks.filter(fired_at=None, stopped_at=None).values_list("kind", flat=True)
    assert "repair.spread" in running and not {"listing.period", "repair.decide"} & {*running}
    order = SanctionOrder.objects.get(listing=repairable)
    assert order.lift_at and order.lift_due_on
    task.round.refresh_from_db()
    assert task.round.state == RoundState.CLOSED


def test_the_spreading_has_a_term_that_ends_with_the_last_answer_or_goes_up(
    repairable: Listing, cast: Any, look: Callable[..., Finding], measures: dict[str, Sanction],
    go_to: Callable[..., None],
) -> None:  # fmt: skip
    from grid.scope import Role
    from grid.territory.models import Posting
    from grid.territory.queries import actor_of

    order_sanctions(repairable, [measures["3"]], by=cast.by.ma)
    repair = apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou)
    look(repair)
    decide_repair(repair, True, "已改正", by=cast.by.ma)
    clock = repairable.case.clocks.get(kind="repair.spread")
    go_to(clock.due_on + timedelta(days=1))
    fire_due_clocks()
    fire_due_clocks()
    assert Entry.objects.filter(verb="listing.late", case=repairable.code).count() == 1
    Posting.objects.filter(person=cast.feng).update(department="市财政局", role=Role.LIAISON)
    answer_lift(SanctionOrder.objects.get(listing=repairable), "lifted", by=actor_of(cast.feng))


def test_a_door_still_wrong_repairs_nothing_and_may_apply_again(
    repairable: Listing, cast: Any, look: Callable[..., Finding]
) -> None:
    repair = apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou)
    look(repair, [{"measure": "抓漏保", "why": "仍有3人未参保", "clause": "乌政〔2020〕17号"}])
    with pytest.raises(listing_problems.RepairUnfounded, match="not-corrected"):
        decide_repair(repair, True, "已改正", by=cast.by.ma)
    decide_repair(repair, False, "仍有3人未参保", by=cast.by.ma)
    assert queries.published().exists()
    with pytest.raises(listing_problems.RepairClosed):
        decide_repair(repair, False, "再次", by=cast.by.wu)
    assert apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou).pk != repair.pk


def test_refused_without_a_look_the_door_leaves_the_phone(repairable: Listing, cast: Any) -> None:
    repair = apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou)
    decide_repair(repair, False, "材料不实", by=cast.by.ma)
    task = Repair.objects.get(pk=repair.pk).task
    assert task and task.state == TaskState.CANCELLED


def test_who_takes_in_does_not_decide(repairable: Listing, cast: Any, look: Callable[..., Finding]) -> None:
    repair = apply_repair(repairable, PROOF, PROMISE, by=cast.by.ma)
    look(repair)
    with pytest.raises(problems.SamePersonTwice):
        decide_repair(repair, True, "已改正", by=cast.by.ma)
    with pytest.raises(problems.NotYourPost):
        decide_repair(repair, True, "已改正", by=cast.by.qian)
    decide_repair(repair, True, "已改正", by=cast.by.wu)


def test_incomplete_twice_and_strangers(repairable: Listing, cast: Any) -> None:
    for proof, promise in (("", PROMISE), (PROOF, " ")):
        with pytest.raises(listing_problems.RepairProofMissing):
            apply_repair(repairable, proof, promise, by=cast.by.zhou)
    with pytest.raises(problems.NotHere):
        apply_repair(repairable, PROOF, PROMISE, by=cast.by.han)
    repair = apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou)
    with pytest.raises(problems.ReasonMissing):
        decide_repair(repair, False, " ", by=cast.by.ma)
    with pytest.raises(listing_problems.RepairOpen):
        apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou)


def test_nobody_to_send_leaves_nothing_behind(repairable: Listing, cast: Any) -> None:
    from grid.territory.models import Posting

    Posting.objects.filter(person__in=[cast.wang, cast.li]).update(valid_to=today() - timedelta(days=1))
    with pytest.raises(rounds_problems.NoWorkerThere):
        apply_repair(repairable, PROOF, PROMISE, by=cast.by.zhou)
    assert not Repair.objects.exists()
    assert not repairable.case.clocks.filter(kind="repair.decide").exists()
