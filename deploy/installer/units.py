"""The units: written, enabled, started, and restarted in an order in which nobody finds the door closed."""

import http.client
import re
import socket
import subprocess
import time
from pathlib import Path

from installer.places import Places, fail, keep

WEB = ("grid-web@1.service", "grid-web@2.service")
# The clock last: it seals what the others write.
BEHIND = ("grid-live.service", "grid-work.service", "grid-clock.service")
PATIENCE = 90.0
HERE = ("", "127.0.0.1", "::1", "localhost")


def write_units(here: Places, release: Path) -> list[str]:
    """Unit files, timers and the folder of the sockets; the timers, for enabling."""
    folder, timers = here.at("/etc/systemd/system"), []
    changed = False
    for file in sorted([*(release / "deploy").rglob("*.service"), *(release / "deploy").rglob("*.timer")]):
        if file.stem == "grid-base-backup" and here.database_host not in HERE:
            continue  # a copy of this machine's empty server would look like one of the city's
        changed |= keep(folder / file.name, here.placed(file.read_text()), 0o644)
        timers += [file.name] if file.suffix == ".timer" else []
    socket_folder = here.placed((release / "deploy/grid.tmpfiles").read_text())
    keep(here.at("/etc/tmpfiles.d/grid.conf"), socket_folder, 0o644)
    if changed:
        systemctl(here, "daemon-reload")
    return timers


def systemctl(here: Places, *arguments: str) -> None:
    done = subprocess.run([*here.command("SYSTEMCTL"), *arguments])
    if done.returncode:
        fail(f"systemctl {' '.join(arguments)} ended with {done.returncode}: journalctl -u {arguments[-1]}")


def enable(here: Places, timers: list[str]) -> None:
    systemctl(here, "enable", *WEB, *BEHIND)
    if timers:
        systemctl(here, "enable", "--now", *timers)


def restart_in_turn(here: Places) -> None:
    """One web unit after the other, each only when the one before answers; then what nobody waits for."""
    for unit in WEB:
        systemctl(here, "restart", unit)
        wait_for(here, unit)
    for unit in BEHIND:
        systemctl(here, "restart", unit)
    wait_for(here, "grid-live.service")
    for unit in BEHIND:
        systemctl(here, "is-active", "--quiet", unit)


def wait_for(here: Places, unit: str) -> None:
    number = re.search(r"@(\w+)", unit)
    file = here.run / (f"web-{number[1]}.sock" if number else "live.sock")
    deadline = time.monotonic() + PATIENCE
    while (status := answer_of(file, here.host)) is None or status >= 500:
        if time.monotonic() > deadline:
            fail(f"{unit} did not answer within {PATIENCE:.0f} s ({status}): journalctl -u {unit}")
        time.sleep(0.2)


def answer_of(file: Path, host: str) -> int | None:
    """Status with which a process answers at its socket; None while nobody does."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(20)
        try:
            line.connect(str(file))
            line.sendall(
                f"GET /accounts/login/ HTTP/1.0\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\n"
                "X-Forwarded-For: 127.0.0.1\r\n\r\n".encode()
            )
            answer = http.client.HTTPResponse(line)
            answer.begin()
        except (OSError, http.client.HTTPException):
            return None
        return answer.status
