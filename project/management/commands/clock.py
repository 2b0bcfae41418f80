"""Runs the periodic jobs of project/periodic.py until it is stopped."""

from django.core.management.base import BaseCommand

from project import periodic, process, starting


class Command(BaseCommand):
    help = (
        "Fires clocks, seals the ledger, takes back lost jobs (large mode; `serve` has its own clock inside)."
    )

    def handle(self, **options: object) -> None:
        starting.refuse_unsafe_start(sealing=True)
        stop = process.stop_on_signals()
        threads = periodic.start_clock(stop)
        stop.wait()
        process.join_all(threads)
