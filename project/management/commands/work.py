"""Runs background jobs until it is stopped; a job that is running is finished first."""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from project import process
from project.jobs import Worker


class Command(BaseCommand):
    help = "Runs background jobs (large mode; `serve` has its own worker inside)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, default=1, help="jobs at the same time (default: 1)")

    def handle(self, *, threads: int, **options: Any) -> None:
        stop = process.stop_on_signals()
        running = [
            threading.Thread(target=Worker(stop).run, name=f"worker {number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        for thread in running:
            thread.start()
        stop.wait()
        for name in process.join_all(running):
            self.stderr.write(f"{name} was still busy; its job will be taken back and run again")
