"""What the installer writes, without a machine."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.machine import ROOT
from tests.servers import must_have

sys.path.insert(0, str(ROOT / "deploy"))
from installer import release, web
from installer.environment import FILES as FILES_OF_ETC
from installer.environment import completed, filled
from installer.places import CHOICES, Places, keep, places, read_lines, remember

DEBIANS_NGINX = Path("/etc/nginx/nginx.conf")
FILES = [
    *(ROOT / "deploy").glob("*.service"),
    *(ROOT / "deploy").glob("*.example"),
    ROOT / "deploy/nginx.conf",
]


def here(root: str, **chosen: str) -> Places:
    return Places({**CHOICES, "HOST": "grid.shili.example", "ROOT": root, **chosen})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_on_a_machine_of_its_own_files_stay_as_they_stand(file: Path) -> None:
    text = file.read_text()
    assert here("/").placed(text) == text.replace("grid.example.gov.cn", "grid.shili.example")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_under_a_private_root_nothing_points_out_of_it(file: Path) -> None:
    text = here("/tmp/private", GRID_USER="games").placed(file.read_text())
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    outside = re.findall(r"(?<!private)/(?:srv|etc|run|var/lib)/grid\b", "\n".join(lines))
    assert outside == [] and "User=grid\n" not in text
    assert here("/tmp/private", GRID_USER="games").placed(text).count("/tmp/private/tmp/private") == 0


def test_another_port_stays_in_the_redirect() -> None:
    site = here("/", HTTPS_PORT="8443").placed((ROOT / "deploy/nginx.conf").read_text())
    assert "listen 8443 ssl" in site and "return 301 https://grid.shili.example:8443$request_uri" in site


def test_nginx_conf_is_replaced_only_as_debian_shipped_it(tmp_path: Path) -> None:
    file, ours = tmp_path / "etc/nginx/nginx.conf", (ROOT / "deploy/nginx-main.conf").read_text()
    file.parent.mkdir(parents=True)
    file.write_text("user me;\n")
    assert not web.prepare_main(here(str(tmp_path)), ROOT) and file.read_text() == "user me;\n"
    file.write_bytes(DEBIANS_NGINX.read_bytes())
    if hashlib.md5(file.read_bytes()).hexdigest() == web._as_shipped():
        assert web.prepare_main(here(str(tmp_path)), ROOT) and file.read_text() == ours
    file.write_text(ours.replace("16384", "1024"))
    assert web.prepare_main(here(str(tmp_path)), ROOT), "an older one of ours goes"
    assert not web.prepare_main(here(str(tmp_path)), ROOT) and file.read_text() == ours


def test_nginx_takes_its_main_file_and_the_site_together(tmp_path: Path) -> None:
    """Each may be right by itself, and one name mean two things in both."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin") or must_have("nginx")
    place = here(str(tmp_path))
    web.prepare_certificate(place, "", "")
    for folder in ("etc/nginx/sites-enabled", "var/log/nginx", "run"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "etc/nginx/sites-enabled/grid").write_text(web.site_text(place, ROOT))
    main = place.placed((ROOT / "deploy/nginx-main.conf").read_text())
    for theirs in ("/etc/nginx/sites-enabled", "/run/nginx.pid", "/var/log/nginx"):
        main = main.replace(f" {theirs}", f" {tmp_path}{theirs}")
    (tmp_path / "nginx.conf").write_text(main)
    command = [nginx, "-t", "-e", "stderr", "-c", str(tmp_path / "nginx.conf")]
    tried = subprocess.run(command, capture_output=True, text=True)
    # What only root may do is tried by the rest of us, too, and is not what is asked here.
    assert "[emerg]" not in tried.stderr or os.geteuid() != 0, tried.stderr
    assert "conflicts" not in tried.stderr, tried.stderr


@pytest.mark.parametrize("file", sorted((ROOT / "deploy").rglob("*.service")), ids=lambda file: file.name)
def test_a_command_by_hand_is_what_its_unit_is(file: Path, tmp_path: Path) -> None:
    """The nightly backup, and the one somebody types: one role, one user."""
    unit = file.read_text()
    command = re.search(r"manage\.py (\w+)", unit)
    environments = re.findall(r"^EnvironmentFile=/etc/grid/(\w+)\.env$", unit, re.MULTILINE)
    if command is None:
        return
    told = by_hand(tmp_path, command[1])
    assert told == {"environment": environments[-1], "user": re.findall(r"^User=(\S+)$", unit, re.M)[0]}


@pytest.mark.parametrize(
    ("words", "environment", "user"),
    [
        ("rotate_key privacy", "owner", "grid"),
        ("rotate_key blind", "owner", "grid"),
        ("rotate_key codes", "service", "grid"),
        ("rotate_key ledger", "clock", "grid-clock"),
        ("check_ledger", "clock", "grid-clock"),
        ("restore DIR", "owner", "grid-backup"),
        ("import_grids FILE", "service", "grid"),
    ],
)
def test_a_command_has_the_role_it_needs(tmp_path: Path, words: str, environment: str, user: str) -> None:
    assert by_hand(tmp_path, *words.split()) == {"environment": environment, "user": user}


def by_hand(root: Path, *words: str) -> dict[str, str]:
    """What grid-manage would run a command with: seen by a Python and a setpriv that only say so."""
    if os.geteuid() != 0:
        pytest.skip("only root becomes somebody else")
    released = root / "srv/grid/releases/v1"
    for folder in (
        released / "deploy",
        released / ".venv/bin",
        root / "etc/grid",
        root / "run",
        root / "bin",
    ):
        folder.mkdir(parents=True, exist_ok=True)
    (released / "deploy/grid-manage").write_text((ROOT / "deploy/grid-manage").read_text())
    lines = {**CHOICES, "ROOT": str(root), "HOST": "grid.shili.example"}
    (root / "etc/grid/install.env").write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
    for name in FILES_OF_ETC:
        (root / f"etc/grid/{name}.env").write_text(f"NAMED={name}\n" if name != "grid" else "")
    python = released / ".venv/bin/python"
    python.write_text('#!/bin/bash\necho "$NAMED $AS"\n')
    setpriv = root / "bin/setpriv"
    setpriv.write_text('#!/bin/bash\nexport AS=$2\nwhile [[ $1 != .venv* ]]; do shift; done\nexec "$@"\n')
    chown = root / "bin/chown"
    chown.write_text("#!/bin/bash\n")
    for file in (python, setpriv, chown):
        file.chmod(0o755)
    environ = {"PATH": f"{root}/bin:/usr/bin:/bin"}
    command = ["bash", str(released / "deploy/grid-manage"), *words]
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout.split()
    assert not list((root / "run").iterdir()), "the keys of a backup are gone with it"
    return {"environment": said[0], "user": said[1]}


def test_what_stands_in_an_environment_file_is_never_changed() -> None:
    example = "# why\nKEY=\nNEW=2\n"
    assert filled(example, {"KEY": "a=b"}) == "# why\nKEY=a=b\nNEW=2\n"
    mine = "KEY=secret\n# NEW=off\n"
    assert completed(mine, example) == mine, "a variable that was commented out stays out"
    grown = completed("KEY=secret\n", example)
    assert grown.startswith("KEY=secret\n") and grown.endswith("NEW=2\n")
    assert completed(grown, example) == grown


def test_what_was_chosen_once_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CHOICES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROOT", str(tmp_path))
    monkeypatch.setenv("HTTPS_PORT", "8443")
    remember(places({"HOST": "grid.shili.example"}))
    monkeypatch.delenv("HTTPS_PORT")
    again = places({})
    assert (again.host, again.https_port, again.http_port) == ("grid.shili.example", "8443", "80")
    assert (tmp_path / "etc/grid/install.env").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("HTTPS_PORT", "9443")
    assert places({}).https_port == "9443"


def test_a_secret_is_nobodys_for_no_instant(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        assert keep(tmp_path / "a.env", "A=1\n") and not keep(tmp_path / "a.env", "A=1\n")
    finally:
        os.umask(old)
    assert (tmp_path / "a.env").stat().st_mode & 0o777 == 0o600
    assert read_lines(tmp_path / "a.env") == {"A": "1"} and os.listdir(tmp_path) == ["a.env"]


def test_releases_are_switched_and_the_oldest_go(tmp_path: Path) -> None:
    place = here(str(tmp_path), RELEASES_KEPT="2")
    for number, name in enumerate(("v1", "v2", "v3")):
        (folder := place.home / "releases" / name).mkdir(parents=True)
        os.utime(folder, (number, number))
        release.switch(place, folder)
    assert release.running(place).name == "v3" and release.previous(place).name == "v2"
    assert release.prune(place) == ["v1"]
    release.switch(place, release.previous(place))
    assert (release.running(place).name, release.previous(place).name) == ("v2", "v3")
    assert release.prune(place) == []


def test_commands_explain_themselves() -> None:
    said = subprocess.run(
        [ROOT / "deploy/install", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert "--upgrade TAG" in said and "--rollback" in said
    alone = subprocess.run([ROOT / "deploy/grid-manage"], capture_output=True, text=True)
    assert alone.returncode == 64 and "grid-manage COMMAND" in alone.stdout


@pytest.mark.parametrize("city", ["", "15", "Wuhai"])
def test_nothing_is_begun_without_a_city(tmp_path: Path, city: str) -> None:
    command = [ROOT / "deploy/install", "--host", "grid.shili.example", "--city", city, "--no-apt"]
    environ = {"PATH": os.environ["PATH"], "ROOT": str(tmp_path), "GRID_NOT_ROOT": "1"}
    said = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert said.returncode == 1 and "--city is missing" in said.stderr and not os.listdir(tmp_path)
