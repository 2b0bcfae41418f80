"""The small city of the journeys, with a worker for its jobs and a clock that can be moved."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from grid.calendar import now as clock
from grid.ledger.actions.sealer import seal_pending
from project.jobs import Worker
from tests.browsers import WIDTHS
from tests.forward import forward_to
from tests.journeys.entries import liaisons, penalised, with_phone
from tests.journeys.people import People, Reader, Walker
from tests.journeys.way import opened, way
from tests.servers import InProcess
from tests.workflows.conftest import certify, make_case, make_finding
from workflows.cases.actions import close_rectified
from workflows.clocks.actions import fire_due_clocks
from workflows.listing.actions.loading import load_shipped_grounds

# Fixtures of other folders that the journeys without a browser start from.
__all__ = ["liaisons", "make_case", "make_finding", "opened", "penalised", "way", "with_phone"]


class Behind:
    """What goes on behind the pages: the worker's jobs, the clock's list, the time itself."""

    def does_the_jobs(self) -> None:
        worker = Worker(threading.Event(), "journey")
        while worker.run_one():
            pass

    def lets_time_pass(self, until: date) -> None:
        """To ten in the morning of a day; then whatever was due happens, as the clock would do it."""
        forward_to(datetime.combine(until, time(10), clock.CITY_TIME))
        fire_due_clocks()
        seal_pending()

    def lets_the_term_pass(self, case: Any, kind: str) -> None:
        """To the day after the term of that kind that runs for this case."""
        running = case.clocks.get(kind=kind, fired_at=None, stopped_at=None)
        self.lets_time_pass(running.due_on + timedelta(days=1))

    def sweeps(self) -> None:
        close_rectified()
        seal_pending()


@pytest.fixture
def behind(site: InProcess, cast: Any) -> Iterator[Behind]:
    load_shipped_grounds()
    certify(cast)
    before = clock._ahead
    yield Behind()
    clock.move(before)


@pytest.fixture
def people(another_page: Callable[..., Page], behind: Behind) -> People:
    return People(another_page)


@pytest.fixture
def passer_by(another_page: Callable[..., Page]) -> Reader:
    """Somebody without an account, holding a phone."""
    return Reader(another_page(viewport={"width": WIDTHS["phone"], "height": 740}))


@pytest.fixture
def walker(phone: Page, built_phone: None) -> Walker:
    return Walker(phone)
