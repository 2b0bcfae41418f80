"""Undoing a delivery: the register reads as before to the letter, while nothing rests on it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from grid import problems
from grid.ledger.models import Entry
from grid.registers import problems as registers_problems
from grid.registers.actions import Meaning, import_delivery
from grid.registers.actions.former import KEPT, facts_of
from grid.registers.actions.rolling_back import later_than, undo_delivery, what_rests
from grid.registers.models import Delivery, DeliveryState, Extent, Row
from grid.registers.standing import held_on
from grid.scope import Role
from grid.subjects.models import Standing, Subject
from grid.territory.models import Person, Posting
from grid.territory.queries import actor_of
from tasks.comparison.actions import compare_delivery, run_comparison
from tasks.comparison.models import Lead, LeadState
from tests.cast import credit_code
from tests.grid.registers.files import line_of, name_of, written

DAYS = [date(2026, month, 28) for month in range(1, 8)]
JAN, FEB, MAR = DAYS[:3]


@pytest.fixture
def deliver(cast: Any, tmp_path: Path) -> Callable[..., Delivery]:
    def send(
        register: str,
        said: Any,
        as_of: date,
        extent: str = Extent.PARTIAL,
        by: Any = None,
        area: str = "1503",
    ) -> Delivery:
        path = written(tmp_path, register, said)
        return import_delivery(Meaning(register, area, as_of, extent), path, by=by or cast.by.wu)

    return send


def reading() -> Any:
    """What registers say of everybody on every day, and what subjects are. A subject nobody speaks of counts as none."""
    rows = {
        day: sorted(
            Row.objects.filter(held_on(day)).values_list(
                "pk", "register", "subject", "area", "since", "until"
            )
        )
        for day in DAYS
    }
    subjects = Subject.objects.exclude(standing=Standing.WITHDRAWN).order_by("pk")
    return rows, [(subject.pk, facts_of(subject)) for subject in subjects]


def social(heads: int, status: str = "参保缴费") -> str:
    return f"{status},202601,{heads}"


def market(address: str = "海勃湾区公园社区1号", standing: str = "存续") -> str:
    return f"{address},{standing}"


def test_the_register_reads_as_before_and_the_ledger_tells_both(
    cast: Any, client: Client, deliver: Any
) -> None:
    deliver("market", {n: market() for n in range(1, 9)}, JAN)
    before = reading()
    lines = [
        line_of(1, market(standing="注销")),
        line_of(2, market("海勃湾区和平社区9号"), "示例改名有限公司"),
    ]
    bad = deliver(
        "market", [*lines, *(line_of(n, market()) for n in (3, 4, 5, 6, 7, 99))], FEB, Extent.COMPLETE
    )
    assert (bad.state, bad.ended) == (DeliveryState.DONE, 1)
    assert reading() != before
    client.force_login(cast.ma)
    page = client.get(f"/registers/{bad.pk}/").content.decode()
    assert "撤回这批名册" in page
    assert client.post(f"/registers/{bad.pk}/undo/", {"reason": " "}).status_code == 422
    assert client.post(f"/registers/{bad.pk}/undo/", {"reason": "报送部门发错了文件"}).status_code == 302
    assert reading() == before
    bad.refresh_from_db()
    assert (bad.state, bad.undone_by_id, bad.undone_why) == ("undone", cast.ma.pk, "报送部门发错了文件")
    own = Row.objects.filter(delivery=bad)
    assert own.count() == 3 and all(row.until == row.since for row in own), (
        "evidence stays, in force on no day"
    )
    verbs = list(
        Entry.objects.filter(verb__startswith="register.").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["register.imported", "register.imported", "register.undone"]
    told = Entry.objects.get(verb="register.undone").data
    assert (told["taken_back"], told["reopened"], told["reason"]) == (3, 3, "报送部门发错了文件")
    assert Subject.objects.get(credit_code=credit_code(99)).standing == Standing.WITHDRAWN
    assert "报送部门发错了文件" in client.get(f"/registers/{bad.pk}/").content.decode()


def test_the_same_file_may_come_again_after_it_was_undone(cast: Any, deliver: Any) -> None:
    deliver("market", {n: market() for n in range(1, 9)}, JAN)
    bad = deliver("market", {99: market()}, FEB)
    undo_delivery(bad, "发错", by=cast.by.ma)
    again = deliver("market", {99: market()}, FEB)
    assert again.pk != bad.pk and again.state == DeliveryState.DONE
    assert Subject.objects.get(credit_code=credit_code(99)).standing == Standing.ACTIVE
    undo_delivery(again, "又错", by=cast.by.ma)
    deliver("social", {99: social(3)}, MAR)
    assert Subject.objects.get(credit_code=credit_code(99)).standing == Standing.ACTIVE, (
        "somebody speaks of it"
    )


def test_an_older_day_may_come_after_the_newer_was_undone(cast: Any, deliver: Any) -> None:
    bad = deliver("social", {1: social(3)}, MAR)
    with pytest.raises(registers_problems.OlderDelivery):
        deliver("social", {1: social(4)}, FEB)
    undo_delivery(bad, "日期填错", by=cast.by.ma)
    assert deliver("social", {1: social(4)}, FEB).state == DeliveryState.DONE


def test_what_somebody_changed_since_stays(cast: Any, deliver: Any) -> None:
    deliver("market", {1: market()}, JAN)
    bad = deliver("market", {1: market("海勃湾区和平社区9号")}, FEB)
    Subject.objects.update(area="150302001002001", placement="hand")
    undo_delivery(bad, "发错", by=cast.by.ma)
    subject = Subject.objects.get()
    assert (subject.address, subject.area, subject.placement) == (
        "海勃湾区公园社区1号",
        "150302001002001",
        "hand",
    )
    assert Row.objects.get(until=None).area == "150302001002001", (
        "the row open again stands where its unit does"
    )


# --- who, and not after ---------------------------------------------------------------------------------------


def test_who_may_undo(cast: Any, city: Any, deliver: Any) -> None:
    liaison = Person.objects.create(username="rs", full_name="人社联络员")
    Posting.objects.create(
        person=liaison,
        role=Role.LIAISON,
        area=city["1503"],
        department="市人社局",
        valid_from=date(2020, 1, 1),
    )
    own = deliver("social", {1: social(3)}, JAN)
    with pytest.raises(registers_problems.NotYourRegister):
        undo_delivery(own, "x", by=cast.by.feng)
    with pytest.raises(problems.NotYourPost):
        undo_delivery(own, "x", by=cast.by.zheng)
    with pytest.raises(problems.SamePersonTwice):
        undo_delivery(own, "x", by=cast.by.wu)
    with pytest.raises(problems.ReasonMissing):
        undo_delivery(own, " ", by=cast.by.ma)
    assert undo_delivery(own, "x", by=actor_of(liaison)).state == DeliveryState.UNDONE
    theirs = deliver("social", {1: social(3)}, FEB, by=actor_of(liaison))
    assert undo_delivery(theirs, "自己发错", by=actor_of(liaison)).state == DeliveryState.UNDONE
    with pytest.raises(registers_problems.DeliveryNotUndoable):
        undo_delivery(theirs, "再来", by=cast.by.ma)


@pytest.mark.parametrize(
    ("later", "extent"),
    [
        ({1: social(9)}, Extent.PARTIAL),
        ({1: social(3)}, Extent.PARTIAL),
        ({7: social(3)}, Extent.PARTIAL),
        ({n: social(3) for n in range(1, 7)}, Extent.COMPLETE),
    ],
    ids=["replaced", "confirmed", "came back", "silent as well"],
)
def test_not_after_a_later_one_changed_or_confirmed_it(
    cast: Any, deliver: Any, later: Any, extent: str
) -> None:
    deliver("social", {n: social(2) for n in range(1, 8)}, JAN)
    middle = deliver("social", {n: social(3) for n in range(1, 7)}, FEB, Extent.COMPLETE)
    assert middle.ended == 1
    last = deliver("social", later, MAR, extent)
    assert later_than(middle) == [last]
    with pytest.raises(registers_problems.DeliveryReplaced):
        undo_delivery(middle, "发错", by=cast.by.ma)
    undo_delivery(last, "先撤后来的", by=cast.by.ma)
    assert undo_delivery(middle, "发错", by=cast.by.ma).state == DeliveryState.UNDONE


def test_a_later_one_about_others_does_not_hinder(cast: Any, deliver: Any) -> None:
    first = deliver("social", {1: social(3)}, JAN)
    deliver("social", {2: social(3)}, FEB)
    assert undo_delivery(first, "发错", by=cast.by.ma).state == DeliveryState.UNDONE


def test_not_while_something_rests_on_it_and_that_is_named(cast: Any, client: Client, deliver: Any) -> None:
    deliver("market", {1: market()}, JAN)
    taxed = deliver("tax", {1: "202601,12"}, JAN)
    run_comparison("1503", by=cast.by.wu, as_of=JAN)
    assert what_rests(taxed) == [], "an open lead is looked at again by itself"
    Lead.objects.update(state=LeadState.TASKED)
    (rests,) = what_rests(taxed)
    assert str(rests) == f"线索 1 件（{name_of(1)}）"
    with pytest.raises(registers_problems.DeliveryInUse):
        undo_delivery(taxed, "发错", by=cast.by.ma)
    client.force_login(cast.ma)
    assert f"线索 1 件（{name_of(1)}）" in client.get(f"/registers/{taxed.pk}/").content.decode()


def test_leads_follow_what_was_undone(cast: Any, deliver: Any) -> None:
    deliver("market", {1: market()}, JAN)
    deliver("social", {1: social(3)}, JAN)
    bad = deliver("tax", {1: "202601,12"}, JAN)
    report = compare_delivery(bad)
    assert report and report.found == 1
    assert compare_delivery(bad) is None, "once for each delivery"
    undo_delivery(bad, "发错", by=cast.by.ma)
    bad.refresh_from_db()
    compare_delivery(bad)
    lead = Lead.objects.get()
    assert lead.state == LeadState.DISMISSED, "nothing healed: its ground was taken back"
    assert Entry.objects.get(verb="lead.dropped").data["reason"] == "所依据的名册批次已撤回"


# --- laws -----------------------------------------------------------------------------------------------------

UNITS = st.integers(1, 4)
SAID = {
    "social": st.builds(social, st.integers(0, 2), st.sampled_from(["参保缴费", "停保"])),
    "market": st.builds(
        market,
        st.sampled_from(["海勃湾区公园社区1号", "海勃湾区和平社区9号", "乌达区"]),
        st.sampled_from(["存续", "注销"]),
    ),
    "tax": st.builds(lambda heads: f"202601,{heads}", st.integers(0, 2)),
}


def a_file(register: str) -> st.SearchStrategy[Any]:
    said = st.dictionaries(UNITS, SAID[register], min_size=1, max_size=4)
    return st.tuples(
        st.just(register), said, st.sampled_from(Extent.values), st.sampled_from(["1503", "150302"])
    )


files = st.sampled_from(sorted(SAID)).flatmap(a_file)


class Undone(Exception):
    """Takes a generated history back."""


def rehearsed(play: Callable[[], None]) -> None:
    """One generated history on the database as it was."""
    try:
        with transaction.atomic():
            play()
            raise Undone
    except Undone:
        pass


def take(folder: Path, by: Any, file: Any, day: date) -> Delivery | None:
    register, said, extent, area = file
    try:
        return import_delivery(Meaning(register, area, day, extent), written(folder, register, said), by=by)
    except registers_problems.OlderDelivery:
        return None


@pytest.fixture
def unbraked(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from grid.registers.actions.foreseeing import Foreseen

    monkeypatch.setattr(Foreseen, "is_above_brake", lambda *_: False)


def test_undoing_is_exact_after_any_history(cast: Any, tmp_path: Path, unbraked: None) -> None:
    """Whatever came before: a delivery taken and undone leaves no trace in what is read, on any day."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(files, max_size=3), files)
    def law(history: list[Any], last: Any) -> None:
        def play() -> None:
            for file, day in zip(history, DAYS, strict=False):
                take(tmp_path, cast.by.wu, file, day)
            before = reading()
            taken = take(tmp_path, cast.by.wu, last, DAYS[len(history)])
            assert taken and taken.state == DeliveryState.DONE
            undo_delivery(taken, "试", by=cast.by.ma)
            assert reading() == before

        rehearsed(play)

    law()


def test_undoing_all_from_the_last_to_the_first_leaves_nothing(
    cast: Any, tmp_path: Path, unbraked: None
) -> None:
    @settings(max_examples=12, deadline=None)
    @given(st.lists(files, min_size=1, max_size=4))
    def law(history: list[Any]) -> None:
        def play() -> None:
            taken = [take(tmp_path, cast.by.wu, file, day) for file, day in zip(history, DAYS, strict=False)]
            for delivery in reversed([delivery for delivery in taken if delivery]):
                undo_delivery(delivery, "试", by=cast.by.ma)
            rows, subjects = reading()
            assert not any(rows.values()) and subjects == []

        rehearsed(play)

    law()


def said_on(day: date) -> set[Any]:
    rows = Row.objects.filter(held_on(day))
    return set(rows.values_list("register", "subject__credit_code", "hash", "since", "until"))


def test_any_order_that_is_accepted_reads_the_same(cast: Any, tmp_path: Path, unbraked: None) -> None:
    """The same files of a register under the same days, in any order: each is refused, or the rows in force are the
    same as when those accepted come in the order of their days."""
    of_one_register = st.sampled_from(sorted(SAID)).flatmap(
        lambda register: st.lists(a_file(register), min_size=2, max_size=4)
    )

    @settings(max_examples=25, deadline=None)
    @given(of_one_register, st.randoms(use_true_random=False))
    def law(history: list[Any], random: Any) -> None:
        dated = list(zip(history, DAYS, strict=False))
        mixed = random.sample(dated, len(dated))
        heard: list[Any] = []

        def play(order: list[Any]) -> Callable[[], None]:
            def inner() -> None:
                # The same bytes under an earlier day are the delivery they already are, and change nothing.
                taken = [(file, day, take(tmp_path, cast.by.wu, file, day)) for file, day in order]
                accepted = [(file, day) for file, day, made in taken if made and made.as_of == day]
                heard.append((accepted, {day: said_on(day) for day in DAYS}))

            return inner

        rehearsed(play(mixed))
        accepted, first = heard[-1]
        rehearsed(play(sorted(accepted, key=lambda pair: pair[1])))
        assert heard[-1][1] == first

    law()


def test_what_is_kept_of_a_subject_is_all_a_line_may_change() -> None:
    from grid.registers.actions.intake import OWN

    assert set(OWN) <= set(KEPT)
