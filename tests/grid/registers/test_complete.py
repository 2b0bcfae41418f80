"""Complete deliveries: who is missing has left on that day; a line nobody can read is no departure."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grid import problems
from grid.ledger.bulk import insert_models
from grid.ledger.models import Entry
from grid.registers import actions
from grid.registers import problems as registers_problems
from grid.registers.actions import (
    Meaning,
    absence,
    decide_delivery,
    import_delivery,
    read_delivery,
    read_kept,
)
from grid.registers.actions.changes import changes_of
from grid.registers.actions.kept import changes_at, kept_at
from grid.registers.models import Delivery, DeliveryState, Extent, Row
from grid.registers.queries import facts_of_many
from grid.registers.standing import held_on
from grid.registers.uploads.actions import receive_upload
from grid.subjects.models import Standing, Subject
from tests.cast import FAR_GRID, credit_code
from tests.grid.registers.files import line_of, name_of, written

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
UNITS = 40
MANY = range(1, UNITS + 1)


def insured(heads: int = 3, month: str = "202601", status: str = "参保缴费") -> str:
    return f"{status},{month},{heads}"


@pytest.fixture
def units(cast: Any, make_employer: Any) -> list[Subject]:
    return [make_employer(name_of(n), credit_code=credit_code(n)) for n in MANY]


@pytest.fixture
def deliver(cast: Any, tmp_path: Path) -> Callable[..., Delivery]:
    def send(
        said: Any, as_of: date, extent: str = Extent.COMPLETE, register: str = "social", area: str = "1503"
    ) -> Delivery:
        path = written(tmp_path, register, said)
        return import_delivery(Meaning(register, area, as_of, extent), path, by=cast.by.wu)

    return send


def here(register: str, day: date) -> set[str]:
    """Names with a row in force on a day."""
    rows = Row.objects.filter(held_on(day), register=register)
    return set(rows.values_list("subject__name", flat=True))


def names(*numbers: int) -> set[str]:
    return {name_of(n) for n in numbers}


def test_who_is_missing_from_a_complete_file_has_left_on_its_day(units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    taken = deliver({n: insured(4 if n == 5 else 3) for n in MANY if n > 2}, FEB)
    assert (taken.state, taken.ended, taken.unread) == (DeliveryState.DONE, 2, 0)
    assert here("social", JAN) == names(*MANY)
    assert here("social", FEB) == here("social", MAR) == names(*range(3, UNITS + 1))
    gone = Row.objects.get(subject=units[0])
    assert (gone.until, gone.ended_by, gone.data["insured"]) == (FEB, taken, 3)
    told = Entry.objects.filter(verb="register.imported").latest("id").data
    assert (told["extent"], told["ended"]) == ("complete", 2)


def test_a_partial_file_ends_nobody(units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN, Extent.PARTIAL)
    taken = deliver({3: insured(9)}, FEB, Extent.PARTIAL)
    assert taken.ended == 0 and here("social", FEB) == names(*MANY)


def test_complete_after_partial_and_back_again(units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN, Extent.PARTIAL)
    deliver({n: insured() for n in MANY if n > 1}, FEB)
    assert name_of(1) not in here("social", FEB)
    deliver({1: insured(month="202603")}, MAR, Extent.PARTIAL)
    assert name_of(1) in here("social", MAR) and name_of(1) not in here("social", FEB)
    assert [row.until for row in Row.objects.filter(subject=units[0]).order_by("pk")] == [FEB, None]


def test_old_months_and_unchanged_lines_count_as_present(units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    older = {1: insured(9, "202511")}
    taken = deliver(dict.fromkeys(MANY, insured()) | older, FEB)
    assert (taken.unchanged, taken.ended) == (UNITS, 0)
    assert Row.objects.get(subject=units[0]).data["insured"] == 3
    assert Row.objects.filter(seen_in=taken).count() == UNITS


WRONG = credit_code(1)[:-1] + ("0" if credit_code(1)[-1] != "0" else "1")
REFUSED = {
    "bad month": line_of(1, "参保缴费,202613,3"),
    "bad count": line_of(1, "参保缴费,202602,若干"),
    "too few cells": credit_code(1),
    "too many cells": line_of(1, "参保缴费,202602,3,多出来,的"),
    "no name": f"{credit_code(1)},,参保缴费,202602,3",
    "shifted": f"{name_of(1)},{credit_code(1)},参保缴费,202602,3",
    "wrong check digit, name readable": f"{WRONG},{name_of(1)},参保缴费,202602,3",
    "open quote": f'{credit_code(1)},{name_of(1)}"参保缴费,202602,3',
    "lower case and wide": f"{credit_code(1).lower()},{name_of(1)},参保缴费,不是月,3",
    "by name, bad count": f",{name_of(1)},参保缴费,202602,x",
}


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_line_ends_nobody_it_may_be_about(units: Any, deliver: Any, line: str) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    taken = deliver([line, *(line_of(n, insured()) for n in MANY if n > 1)], FEB)
    assert (taken.state, taken.refused, taken.ended, taken.unread) == (DeliveryState.DONE, 1, 0, 0)
    assert here("social", FEB) == names(*MANY)


def test_bytes_nobody_can_decode_still_show_the_code(
    cast: Any, units: Any, deliver: Any, tmp_path: Path
) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    path = written(tmp_path, "social", {n: insured() for n in MANY})
    path.write_bytes(path.read_bytes().replace(name_of(1).encode(), "示例".encode() + b"\xff\xfe"))
    taken = import_delivery(Meaning("social", "1503", FEB, Extent.COMPLETE), path, by=cast.by.wu)
    assert (taken.refused, taken.ended, taken.unread) == (1, 0, 0)


def test_a_name_that_two_units_bear_ends_neither(
    cast: Any, units: Any, make_employer: Any, deliver: Any
) -> None:
    make_employer(name_of(1), credit_code=credit_code(900))
    deliver(dict.fromkeys([*MANY, 900], insured()), JAN)
    lines = [line_of(n, insured()) for n in MANY if n > 1]
    taken = deliver([f",{name_of(1)},{insured()}", *lines], FEB)
    assert (taken.refused, taken.ended) == (1, 0)


def test_missing_units_beside_unreadable_lines_wait_for_a_second_person(
    cast: Any, client: Client, units: Any, deliver: Any
) -> None:
    """Anybody missing may be the one that nobody can read."""
    deliver(dict.fromkeys(MANY, insured()), JAN)
    held = deliver(["????,某某,参保缴费,202602,3", *(line_of(n, insured()) for n in MANY if n > 1)], FEB)
    assert (held.state, held.lines) == (DeliveryState.WAITING, 0)
    assert (held.foreseen["left"], held.foreseen["unread"], held.foreseen["ends"]) == (1, 1, 1)
    assert here("social", FEB) == names(*MANY)
    client.force_login(cast.ma)
    page = client.get(f"/registers/{held.pk}/").content.decode()
    assert "认不出是哪一户" in page and name_of(1) in page
    decide_delivery(held, take=True, reason="已与经办机构核对", by=cast.by.ma)
    read_kept.call(held.pk, cast.ma.pk)
    held.refresh_from_db()
    assert (held.state, held.ended, held.unread) == (DeliveryState.DONE, 1, 1)


def test_unreadable_lines_hold_nothing_where_nobody_is_missing(units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    taken = deliver(["????,某某,参保缴费,202602,3", *(line_of(n, insured()) for n in MANY)], FEB)
    assert (taken.state, taken.ended, taken.unread) == (DeliveryState.DONE, 0, 1)


def test_a_file_cut_in_half_waits_for_a_second_person(cast: Any, units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    held = deliver({n: insured() for n in MANY if n <= UNITS // 2}, FEB)
    assert held.state == DeliveryState.WAITING
    assert (held.foreseen["left"], held.foreseen["in_force"]) == (UNITS // 2, UNITS)
    assert here("social", FEB) == names(*MANY)


def test_a_wrong_status_by_the_hundred_is_braked_like_absence(cast: Any, units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    held = deliver({n: insured(status="停保") for n in range(1, 9)}, FEB, Extent.PARTIAL)
    assert (held.state, held.foreseen["ends"]) == (DeliveryState.WAITING, 8)


def test_only_inside_its_area(cast: Any, units: Any, make_employer: Any, deliver: Any) -> None:
    far = make_employer("外区一号有限公司", area=FAR_GRID, credit_code=credit_code(901))
    deliver([line_of(901, insured(), far.name), *(line_of(n, insured()) for n in MANY)], JAN)
    taken = deliver({n: insured() for n in MANY if n > 1}, FEB, area="150302")
    assert taken.ended == 1
    assert here("social", FEB) == names(*range(2, UNITS + 1)) | {far.name}


def test_missing_from_the_business_register_cancels_nobody(units: Any, deliver: Any) -> None:
    said = dict.fromkeys(MANY, "海勃湾区公园社区1号,存续")
    deliver(said, JAN, register="market")
    taken = deliver({n: what for n, what in said.items() if n > 1}, FEB, register="market")
    assert taken.ended == 1 and name_of(1) not in here("market", FEB)
    assert Subject.objects.get(pk=units[0].pk).standing == Standing.ACTIVE
    assert "market" not in facts_of_many([units[0].pk]).get(units[0].pk, {})


def test_the_command_says_which_it_is(
    cast: Any, units: Any, deliver: Any, tmp_path: Path, capsys: Any
) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    path = written(tmp_path, "social", {n: insured() for n in MANY if n > 1})
    call_command("import_register", "social", str(path), "--complete", as_of=FEB)
    assert "完整名册：不再在册 1 户" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_register", "social", str(path), "--complete", "--partial")


def test_the_same_bytes_may_mean_more(cast: Any, units: Any, deliver: Any, tmp_path: Path) -> None:
    """Delivered as partial first, then as what it is; and the same again a month later: nobody came or went."""
    deliver(dict.fromkeys(MANY, insured()), JAN)
    path = written(tmp_path, "social", {n: insured() for n in MANY if n > 1})

    def again(as_of: date, extent: str) -> Delivery:
        return import_delivery(Meaning("social", "1503", as_of, extent), path, by=cast.by.wu)

    partial, complete = again(FEB, Extent.PARTIAL), again(FEB, Extent.COMPLETE)
    assert (partial.ended, complete.ended) == (0, 1)
    assert again(FEB, Extent.COMPLETE).pk == complete.pk
    later = again(MAR, Extent.COMPLETE)
    assert later.pk != complete.pk and later.unchanged == UNITS - 1
    deliver({1: insured(month="202603")}, MAR, Extent.PARTIAL)
    assert again(date(2026, 4, 30), Extent.COMPLETE).pk == later.pk, "an old file under a new day"


# --- before it is taken ------------------------------------------------------------------------------------


def listed(client: Client, delivery: Delivery) -> list[str]:
    answer: Any = client.get(f"/registers/{delivery.pk}/changes.csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_the_difference_is_shown_before_anything_is_taken(
    cast: Any, client: Client, units: Any, deliver: Any, tmp_path: Path, make_employer: Any
) -> None:
    deliver({n: insured() for n in MANY if n != 7}, JAN)
    said = {n: insured(5 if n == 3 else 3) for n in MANY if n > 1} | {950: insured()}
    path = written(tmp_path, "social", said)
    waiting = receive_upload(
        Meaning("social", "1503", FEB, Extent.COMPLETE),
        "a.csv",
        [path.read_bytes()],
        by=cast.by.wu,
        look_first=True,
    )
    read_kept.call(waiting.pk, cast.wu.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.lines) == (DeliveryState.READY, 0)
    client.force_login(cast.wu)
    page = client.get(f"/registers/{waiting.pk}/").content.decode()
    for words in ("新增 2 户", "变更 1 户", "1 户没有列入完整名册", name_of(1), name_of(3), name_of(950)):
        assert words in page, words
    assert f"/registers/{waiting.pk}/" in client.get("/").content.decode()
    rows = listed(client, waiting)
    foreseen = {tuple(cell.strip() for cell in row.split(",")) for row in rows[1:]}
    assert foreseen == {
        ("新增", credit_code(7), name_of(7)),
        ("新增", credit_code(950), name_of(950)),
        ("变更", credit_code(3), name_of(3)),
        ("不再在册", credit_code(1), name_of(1)),
    }
    client.post(f"/registers/{waiting.pk}/", {"take": "yes"})
    read_kept.call(waiting.pk, cast.wu.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.ended, kept_at(waiting).exists()) == (DeliveryState.DONE, 1, False)
    after = listed(client, waiting)
    came = {tuple(cell.strip() for cell in row.split(",")) for row in after[1:]}
    assert came == foreseen, "what was foreseen is what came"


def test_looking_is_no_way_around_the_brake(cast: Any, units: Any, deliver: Any, tmp_path: Path) -> None:
    """Several small ones looked at before any is taken are still a large one."""
    deliver(dict.fromkeys(MANY, insured()), JAN)
    ready = []
    for first in (1, 5):
        path = written(tmp_path, "social", {n: insured(status="停保") for n in range(first, first + 4)})
        ready.append(
            receive_upload(
                Meaning("social", "1503", FEB), "a.csv", [path.read_bytes()], by=cast.by.wu, look_first=True
            )
        )
        read_kept.call(ready[-1].pk, cast.wu.pk)
    for delivery in ready:
        delivery = decide_delivery(delivery, take=True, reason="", by=cast.by.wu)
        if delivery.state == DeliveryState.READING:
            read_kept.call(delivery.pk, cast.wu.pk)
    assert [Delivery.objects.get(pk=delivery.pk).state for delivery in ready] == ["done", "waiting"]


# --- killed anywhere, and at size ----------------------------------------------------------------------------


class Killed(Exception):
    pass


@pytest.mark.parametrize("after", range(8))
def test_killed_anywhere_it_comes_to_the_same_end(
    cast: Any, units: Any, deliver: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Before or behind the transaction of any batch, of lines or of departures."""
    deliver(dict.fromkeys(MANY, insured()), JAN)
    path = written(tmp_path, "social", {n: insured(month="202602") for n in MANY if n > 1 and n != 9})
    monkeypatch.setattr(actions, "BATCH", 20)
    monkeypatch.setattr(absence, "ENDED_AT_ONCE", 1)
    left = [after]

    def dying(plain: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            answer = plain(*args, **named)
            if left[0] == 0:
                raise Killed
            return answer

        return step

    def run() -> Delivery:
        return import_delivery(Meaning("social", "1503", FEB, Extent.COMPLETE), path, by=cast.by.wu)

    with monkeypatch.context() as patch:
        for module, name in ((actions, "_take"), (absence, "_end_some"), (actions, "_finish")):
            patch.setattr(module, name, dying(getattr(module, name)))
        try:
            run()
        except Killed:
            assert Delivery.objects.latest("pk").state in (DeliveryState.READING, DeliveryState.DONE)
    taken = run()
    assert (taken.state, taken.lines, taken.ended) == (DeliveryState.DONE, UNITS - 2, 2)
    assert here("social", FEB) == names(*MANY) - names(1, 9)
    assert Entry.objects.filter(verb="register.imported").count() == 2


def test_ending_twenty_thousand_is_a_handful_of_statements(cast: Any) -> None:
    at = Delivery.objects.create(
        register="social", area="1503", file_name="x", sha256="x", as_of=JAN, state="done",
        delivered_at="2026-02-01T00:00Z",
    )  # fmt: skip
    subjects = [
        Subject(
            kind="enterprise", name=f"{n}", match_name=f"{n}", local_code=f"x{n}", area="150302", placement="unplaced",
            placement_why="", added_at=at.delivered_at,
        )
        for n in range(20_000)
    ]  # fmt: skip
    Subject.objects.bulk_create(subjects, batch_size=2_000)
    insert_models(
        [
            Row(register="social", subject=s, area=s.area, delivery=at, line=n, data={}, hash="x", since=JAN)
            for n, s in enumerate(subjects)
        ]
    )
    new = Delivery.objects.create(
        register="social", area="1503", file_name="y", sha256="y", as_of=FEB, delivered_at=at.delivered_at,
        extent=Extent.COMPLETE,
    )  # fmt: skip
    Row.objects.filter(subject__in=subjects[:1_000]).update(seen_in=new)
    with CaptureQueriesContext(connection) as asked:
        assert absence.end_absentees(new) == 19_000
    assert len(asked) <= 16, "with what opens and closes the transactions"
    assert Row.objects.filter(until=None).count() == 1_000


def test_a_read_that_is_given_up_ends_nobody(cast: Any, units: Any, deliver: Any, tmp_path: Path) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    path = tmp_path / "x.csv"
    path.write_text("姓名,电话\n张三,1")
    with pytest.raises(registers_problems.HeaderMissing):
        import_delivery(Meaning("social", "1503", FEB, Extent.COMPLETE), path, by=cast.by.wu)
    assert here("social", FEB) == names(*MANY)


def test_newer_facts_that_came_while_it_waited_are_not_covered_over(
    cast: Any, units: Any, deliver: Any
) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    held = deliver({n: insured(9) for n in MANY if n <= UNITS // 2}, FEB)
    deliver({1: insured(5, "202603")}, MAR, Extent.PARTIAL)
    with pytest.raises(registers_problems.OlderDelivery):
        decide_delivery(held, take=True, reason="对", by=cast.by.ma)
    Delivery.objects.filter(pk=held.pk).update(state=DeliveryState.READING)
    with pytest.raises(registers_problems.OlderDelivery):
        read_delivery(Delivery.objects.get(pk=held.pk), kept_at(held), by=cast.by.ma)
    assert Row.objects.get(subject=units[0], until=None).data["insured"] == 5


def test_a_file_that_failed_and_comes_again_as_complete_is_reckoned_anew(
    cast: Any, units: Any, deliver: Any, tmp_path: Path
) -> None:
    """What was foreseen of it as a partial one says nothing of whom it would end."""
    deliver(dict.fromkeys(MANY, insured()), JAN)
    path = written(tmp_path, "social", {n: insured(month="202602") for n in MANY if n <= UNITS // 2})
    failed = import_delivery(Meaning("social", "1503", FEB), path, by=cast.by.wu)
    Delivery.objects.filter(pk=failed.pk).update(state=DeliveryState.FAILED, lines=0)
    again = import_delivery(Meaning("social", "1503", FEB, Extent.COMPLETE), path, by=cast.by.wu)
    assert (again.pk, again.state, again.foreseen["left"]) == (failed.pk, DeliveryState.WAITING, UNITS // 2)


def test_of_two_files_of_one_day_read_at_once_neither_ends_whom_the_other_saw(
    cast: Any, units: Any, deliver: Any
) -> None:
    first = deliver(dict.fromkeys(MANY, insured()), JAN)
    slow = Delivery.objects.create(
        register="social", area="1503", file_name="slow", sha256="slow", as_of=FEB, extent=Extent.COMPLETE,
        delivered_at=first.delivered_at,
    )  # fmt: skip
    absence.mark_seen(slow, [unit.pk for unit in units])
    quick = deliver({n: insured() for n in MANY if n > 1}, FEB)
    assert (quick.ended, Row.objects.get(subject=units[0]).until) == (1, FEB)
    absence.mark_seen(slow, [units[5].pk])
    assert Row.objects.get(subject=units[5]).seen_in == quick, "marks only go up"
    assert absence.end_absentees(slow) == 0


def test_what_waits_is_decided_with_a_reason_and_while_its_file_is_there(
    cast: Any, units: Any, deliver: Any
) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    held = deliver({n: insured() for n in MANY if n <= UNITS // 2}, FEB)
    assert len(list(changes_of(held))) == UNITS // 2
    with pytest.raises(problems.ReasonMissing):
        decide_delivery(held, take=True, reason=" ", by=cast.by.ma)
    for path in (kept_at(held), changes_at(held)):
        path.unlink()
    assert list(changes_of(held)) == []
    with pytest.raises(registers_problems.DeliveryFileGone):
        decide_delivery(held, take=True, reason="对", by=cast.by.ma)
    held.refresh_from_db()
    assert held.state == DeliveryState.WAITING and here("social", FEB) == names(*MANY)
    Delivery.objects.filter(pk=held.pk).update(state=DeliveryState.READING)
    read_kept.call(held.pk, cast.wu.pk)
    held.refresh_from_db()
    assert held.state == DeliveryState.FAILED and "文件已清除" in held.trouble


def test_of_two_months_in_a_complete_file_the_newer_counts_in_any_order(units: Any, deliver: Any) -> None:
    deliver(dict.fromkeys(MANY, insured()), JAN)
    months = [line_of(1, insured(9, "202602")), line_of(1, insured(5, "202601"))]
    taken = deliver([*months, *(line_of(n, insured()) for n in MANY if n > 1)], FEB)
    assert (taken.state, taken.ended) == (DeliveryState.DONE, 0)
    assert Row.objects.get(subject=units[0], until=None).data["insured"] == 9


def test_a_reading_that_broke_off_goes_on_by_itself_when_the_file_comes_again(
    cast: Any, units: Any, tmp_path: Path
) -> None:
    path = written(tmp_path, "social", dict.fromkeys(MANY, insured()))
    meaning = Meaning("social", "1503", JAN)
    begun = import_delivery(meaning, path, by=cast.by.wu)
    Delivery.objects.filter(pk=begun.pk).update(state=DeliveryState.FAILED)
    again = receive_upload(meaning, path.name, [path.read_bytes()], by=cast.by.wu)
    assert (again.pk, again.state, again.lines) == (begun.pk, DeliveryState.READING, UNITS)
    read_kept.call(again.pk, cast.wu.pk)
    again.refresh_from_db()
    assert (again.state, again.accepted, here("social", JAN)) == (DeliveryState.DONE, UNITS, names(*MANY))
