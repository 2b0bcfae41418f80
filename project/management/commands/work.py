"""Runs background jobs until it is stopped; a job that is running is finished first."""

import threading

from django.core.management.base import BaseCommand, CommandParser

from project import process, starting
from project.beating import Threads, start_beating
from project.jobs import Worker, hand_back


class Command(BaseCommand):
    help = "Runs background jobs (large mode; `serve` has its own worker inside)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, default=1, help="jobs at the same time (default: 1)")

    def handle(self, *, threads: int, **options: object) -> None:
        starting.refuse_unsafe_start()
        stop = process.stop_on_signals()
        told = Threads("work")
        running = [
            threading.Thread(target=Worker(stop, threads=told).run, name=f"worker {number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        for thread in running:
            thread.start()
        beating = start_beating(told, stop)
        stop.wait()
        busy = process.join_all(running)
        hand_back()
        process.join_all([beating])
        for name in busy:
            self.stderr.write(f"{name} was still busy; another worker goes on with its job")
