"""What a stranger meets at the installed door: headers, redirects, the closed sign, what is written down."""

import http.client
import json
import os
import re
import subprocess
from pathlib import Path

from tests.deploy.machine import HOST, Machine


def get(machine: Machine, address: str, **headers: str) -> tuple[http.client.HTTPResponse, str]:
    line = machine.line()
    line.request("GET", address, headers={"Host": f"{HOST}:{machine.ports['https']}", **headers})
    answer = line.getresponse()
    content = answer.read().decode()
    line.close()
    return answer, content


def is_closed_to_strangers(machine: Machine) -> None:
    page, _content = get(machine, "/accounts/login/")
    assert (page.status, page.headers["Server"]) == (200, "nginx")
    assert page.headers["Strict-Transport-Security"] and page.headers["X-Frame-Options"] == "DENY"
    style, _content = get(machine, "/static/css/house.css")
    assert (style.status, style.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert style.headers["Strict-Transport-Security"] == page.headers["Strict-Transport-Security"]
    _is_watched_on_the_machine_alone(machine)
    _redirect_keeps_the_port(machine)
    _nobody_else_speaks_to_the_processes(machine)
    for file in (machine.root / "etc/grid").glob("*.env"):
        assert file.stat().st_mode & 0o077 == 0, file


def _is_watched_on_the_machine_alone(machine: Machine) -> None:
    for closed in ("/metrics", "/readyz", "/web-1/readyz"):
        assert get(machine, closed)[0].status == 404
    here = http.client.HTTPConnection("127.0.0.1", machine.ports["watch"], timeout=30)
    for unit in ("web-1", "web-2"):
        here.request("GET", f"/{unit}/readyz")
        told = json.loads((answer := here.getresponse()).read())
        assert answer.status == 200 and told["ready"] and "why" in told
        here.request("GET", f"/{unit}/metrics")
        answer = here.getresponse()
        answer.read()
        assert answer.status == 404, "not measured, as grid.env.example has it"
    here.close()


def _redirect_keeps_the_port(machine: Machine) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", machine.ports["http"], timeout=10)
    plain.request("GET", "/cases/?a=1", headers={"Host": HOST})
    assert plain.getresponse().headers["Location"] == f"https://{HOST}:{machine.ports['https']}/cases/?a=1"


def _nobody_else_speaks_to_the_processes(machine: Machine) -> None:
    if os.geteuid() != 0:
        return
    knock = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    command = ["/usr/bin/python3", "-c", knock, str(machine.root / "run/grid/web-1.sock")]
    refused = subprocess.run(
        command, user="nobody", group="nogroup", extra_groups=[], capture_output=True, text=True
    )
    assert "PermissionError" in refused.stderr
    assert subprocess.run(command, user=machine.users.nginx, group=machine.users.nginx_group).returncode == 0


def says_that_it_is_closed(machine: Machine) -> None:
    page, content = get(machine, "/cases/")
    assert (page.status, page.headers["Retry-After"]) == (503, "20") and "系统维护中" in content
    told, content = get(machine, "/api/v1/me")
    assert (told.status, told.headers["Retry-After"]) == (503, "20")
    assert told.headers["Content-Type"].startswith("application/problem+json") and "maintenance" in content


def keeps_its_logs(machine: Machine) -> None:
    """The number of a request, and neither a check code nor the key of a Collect."""
    get(machine, "/v/SECRETCODE")
    get(machine, "/openrosa/SECRETKEY/formList")
    assert get(machine, "/accounts/login/")[0].status == 200
    lines = Path(machine.root, "var/log/nginx/grid.log").read_text()
    assert "SECRET" not in lines and 'GET /v/-"' in lines
    assert re.fullmatch(r"[0-9a-f]{32}", lines.split()[-1])
