"""Changing a key while everybody works: begun and ended in the ledger, done in slices, and simply run again after a kill.

In each case the settings name the new key first and the old one behind it, and every process was restarted with them:
from then on what is written is under the new key, and what lies there is still read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import privacy, problems
from grid.ledger import handover, keys, notes
from grid.ledger.actions import Line, record, sealer, times
from grid.ledger.handover import Handover
from grid.ledger.verbs import LedgerVerb
from grid.rotation import problems as rotation_problems
from grid.rotation import queries
from grid.rotation.actions import blind, sealed
from grid.rotation.verbs import RotationVerb
from grid.scope import Actor

PASSES = 3


@dataclass(frozen=True, slots=True)
class Rotated:
    """`count` values were written anew in this run; `kept` cannot be, so the old key stays for them."""

    new: str
    old: str
    count: int
    kept: int = 0


def rotate_privacy_key(*, by: Actor, told: Callable[[int], None] = lambda count: None) -> Rotated:
    """Every value encrypted under an older key of PRIVACY_KEY is written anew under the first. `told` hears the count.

    Raises NothingToRotate, RotationOpen, RotationUnfinished.
    """
    ids = privacy.key_ids()
    _begin("privacy", "PRIVACY_KEY", _("个人信息密钥"), ids, by)
    count = unreadable = 0
    for _pass in range(PASSES):
        done, unreadable = _all(sealed.rewrite(), told, count)
        count += done
        if not done:
            break
    # A process that still writes under the old key has not been restarted.
    if left := sealed.remaining():
        raise rotation_problems.RotationUnfinished(count=left, unreadable=unreadable)
    return _end("privacy", _("个人信息密钥"), Rotated(ids[0], "、".join(ids[1:]), count), by)


def rotate_blind_key(*, by: Actor, told: Callable[[int], None] = lambda count: None) -> Rotated:
    """Fingerprints of values the system has are made anew; those of citizens' numbers stay, and with them the old key.

    Raises NothingToRotate, RotationOpen, RotationUnfinished.
    """
    ids = privacy.blind_key_ids()
    _begin("blind", "BLIND_INDEX_KEY", _("检索指纹密钥"), ids, by)
    count = strange = changed = 0
    for _pass in range(PASSES):
        changed, strange = _all(blind.rewrite(), told, count)
        count += changed
        if not changed:
            break
    # A process that still writes under the old key has not been restarted.
    if changed or not blind.newest_fits():
        raise rotation_problems.RotationUnfinished(count=changed + strange, unreadable=strange)
    done = Rotated(ids[0], "、".join(ids[1:]), count, queries.kept_numbers())
    return _end("blind", _("检索指纹密钥"), done, by)


def rotate_codes_key(*, by: Actor) -> Rotated:
    """Nothing lies in the database: labels on doors say their signature themselves, and are believed while the key they
    were printed with stands in CODES_KEY_FALLBACKS. Raises NothingToRotate, RotationOpen.
    """
    ids = queries.codes_key_ids()
    _begin("codes", "CODES_KEY, CODES_KEY_FALLBACKS", _("编码签名密钥"), ids, by)
    return _end("codes", _("编码签名密钥"), Rotated(ids[0], "、".join(ids[1:]), 0), by)


def hand_over_ledger_key(*, by: Actor) -> Handover:
    """The first key of LEDGER_KEY signs from now on; the one that signed so far tells of it in the tree and seals that.

    Raises NothingToRotate, StrangeKeys, Busy; NoSigningKey where this process holds no key.
    """
    if not keys.fits_last_checkpoint():
        raise rotation_problems.StrangeKeys()
    new, old = keys.held()[0], keys.signing_key()
    if keys.ring().knows(new.public_key()):
        raise rotation_problems.NothingToRotate(name="LEDGER_KEY")
    # What waits is sealed before, so that the entry and its seal are of one moment.
    sealer.seal_pending()
    raw = [notes.raw_public(key.public_key()) for key in (old, new)]
    ids = [notes.key_id(keys.origin(), key.public_key()).hex() for key in (old, new)]
    with transaction.atomic():
        sealer.lock()
        told = Handover(keys.origin(), raw[0], raw[1], times.time_of_writing())
        data = {"note": handover.sign(told, old, new), "old": ids[0], "new": ids[1]}
        record(LedgerVerb.KEY_HANDED_OVER, Line(settings.CITY, data=data), by=by)
        while sealer.seal(sealer.BATCH, old) == sealer.BATCH:
            pass
        # Whoever wrote much in this moment made the seal younger than the old key's term: then nothing of it was.
        if not keys.fits_last_checkpoint():
            raise problems.Busy()
    return told


def _begin(name: str, setting: str, title: str, ids: list[str], by: Actor) -> None:
    """Records the beginning of a rotation once, however often the command is run until it is done."""
    last, running = queries.last_rotation(name), queries.open_rotation()
    if running is not None and running.data["name"] != name:
        raise rotation_problems.RotationOpen(key=running.data["key"])
    if len(ids) < 2 or (running is None and last is not None and last.data["new"] == ids[0]):
        raise rotation_problems.NothingToRotate(name=setting)
    if running is None:
        data = {"name": name, "key": title, "new": ids[0], "old": "、".join(ids[1:])}
        with transaction.atomic():
            record(RotationVerb.KEY_ROTATION_BEGUN, Line(settings.CITY, data=data), by=by)


def _end(name: str, title: str, done: Rotated, by: Actor) -> Rotated:
    data = {"name": name, "key": title, "new": done.new, "old": done.old, "count": done.count}
    with transaction.atomic():
        record(RotationVerb.KEY_ROTATED, Line(settings.CITY, data=data), by=by)
    return done


def _all(slices: Iterator[tuple[int, int]], told: Callable[[int], None], before: int) -> tuple[int, int]:
    count = strange = 0
    for done, failed in slices:
        count, strange = count + done, strange + failed
        told(before + count)
    return count, strange
