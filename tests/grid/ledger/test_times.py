"""Clocks that step, and machines that disagree: what is written can be proven all the same, or is not written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar import now as clock
from grid.ledger import keys, queries
from grid.ledger import problems as ledger_problems
from grid.ledger.actions import exports, sealer, times
from grid.ledger.findings import Report
from grid.ledger.models import Checkpoint, Entry
from grid.ledger.queries.checkpoints import newest
from grid.ledger.verify import check
from tests.grid.ledger.conftest import CASE, CLERK, OTHER, write

HOUR = 3600.0
CLOCKS = (ledger_problems.ClockBehind, ledger_problems.ClockApart)


class Clocks:
    """The clocks of the database and of two machines, in seconds beside the true time.

    Each machine is a process of its own: what one has seen of the database, the other has not.
    """

    def __init__(self, true: Callable[[], datetime]) -> None:
        self.true, self.database = true, 0.0
        self.machines, self.seen, self.here = [0.0, 0.0], [None, None], 0

    def now(self) -> datetime:
        return self.true() + timedelta(seconds=self.machines[self.here])

    def step(self, seconds: float) -> None:
        """All of them at once: one machine carries everything, or a time server misleads everybody."""
        self.database += seconds
        self.machines = [machine + seconds for machine in self.machines]
        times._CLOCK["postgresql"] = f"clock_timestamp() + interval '{self.database} seconds'"

    @contextmanager
    def on(self, machine: int) -> Iterator[None]:
        self.here, times._seen = machine, self.seen[machine]
        try:
            yield
        finally:
            self.seen[machine], self.here = times._seen, 0


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    moved = Clocks(timezone.now)
    monkeypatch.setattr(clock, "_moved", False)
    monkeypatch.setattr(timezone, "now", moved.now)
    monkeypatch.setattr(times, "_seen", None)
    monkeypatch.setattr(times, "_CLOCK", dict(times._CLOCK))
    return moved


def proven() -> list[Report]:
    """The whole ledger, and each case of which something is sealed, as an auditor checks them."""
    pem = keys.public_key_pem()
    whole = b"".join(exports.full_export(newest()))
    sealed = Entry.objects.filter(leaf__isnull=False, nth__isnull=False)
    cases = sorted(set(sealed.values_list("case", flat=True)))
    return [check(whole, pem, deep=True), *(check(queries.export(CLERK, case), pem) for case in cases)]


@pytest.mark.django_db
def test_after_an_hour_back_nothing_is_written_and_it_is_said_why(clocks: Clocks) -> None:
    write()
    sealer.seal_pending()
    clocks.step(-HOUR)
    with pytest.raises(ledger_problems.ClockBehind) as refused:
        write()
    assert "慢 3600 秒" in refused.value.detail
    with pytest.raises(ledger_problems.ClockBehind):
        write(case="")
    assert Entry.objects.count() == 1
    assert [told for told in times.faults() if "落后于台账" in told]
    clocks.step(HOUR)
    write()
    sealer.seal_pending()
    assert times.faults() == []
    assert all(report.exit_code == 0 for report in proven())


@pytest.mark.django_db
def test_after_an_hour_ahead_and_back_it_waits_until_the_clock_has_caught_up(clocks: Clocks) -> None:
    write()
    clocks.step(HOUR)
    write()
    sealer.seal_pending()
    clocks.step(-HOUR)
    for _ in range(2):
        with pytest.raises(ledger_problems.ClockBehind):
            write(case=OTHER)
    clocks.step(HOUR - 1)
    assert write(case=OTHER).at >= Checkpoint.objects.latest("size").at
    sealer.seal_pending()
    assert all(report.exit_code == 0 for report in proven())


@pytest.mark.django_db
def test_the_sealer_does_not_sign_that_it_sealed_before_it_was_written(clocks: Clocks) -> None:
    write()
    clocks.step(-HOUR)
    with pytest.raises(ledger_problems.ClockBehind):
        sealer.seal_pending()
    assert not Checkpoint.objects.exists()
    clocks.step(HOUR)
    assert sealer.seal_pending() == 1


@pytest.mark.django_db
def test_a_machine_that_goes_by_another_clock_than_the_database_writes_nothing(clocks: Clocks) -> None:
    # SQLite stands on the machine that asks it; here it tells the true time all the same.
    times._CLOCK["sqlite"] = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    for skew in (HOUR, -HOUR, 3.0):
        clocks.machines[1], clocks.seen[1] = skew, None
        with clocks.on(1):
            with pytest.raises(ledger_problems.ClockApart) as refused:
                write()
            assert f"{'快' if skew > 0 else '慢'} {abs(skew):.0f} 秒" in refused.value.detail
            assert [told for told in times.faults() if "与数据库时间不一致" in told]
        with clocks.on(0):
            write()


@pytest.mark.django_db
def test_a_made_up_time_is_no_fault_of_a_clock() -> None:
    write()
    with clock.moved_to(clock.now() - timedelta(days=1)):
        assert times.faults() == []


@pytest.mark.django_db
def test_machines_that_differ_a_little_keep_the_order_of_a_case(clocks: Clocks) -> None:
    clocks.machines = [0.9, -0.9]
    for turn in range(8):
        with clocks.on(turn % 2):
            write(case=CASE)
    told = list(Entry.objects.order_by("nth").values_list("at", flat=True))
    assert told == sorted(told)
    sealer.seal_pending()
    assert all(report.exit_code == 0 for report in proven())


@pytest.mark.django_db
def test_a_look_at_the_database_is_taken_once_a_second_and_when_the_clock_leaps(
    clocks: Clocks, django_assert_num_queries: Any
) -> None:
    times.time_of_writing()
    with django_assert_num_queries(0):
        times.time_of_writing()
    clocks.step(5.0)
    with django_assert_num_queries(1):
        times.time_of_writing()
        times.time_of_writing()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "write", "seal", "step"]),
        st.integers(0, 1),
        st.sampled_from([CASE, OTHER, ""]),
        st.sampled_from([-HOUR, -400.0, -3.0, -1.0, 0.5, 3.0, 400.0, HOUR]),
    ),
    max_size=14,
)


@pytest.mark.once
@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, skew=st.sampled_from([0.0, 1.5, -1.5, 1000.0]))
def test_whatever_the_clocks_do_what_was_written_is_proven(
    clocks: Clocks, acts: list[tuple[str, int, str, float]], skew: float
) -> None:
    # On SQLite everything runs on one machine, by one clock.
    other = skew if connection.vendor == "postgresql" else 0.0
    clocks.database, clocks.machines, clocks.seen = 0.0, [0.0, other], [None, None]
    clocks.step(0.0)
    with transaction.atomic():
        for what, machine, case, seconds in [*acts, ("seal", 0, "", 0.0)]:
            if what == "step":
                clocks.step(seconds)
                continue
            with clocks.on(machine):
                try:
                    write(case=case) if what == "write" else sealer.seal_pending()
                except CLOCKS:
                    continue
        if Checkpoint.objects.exists():
            assert [report.findings for report in proven() if report.findings] == []
        transaction.set_rollback(True)
