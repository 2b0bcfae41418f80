"""联合惩戒: only measures with a basis, each to its department, answered, chased once, lifted together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import moved_to, today
from grid.ledger.models import Entry
from grid.scope import Actor, Role
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tests.workflows.conftest import Walk, noon
from workflows.cases.models import CaseState
from workflows.listing.actions.objecting import answer_objection, file_objection
from workflows.listing.models import Listing
from workflows.remedies.actions import close_remedy, note_remedy, stay_remedy
from workflows.remedies.rules import Challenge, Ending
from workflows.sanctions import problems as sanctions_problems
from workflows.sanctions import queries, rules
from workflows.sanctions.actions import (
    answer_lift,
    answer_order,
    chase_orders,
    edit_sanction,
    order_sanctions,
)
from workflows.sanctions.actions.loading import load_shipped_sanctions
from workflows.sanctions.models import Sanction, SanctionOrder

Measures = dict[str, Sanction]
Listed = Callable[..., Listing]


def told(verb: str) -> int:
    return Entry.objects.filter(verb=f"sanction.{verb}").count()


def test_all_thirty_two_and_few_of_them_can_be_chosen(measures: Measures) -> None:
    assert len(measures) == 32 and load_shipped_sanctions() == 0
    assert {measure.code for measure in queries.selectable()} == {"1", "3", "26"}
    assert not any(measure.reviewed for measure in measures.values())
    assert all(measure.departments for measure in measures.values())


@pytest.mark.once
def test_a_measure_without_basis_cannot_be_chosen(listed: Listed, cast: Any, measures: Measures) -> None:
    listing = listed()
    with pytest.raises(sanctions_problems.SanctionUnbased):
        order_sanctions(listing, [measures["3"], measures["5"]], by=cast.by.ma)
    assert not SanctionOrder.objects.exists()
    assert (
        rules.lacks("依据", True, True) == ""
        and rules.lacks("", True, True)
        and rules.lacks("依据", False, True)
    )
    for who, refusal in (
        ("qian", problems.NotYourPost),
        ("feng", problems.NotYourPost),
        ("han", problems.NotHere),
    ):
        with pytest.raises(refusal):
            order_sanctions(listing, [measures["3"]], by=getattr(cast.by, who))
    unpublished = listed(state=CaseState.PUBLICATION)
    with pytest.raises(sanctions_problems.ListingNotPublic):
        order_sanctions(unpublished, [measures["3"]], by=cast.by.ma)


def test_each_department_gets_its_own_once(listed: Listed, cast: Any, measures: Measures) -> None:
    listing = listed()
    made = order_sanctions(listing, [measures["1"], measures["3"]], by=cast.by.ma)
    assert {sanction.department for sanction in made} == {"市人力资源和社会保障局", "市财政局"}
    assert order_sanctions(listing, [measures["1"], measures["26"]], by=cast.by.ma)[0].sanction.code == "26"
    assert told("ordered") == SanctionOrder.objects.count() == 4


def test_law_46_closer_inspection_binds_nobody_but_the_inspectorate(
    listed: Listed, cast: Any, measures: Measures
) -> None:
    (order,) = order_sanctions(listed(), [measures["1"]], by=cast.by.ma)
    assert order.department == "市人力资源和社会保障局" and "劳动保障监察条例" in order.basis


def test_only_what_the_party_was_told_of_may_be_ordered(
    listed: Listed, cast: Any, measures: Measures, client: Any
) -> None:
    listing = listed()
    later = edit_sanction(measures["5"], "某条例第九条", True, "核实", by=cast.by.fang)
    client.force_login(cast.ma)
    page = client.get(f"/listings/{listing.code}/").content.decode()
    assert measures["3"].title in page and later.title not in page
    address = f"/listings/{listing.code}/sanctions/"
    assert client.post(address, {"measures": [later.pk]}).status_code == 422
    with pytest.raises(sanctions_problems.SanctionUntold):
        order_sanctions(listing, [measures["3"], later], by=cast.by.ma)
    assert not SanctionOrder.objects.exists()
    # Another basis for what was told makes it no other measure.
    again = edit_sanction(measures["3"], "《政府采购法实施条例》第十九条", True, "改依据", by=cast.by.fang)
    assert order_sanctions(listing, [again], by=cast.by.ma)


@pytest.mark.once
def test_a_liaison_sees_the_own_departments_orders_only(
    listed: Listed, cast: Any, measures: Measures, finance: Actor, treasurer: Person, client: Any
) -> None:
    listing = listed()
    mine, other = order_sanctions(listing, [measures["3"], measures["26"]], by=cast.by.ma)[:2]
    assert [order.pk for order in queries.orders_for(finance)] == [mine.pk]
    with pytest.raises(problems.NotHere):
        answer_order(other, "done", "", by=finance)
    client.force_login(treasurer)
    page = client.get("/sanctions/").content.decode()
    assert listing.subject.name in page and other.sanction.title not in page
    assert client.get(f"/sanctions/{other.pk}/").status_code == 404
    assert client.post(f"/sanctions/{other.pk}/answer/", {"answer": "done"}).status_code == 404
    assert client.post(f"/sanctions/{mine.pk}/answer/", {"answer": "unfit"}).status_code == 422
    assert client.post(f"/sanctions/{mine.pk}/answer/", {"answer": "done"}).status_code == 302
    assert client.get(f"/sanctions/{mine.pk}/").status_code == 200
    assert client.get(f"/listings/{listing.code}/").status_code == 404
    client.force_login(cast.ma)
    assert client.get(f"/sanctions/{other.pk}/").status_code == 200
    for who in ("wang", "liu"):
        client.force_login(getattr(cast, who))
        assert client.get("/sanctions/").status_code == 404
    client.force_login(cast.han)
    assert client.get(f"/sanctions/{mine.pk}/").status_code == 404


@pytest.mark.once
def test_an_answer_is_given_once_and_says_why(
    listed: Listed, cast: Any, measures: Measures, finance: Actor
) -> None:
    (order,) = order_sanctions(listed(), [measures["3"]], by=cast.by.ma)
    with pytest.raises(problems.ReasonMissing):
        answer_order(order, "unfit", " ", by=finance)
    with pytest.raises(problems.OutOfOrder):
        answer_lift(order, "lifted", by=finance)
    answer_order(order, "already", "2025年已限制", by=finance)
    with pytest.raises(sanctions_problems.SanctionAnswered):
        answer_order(order, "done", "", by=finance)
    with pytest.raises(problems.NotHere):
        answer_order(order, "done", "", by=cast.by.ma)


def test_reminded_once_then_escalated_once(
    listed: Listed, cast: Any, measures: Measures, finance: Actor
) -> None:
    # Both entries first: each is taken its whole way, and that takes months.
    entries = [listed(), listed()]
    first, second = (order_sanctions(entry, [measures["3"]], by=cast.by.ma)[0] for entry in entries)
    assert chase_orders() == 0
    answer_order(second, "done", "", by=finance)
    with moved_to(noon(first.due_on)):
        assert (chase_orders(), chase_orders(), told("reminded")) == (1, 0, 1)
    with moved_to(noon(first.due_on + timedelta(days=1))):
        assert (chase_orders(), chase_orders(), told("escalated")) == (1, 0, 1)
    with moved_to(noon(first.due_on + timedelta(days=40))):
        assert chase_orders() == 0


def test_expiry_lifts_all_together_and_the_answer_ends_the_term(
    listed: Listed, cast: Any, measures: Measures, finance: Actor, walk: Walk
) -> None:
    listing = listed()
    order_sanctions(listing, [measures["3"], measures["26"]], by=cast.by.ma)
    walk.to(listing.case, CaseState.REMOVED)
    orders = list(SanctionOrder.objects.order_by("pk"))
    assert all(order.lift_at and order.waits and order.lift_why == "公示期满" for order in orders)
    assert told("lift_ordered") == len(orders) == 3
    with pytest.raises(sanctions_problems.SanctionAnswered):
        answer_order(orders[0], "done", "", by=finance)
    mine = next(order for order in orders if order.department == "市财政局")
    answer_lift(mine, "nothing", by=finance)
    with pytest.raises(sanctions_problems.SanctionAnswered):
        answer_lift(mine, "lifted", by=finance)
    term = listing.case.clocks.get(kind="repair.spread")
    assert term.stopped_at is None
    for order in orders:
        if order.department != "市财政局":
            Posting.objects.filter(person=cast.feng).update(department=order.department, role=Role.LIAISON)
            answer_lift(order, "lifted", by=actor_of(cast.feng))
    term.refresh_from_db()
    assert term.stopped_at
    with moved_to(noon(today() + timedelta(days=60))):
        assert chase_orders() == 0


def test_lifting_is_chased_anew(listed: Listed, cast: Any, measures: Measures, walk: Walk) -> None:
    listing = listed()
    (order,) = order_sanctions(listing, [measures["3"]], by=cast.by.ma)
    with moved_to(noon(order.due_on + timedelta(days=1))):
        assert chase_orders() == 1
    walk.to(listing.case, CaseState.REMOVED)
    order.refresh_from_db()
    assert order.lift_due_on and order.escalated_on is None
    with moved_to(noon(order.lift_due_on + timedelta(days=1))):
        assert (chase_orders(), chase_orders(), told("escalated")) == (1, 0, 2)


def test_a_stay_suspends_every_measure_and_its_end_gives_a_whole_term(
    listed: Listed, cast: Any, measures: Measures, finance: Actor, treasurer: Person, client: Any
) -> None:
    listing = listed()
    done, open_one = order_sanctions(listing, [measures["3"], measures["26"]], by=cast.by.ma)[:2]
    answer_order(done, "done", "", by=finance)
    remedy = note_remedy(listing.case, Challenge("review", "乌海市人民政府", today()), by=cast.by.zhou)
    assert told("suspended") == 0
    stay_remedy(remedy, "乌政复停〔2026〕1号", by=cast.by.zhou)
    assert told("suspended") == 3
    with pytest.raises(problems.OutOfOrder):
        order_sanctions(listing, [measures["1"]], by=cast.by.ma)
    client.force_login(treasurer)
    assert "暂停实施" in client.get("/sanctions/", {"state": "all"}).content.decode()
    assert "期间不实施" in client.get(f"/sanctions/{done.pk}/").content.decode()
    late = open_one.due_on + timedelta(days=3)
    with moved_to(noon(late)):
        assert (chase_orders(), told("escalated")) == (0, 0)
        close_remedy(remedy, Ending("upheld", "乌政复〔2026〕1号", today()), by=cast.by.ma)
        open_one.refresh_from_db()
        assert told("resumed") == 3 and open_one.due_on > late and chase_orders() == 0
    done.refresh_from_db()
    assert done.answer == "done" and done.due_on < open_one.due_on


@pytest.mark.once
def test_what_falls_under_a_stay_is_lifted_and_never_taken_up_again(
    listed: Listed, cast: Any, measures: Measures, finance: Actor
) -> None:
    listing = listed()
    (order,) = order_sanctions(listing, [measures["3"]], by=cast.by.ma)
    remedy = note_remedy(
        listing.case, Challenge("suit", "法院", today(), stay_number="停1号"), by=cast.by.zhou
    )
    with pytest.raises(problems.OutOfOrder):
        answer_order(order, "done", "", by=finance)
    close_remedy(remedy, Ending("quashed", "判1号", today(), effective_on=today()), by=cast.by.ma)
    assert (told("suspended"), told("resumed"), told("lift_ordered")) == (1, 0, 1)
    answer_lift(order, "nothing", by=finance)


@pytest.mark.once
def test_a_correction_reaches_every_department(
    listed: Listed, cast: Any, measures: Measures, treasurer: Person, client: Any
) -> None:
    listing = listed()
    (order,) = order_sanctions(listing, [measures["3"]], by=cast.by.ma)
    objection = file_objection(listing, "人数有误", by=cast.by.zhou)
    answer_objection(objection, "corrected", "已核", "确有误", correction="应为21人", by=cast.by.ma)
    assert told("corrected") == 1
    client.force_login(treasurer)
    assert "应为21人" in client.get(f"/sanctions/{order.pk}/").content.decode()


@pytest.mark.once
def test_what_was_unfit_needs_no_lifting(
    listed: Listed, cast: Any, measures: Measures, finance: Actor, walk: Walk
) -> None:
    listing = listed()
    (order,) = order_sanctions(listing, [measures["3"]], by=cast.by.ma)
    answer_order(order, "unfit", "不是供应商", by=finance)
    walk.to(listing.case, CaseState.REMOVED)
    order.refresh_from_db()
    assert order.lift_at is None and not order.waits
    assert not listing.case.clocks.filter(kind="repair.spread").exists()


def test_editing_is_a_new_version_with_its_reason(listed: Listed, cast: Any, measures: Measures) -> None:
    listing = listed()
    order_sanctions(listing, [measures["3"]], by=cast.by.ma)
    Posting.objects.filter(person=cast.zheng).update(role=Role.LEGAL)
    legal = actor_of(cast.zheng)
    with pytest.raises(problems.NotYourPost):
        edit_sanction(measures["3"], "", False, "废止", by=cast.by.ma)
    with pytest.raises(problems.ReasonMissing):
        edit_sanction(measures["3"], "", False, " ", by=legal)
    edit_sanction(measures["3"], "", False, "依据已废止", by=legal)
    with pytest.raises(problems.OutOfOrder):
        edit_sanction(measures["3"], "新依据", True, "改", by=legal)
    assert SanctionOrder.objects.get().basis == measures["3"].basis
    assert "3" not in {measure.code for measure in queries.selectable()}
    again = edit_sanction(queries.measure_at("3"), "新依据", True, "新法施行", by=legal)
    assert queries.measure_at("3") == again and queries.versions_of("3").count() == 3
    assert told("edited") == 2


def test_lists_cost_the_same(
    listed: Listed, cast: Any, measures: Measures, client: Any, django_assert_max_num_queries: Any
) -> None:
    order_sanctions(listed(), [measures["1"], measures["3"], measures["26"]], by=cast.by.ma)
    client.force_login(cast.ma)
    with django_assert_max_num_queries(8):
        client.get("/sanctions/?state=all")
