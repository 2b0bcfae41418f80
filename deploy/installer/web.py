"""nginx and its certificate."""

import hashlib
import re
import subprocess
from pathlib import Path

from installer.places import Places, fail, keep


def prepare_certificate(here: Places, certificate: str, key: str) -> bool:
    """The given pair, else what is there, else one signed by itself, so that the first start needs nobody; whether it
    changed."""
    folder = here.etc / "tls"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    chain, secret = folder / "fullchain.pem", folder / "key.pem"
    if certificate:
        return keep(chain, Path(certificate).read_text(), 0o644) | keep(secret, Path(key).read_text())
    if chain.exists():
        return False
    _sign_for_a_start(here, chain, secret)
    return True


def _sign_for_a_start(here: Places, chain: Path, secret: Path) -> None:
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90"]
    name = ["-subj", f"/CN={here.host}", "-addext", f"subjectAltName=DNS:{here.host}"]
    command = ["openssl", "req", "-x509", *kind, *name, "-keyout", str(secret), "-out", str(chain)]
    made = subprocess.run(command, capture_output=True, text=True, umask=0o077)
    if made.returncode:
        fail(f"openssl: {made.stderr.strip()}")
    chain.chmod(0o644)
    print(f"  {chain} is signed by itself, for 90 days: put the city's own in its place")


def prepare_main(here: Places, release: Path) -> bool:
    """nginx.conf with room for the open pages of a city, in the place of Debian's; whether it changed.

    One somebody has written into stays: whoever runs the machine knows why.
    """
    file, ours = here.at("/etc/nginx/nginx.conf"), (release / "deploy/nginx-main.conf").read_text()
    text = file.read_text()
    if text == ours:
        return False
    if not (text.startswith(ours.splitlines()[0]) or hashlib.md5(text.encode()).hexdigest() == _as_shipped()):
        print(f"  {file} was changed by hand and stays: deploy/nginx-main.conf says what 5,000 pages need")
        return False
    return keep(file, ours, 0o644)


def _as_shipped() -> str:
    """The MD5 by which Debian knows whether its nginx.conf was touched; "" where it does not say."""
    asked = ["dpkg-query", "-W", "-f=${Conffiles}\n", "nginx-common"]
    told = subprocess.run(asked, capture_output=True, text=True).stdout
    found = re.search(r"^ ?/etc/nginx/nginx\.conf ([0-9a-f]{32})", told, re.MULTILINE)
    return found[1] if found else ""


def site_text(here: Places, release: Path) -> str:
    """The site for this installation; without IPv6 where the kernel has none, for nginx would not start."""
    text = here.placed((release / "deploy/nginx.conf").read_text())
    if not Path("/proc/net/if_inet6").exists():
        text = "".join(line for line in text.splitlines(True) if "listen [::]" not in line)
    return text


def prepare_nginx(here: Places, release: Path) -> bool:
    """Writes and links the site; whether it changed. What nginx refuses is taken back."""
    text = site_text(here, release)
    site = here.at("/etc/nginx/sites-available/grid")
    before = site.read_text() if site.exists() else None
    changed = keep(site, text, 0o644)
    link = here.at("/etc/nginx/sites-enabled/grid")
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(Path("../sites-available/grid"))
    # Debian's own site would answer wherever the name of ours is not asked for.
    here.at("/etc/nginx/sites-enabled/default").unlink(missing_ok=True)
    tried = subprocess.run([*here.command("NGINX"), "-t"], capture_output=True, text=True)
    if tried.returncode:
        if before is not None:
            keep(site, before, 0o644)
        fail(f"nginx refuses its site:\n{tried.stderr.strip()}")
    return changed
