"""The small size: pages, API, live hints, worker and clock in one process."""

import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from project import jobs, periodic, process, starting
from project.beating import Threads, start_beating
from project.demo import accounts as demo_accounts


class Command(BaseCommand):
    help = "Serves everything from one process: pages, API, live hints, worker and clock."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: %(default)s")
        parser.add_argument("--workers", type=int, default=1, help="jobs at the same time (default: 1)")

    def handle(self, *, host: str, port: int, workers: int, **options: object) -> None:
        starting.refuse_unsafe_start(sealing=True)
        lock = process.only_one(settings.DATA)
        process.port_must_be_free(host, port)
        # The lock proves that no other `serve` lives on this data, so what its workers held is lost.
        jobs.give_back_after_restart("serve-")
        stop = threading.Event()
        running = [*start_workers(stop, workers), *periodic.start_clock(stop)]
        try:
            self.listen(host, port)
        finally:
            stop.set()
            busy = process.join_all(running)
            jobs.hand_back()
            lock.close()
        for name in busy:
            self.stderr.write(f"{name} was still busy; its job goes on after the next start")
        self.stdout.write("已停止。")

    def listen(self, host: str, port: int) -> None:
        """Returns after SIGTERM or Ctrl-C."""
        # daphne installs its reactor when it is imported, so only the process that listens imports it.
        from daphne.endpoints import build_endpoint_description_strings
        from daphne.server import Server

        from project.asgi import application

        Server(
            application=application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            ready_callable=lambda: self.greet(host, port),
            # The proxy of a larger installation speaks for the client; here nobody stands in front.
            application_close_timeout=5,
            server_name="grid-canvass",
        ).run()

    def greet(self, host: str, port: int) -> None:
        origin = f"http://{host}:{port}"
        lines = [
            "",
            f"  工作台    {origin}/",
            f"  手机端    {origin}/phone/",
            f"  公示页    {origin}/public/listings/",
        ]
        if settings.DEMO:
            lines += ["", f"  示例账号（密码都是 {demo_accounts.PASSWORD}）："]
            lines += [f"    {name:<14}{role} · {area}" for name, role, area in demo_accounts.accounts()]
        lines += ["", "  按 Ctrl-C 停止。", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def start_workers(stop: threading.Event, number: int) -> list[threading.Thread]:
    told = Threads("work")
    threads = [
        threading.Thread(target=jobs.Worker(stop, "serve", told).run, name=f"worker {n}", daemon=True)
        for n in range(1, number + 1)
    ]
    for thread in threads:
        thread.start()
    return [*threads, start_beating(told, stop)]
