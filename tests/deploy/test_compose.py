"""compose.yaml and its images: read always, started where podman is and somebody asks."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import containers, guide
from tests.deploy.machine import ROOT

sys.path.insert(0, str(ROOT / "deploy"))
from installer import containers as prepared
from installer.environment import FILES, ROLES
from installer.places import CHOICES, Places, read_lines

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
RECIPE = (DEPLOY / "Containerfile").read_text()
OF_THE_APPLICATION = {"tables", "web-1", "web-2", "live", "work", "clock", "manage"}
KEYS = "${KEYS:-/etc/grid}"


@pytest.mark.slow
@pytest.mark.timeout(5400)
def test_a_city_in_containers(capfd: pytest.CaptureFixture[str]) -> None:
    """Never a condition of the suite, not under CI either: building takes minutes, and an engine the machine's leave."""
    if not os.environ.get("RUN_CONTAINERS"):
        pytest.skip("RUN_CONTAINERS=1 and `make deploy-test` build and start them")
    if reason := containers.lacking():
        pytest.skip(reason)
    try:
        with capfd.disabled():
            containers.live_through()
    except containers.Refused as reason:
        pytest.skip(str(reason))


def units() -> dict[str, str]:
    """Unit → what it starts, without the way to it."""
    found = {}
    for file in DEPLOY.glob("*.service"):
        start = next(line for line in file.read_text().splitlines() if line.startswith("ExecStart="))
        found[file.stem] = start.split("/usr/bin/env .venv/bin/")[1]
    return found


def environments(service: str) -> list[str]:
    return [Path(file.removeprefix(f"{KEYS}/")).stem for file in SERVICES[service].get("env_file", [])]


def test_containers_run_what_the_units_run() -> None:
    started = units()
    for name, unit in (("live", "grid-live"), ("work", "grid-work"), ("clock", "grid-clock")):
        assert SERVICES[name]["command"] == started[unit]
    for number in ("1", "2"):
        wanted = started["grid-web@"].replace("%i", number)
        # A container holds one of them: nobody shares its home.
        wanted = wanted.replace(f"--control-socket /run/grid/web-{number}.ctl", "--no-control-socket")
        assert SERVICES[f"web-{number}"]["command"] == wanted


def test_they_know_what_the_units_know() -> None:
    for service, unit in (
        ("web-1", "grid-web@"),
        ("live", "grid-live"),
        ("work", "grid-work"),
        ("clock", "grid-clock"),
    ):
        text = (DEPLOY / f"{unit}.service").read_text()
        assert environments(service) == re.findall(
            r"^EnvironmentFile=/etc/grid/(\w+)\.env$", text, re.MULTILINE
        )
        as_whom = SERVICES[service].get("user", "grid:grid").split(":")
        assert as_whom == [
            *re.findall(r"^User=(\S+)$", text, re.M),
            *re.findall(r"^Group=(\S+)$", text, re.M),
        ]
        memory = re.findall(r"^MemoryMax=(\d)G$", text, re.MULTILINE)
        assert SERVICES[service]["mem_limit"] == f"{memory[0]}g"
    # All keys lie in one container, which answers nobody.
    assert [name for name in SERVICES if f"{KEYS}:/etc/grid:ro" in SERVICES[name].get("volumes", [])] == [
        "manage"
    ]
    assert "ports" not in SERVICES["manage"] and "sockets:/run/grid" not in SERVICES["manage"]["volumes"]
    assert {name: environments(name) for name in SERVICES if "owner" in environments(name)} == {
        "tables": ["grid", "owner"]
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_environment_file_is_one_the_installer_makes(service: str) -> None:
    for name in environments(service):
        assert name == "roles" or (ROOT / FILES[name]).exists()


def test_nothing_is_pulled_but_debian() -> None:
    stages = re.findall(r"^FROM (\S+) AS (\w+)$", RECIPE, re.MULTILINE)
    assert len(stages) == RECIPE.count("\nFROM ")
    assert {base for base, _name in stages} == {"${BASE}", "debian"} and stages[0] == ("${BASE}", "debian")
    assert re.findall(r"^ARG BASE=(.*)$", RECIPE, re.MULTILINE) == ["docker.io/library/debian:12-slim"]
    # Whoever copies from an image pulls it, too.
    assert "--from=" not in RECIPE and not re.search(r"^(ADD|ONBUILD)\b", RECIPE, re.MULTILINE)
    for name, service in SERVICES.items():
        image = service["image"]
        target = re.fullmatch(r"localhost/grid-canvass-(\w+):\$\{VERSION:-latest\}", image)
        assert target and target[1] in dict(map(reversed, stages)), name  # type: ignore[arg-type]
        if "build" in service:
            assert service["build"]["target"] == target[1]
            assert service["build"]["args"] == {"BASE": "${BASE:-docker.io/library/debian:12-slim}"}
    built = {service["image"] for service in SERVICES.values() if "build" in service}
    assert built == {service["image"] for service in SERVICES.values()}
    assert set(containers.IMAGES) == {name for _base, name in stages[1:]}


def test_an_image_holds_the_program_and_nothing_else_that_lies_about() -> None:
    copied = [word for line in re.findall(r"^COPY (.*)$", RECIPE, re.M) for word in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied), copied
    assert {"grid", "tasks", "workflows", "mobile_api", "project", "templates", "manage.py"} <= set(copied)
    # The folder of the source may hold a city's data and keys.
    assert not {".", "*", "var", ".venv", ".git", "node_modules", "tests"} & set(copied)


def test_every_folder_that_is_shared_is_kept() -> None:
    named = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("${")
    }
    assert named == set(COMPOSE["volumes"])


def test_processes_hold_no_more_than_they_need() -> None:
    for name in OF_THE_APPLICATION - {"manage"}:
        service = SERVICES[name]
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges"]
        assert "ports" not in service and service.get("user", "grid") != "root"
    # Only nginx can be reached; what watches it, from this machine alone.
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["nginx"]
    assert SERVICES["nginx"]["ports"][2].startswith("127.0.0.1:")


def test_nights_are_those_of_the_timers() -> None:
    nights = (DEPLOY / "containers/nights").read_text()
    for name, job in (("backup", "backup"), ("sweep", "sweep"), ("verify-files", "verify_files")):
        timer = (DEPLOY / f"backup/grid-{name}.timer").read_text()
        told = re.search(r"^OnCalendar=(Sun )?\*-\*-\* (\d\d:\d\d):00$", timer, re.MULTILINE)
        assert told and "Persistent=true" in timer
        assert f'is_due {job} "$({"weekly" if told[1] else "daily"} {told[2]})"' in nights
    # The rest of the timers is PostgreSQL's own, on its machine.
    assert {file.stem for file in DEPLOY.rglob("*.timer")} == {
        "grid-backup", "grid-sweep", "grid-verify-files", "grid-base-backup",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["begin", "database", "tables", "nights", "upgrade"])
def test_scripts_can_be_read_and_run(name: str) -> None:
    file = DEPLOY / "containers" / name
    assert os.access(file, os.X_OK)
    subprocess.run(["bash", "-n", str(file)], check=True)


def test_a_container_begins_with_the_mask_and_hands_on_how_it_ended() -> None:
    begin = str(DEPLOY / "containers/begin")
    done = subprocess.run([begin, "sh", "-c", "umask; exit 0"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "0007\n")
    with subprocess.Popen(
        [begin, "sh", "-c", "echo on; exec sleep 60"], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout and running.stdout.readline() == "on\n"
        running.terminate()
        assert running.wait(20) == 128 + 15


def test_keys_for_containers_are_the_installers(tmp_path: Path) -> None:
    here = Places(
        {**CHOICES, **prepared.BESIDE, "ROOT": str(tmp_path), "HOST": "grid.shili.example", "CITY": "1503"}
    )
    prepared.prepare_environment(here, ROOT)
    prepared.prepare_door(here, ROOT, "", "")
    made = {file.name: file.read_text() for file in here.etc.iterdir() if file.is_file()}
    assert set(made) == {*(f"{name}.env" for name in FILES), "roles.env", "install.env"}
    assert all((here.etc / name).stat().st_mode & 0o077 == 0 for name in made)
    words = read_lines(here.etc / "roles.env")
    assert set(words) == set(ROLES.values())
    for name, role in ROLES.items():
        url = read_lines(here.etc / f"{name}.env")["DATABASE_URL"]
        assert url == f"postgresql://{role}:{words[role]}@database:5432/grid"
    assert read_lines(here.etc / "grid.env")["REDIS_URL"] == "redis://cache:6379/0"
    site = (here.etc / "site/grid").read_text()
    assert (
        "listen 8001;" in site
        and "listen 127.0.0.1" not in site
        and "server_name grid.shili.example;" in site
    )
    prepared.prepare_environment(here, ROOT)
    assert made == {file.name: file.read_text() for file in here.etc.iterdir() if file.is_file()}


def test_passwords_are_given_to_every_role() -> None:
    said = (DEPLOY / "containers/passwords.sql").read_text()
    assert re.findall(r"^ALTER ROLE (\w+) PASSWORD", said, re.MULTILINE) == re.findall(
        r"^\\getenv \w+ (\w+)$", said, re.M
    )
    assert set(re.findall(r"^ALTER ROLE (\w+)", said, re.MULTILINE)) == set(ROLES.values())


def test_blocks_of_the_guide_name_what_is_there() -> None:
    wanted = {
        "build", "keys", "tables", "start", "look", "first", "escrow", "upgrade", "backup", "close", "open", "stop",
    }  # fmt: skip
    blocks = guide.blocks(containers.GUIDE)
    assert set(blocks) == wanted
    for block in blocks.values():
        assert set(re.findall(r"\bgrid_([\w-]+)_1\b", block)) <= set(SERVICES)
