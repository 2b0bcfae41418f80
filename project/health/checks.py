"""What is asked of the whole: database, schema, keys, disk, fonts, times, and the processes without an address.

A fault is told in plain words, without any secret: doctor prints it, `/readyz` tells it to this machine alone.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import now, today
from grid.health.followers import Question, register_question
from grid.health.queries import faults_of
from grid.keeping import free_bytes
from grid.ledger.models import Entry
from grid.offices.queries import offices_missing
from grid.rotation.queries.fitting import misfits
from project import keys
from project.backup import reports
from project.health import certificate
from tasks.visits.models import Evidence
from workflows.notices import problems as notices_problems
from workflows.notices.documents import fonts
from workflows.notices.models import Notice

MEGABYTE: Final = 1024 * 1024
SKEW: Final = 2.0  # seconds two clocks may differ
FIT_FOR: Final = 300.0  # seconds for which an answer about keys is believed
NEWEST: Final = 20  # files looked for
BACKUP_OLD: Final = 26 * 3600.0  # seconds: a night and two hours


def register() -> None:
    """Called when the apps are ready."""
    for question in (
        Question("database", _("数据库"), _database, is_vital=True),
        Question("schema", _("表结构"), _schema_is_older, is_vital=True),
        Question("keys", _("密钥"), _keys, is_vital=True),
        Question("newer-schema", _("表结构比程序新"), _schema_is_newer),
        Question("disk", _("磁盘"), _disk, needs_database=False),
        Question("fonts", _("字体"), _fonts, needs_database=False),
        Question("time", _("时钟"), _time),
        Question("clock", _("时钟进程"), lambda: faults_of("clock")),
        Question("worker", _("后台任务进程"), lambda: faults_of("work")),
        Question("files", _("文件"), _files),
        Question("offices", _("机关"), _offices),
        Question("backup", _("备份"), _backup, needs_database=False),
        Question("certificate", _("证书"), _certificate, needs_database=False),
        Question("modes", _("文件权限"), _modes, needs_database=False),
    ):
        register_question(question)


def _database() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if cursor.fetchone() != (1,):
            yield "SELECT 1 does not answer 1"


@cache
def _migrations_of_the_code() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def _applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def _schema_is_older() -> Iterator[str]:
    if lacking := sorted(_migrations_of_the_code() - _applied()):
        yield f"{len(lacking)} migrations are not applied, the first is {'.'.join(lacking[0])}: manage.py migrate"


def _schema_is_newer() -> Iterator[str]:
    """Lawful while a new version comes in, for old code outlives the next step; strange for longer."""
    ours = {app for app, _name in _migrations_of_the_code()}
    unknown = sorted(
        migration for migration in _applied() - _migrations_of_the_code() if migration[0] in ours
    )
    if unknown:
        yield f"{len(unknown)} migrations of another version are applied, the last is {'.'.join(unknown[-1])}"


_fitted_until = 0.0


def _keys() -> Iterator[str]:
    """The start has asked the same. Since then another process may have written under another key."""
    global _fitted_until
    if not settings.DEMO:
        given = {name: getattr(settings, name) for name in (*keys.DEMO_KEYS, "LEDGER_PUBLIC_KEY")}
        yield from keys.reasons(given)
    if time.monotonic() < _fitted_until:
        return
    faults = misfits()
    yield from map(str, faults)
    if not faults:
        _fitted_until = time.monotonic() + FIT_FOR


def _disk() -> Iterator[str]:
    free = free_bytes()
    if free < settings.ROOM_FOR_VISITS:
        yield f"{free // MEGABYTE} MB are free: not even visits are taken"
    elif free < settings.ROOM_KEPT_FREE:
        yield f"{free // MEGABYTE} MB are free: no photos and files are taken"


def _fonts() -> Iterator[str]:
    try:
        fonts.faces()
    except notices_problems.FontMissing as error:
        yield f"{error.facts['font']} is not installed: make packages brings the house's own, PRINT_…FONT name others"


def _time() -> Iterator[str]:
    """An entry is never written before its forerunner, so a machine whose clock went back writes none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            before = datetime.now(UTC)
            cursor.execute("SELECT clock_timestamp()")
            off = (cursor.fetchone()[0] - before).total_seconds()
        if abs(off) > SKEW:
            yield f"the database's clock differs from this machine's by {off:+.1f} s: is NTP running on both?"
    last = Entry.objects.order_by("-pk").values_list("at", flat=True).first()
    ahead = (last - now()).total_seconds() if last else 0.0
    if ahead > SKEW:
        yield f"the last entry of the ledger is {ahead:.0f} s ahead of this machine's clock"


def _offices() -> Iterator[str]:
    if lacking := offices_missing(settings.CITY, today()):
        first = f"{lacking[0].area_name} {lacking[0].title}"
        yield f"{len(lacking)} offices of the city are not confirmed, the first is {first}: 法规 → 机关"


def _backup() -> Iterator[str]:
    """A demo on somebody's own machine has nothing to lose."""
    if settings.DEMO:
        return
    age = reports.age_of("backup")
    if age is None:
        yield "there is no backup yet: see deploy/backup/README.md"
    elif age > BACKUP_OLD:
        yield f"the last backup is {age / 3600:.0f} hours old"


def _certificate() -> Iterator[str]:
    if not certificate.is_ours():
        return
    try:
        days = certificate.days_left()
    except certificate.CertificateUnreadable as error:
        yield f"{error}: TLS_CERTIFICATE names the file nginx shows, or nothing where TLS ends elsewhere"
        return
    if days < 0:
        yield f"the certificate ended {-days:.0f} days ago: no phone and no browser trusts it"
    elif days < certificate.FEW:
        yield f"the certificate ends in {days:.0f} days: deploy/install --certificate … --key …"


def _files() -> Iterator[str]:
    """What verify_files found last, and the newest documents and photos now."""
    found = reports.last("files") or {}
    if bad := found.get("missing", 0) + found.get("altered", 0):
        yield f"verify_files found {bad} files missing or altered on {found['at'][:10]}"
    missing = [
        document
        for document in chain(_newest_documents(), _newest_photos())
        if not (settings.FILES / document).is_file()
    ]
    if missing:
        yield f"{len(missing)} of the newest files are missing, among them {missing[0]}: manage.py verify_files"


def _modes() -> Iterator[str]:
    """A demo on somebody's own machine holds nothing that a neighbour may not see."""
    if settings.DEMO:
        return
    open_to_all = stat.S_IROTH | stat.S_IXOTH
    for place in (settings.DATA, Path(settings.FILES)):
        if place.exists() and place.stat().st_mode & open_to_all:
            yield f"{place} is open to every user of this machine: chmod o-rwx"


def _newest_documents() -> Iterator[Path]:
    yield from map(Path, Notice.objects.order_by("-pk").values_list("path", flat=True)[:NEWEST])


def _newest_photos() -> Iterator[Path]:
    kept = Evidence.objects.exclude(path="").order_by("-pk").values_list("path", flat=True)
    yield from map(Path, kept[:NEWEST])
