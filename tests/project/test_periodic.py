"""The clock's list: every job stands alone, and a lasting failure is told without filling the disk."""

import logging
import threading

import pytest
from django.utils.module_loading import import_string

from grid.complaints import Complaints
from project import periodic
from tests.patience import PATIENCE

pytestmark = pytest.mark.once

heard: list[str] = []


def works() -> None:
    heard.append("works")


def breaks() -> None:
    raise RuntimeError("broken")


def test_every_job_of_the_list_exists():
    for job in periodic.PERIODIC:
        assert callable(import_string(job.path)), job.path


def test_names_differ():
    assert len({job.name for job in periodic.PERIODIC}) == len(periodic.PERIODIC)


@pytest.mark.django_db(transaction=True)
def test_a_broken_job_stops_no_other(monkeypatch, caplog):
    here = __name__
    jobs = (
        periodic.Periodic("broken one", 0.01, f"{here}.breaks"),
        periodic.Periodic("missing one", 0.01, f"{here}.nowhere"),
        periodic.Periodic("good one", 0.01, f"{here}.works"),
    )
    monkeypatch.setattr(periodic, "PERIODIC", jobs)
    heard.clear()
    stop = threading.Event()
    threads = periodic.start_clock(stop)
    while len(heard) < 5:
        stop.wait(0.01)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert not [thread for thread in threads if thread.is_alive()]
    # Said once each, however often they failed meanwhile.
    assert sum("broken one: failed" in line for line in caplog.messages) == 1
    assert sum("missing one: failed" in line for line in caplog.messages) == 1


def test_recovery_is_told(caplog, db):
    caplog.set_level(logging.WARNING)
    complaints = Complaints("sealing", periodic.log)
    complaints.failed(RuntimeError("x"))
    complaints.went_well()
    assert "sealing: works again" in caplog.messages[-1]
