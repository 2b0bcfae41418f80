"""A signing key hands over to the next within the tree; the verifier follows from the key it trusts, and no further."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.test import Client

from grid.calendar.now import now
from grid.ledger import handover, keys, notes, queries
from grid.ledger.actions import exports, sealer
from grid.ledger.findings import Kind
from grid.ledger.handover import Handover, follow
from grid.ledger.models import Checkpoint, Entry
from grid.ledger.queries import checks
from grid.ledger.queries.checkpoints import newest, note_of
from grid.ledger.queries.walk import Place, walk
from grid.ledger.verbs import LedgerVerb
from grid.ledger.verify import check, read_known
from grid.rotation import actions
from grid.rotation import problems as rotation_problems
from tests.grid.ledger.conftest import CASE, CLERK, Lines, altered, write

FIRST, SECOND, THIRD, THIEF = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3, 9))
ORIGIN = "grid-canvass/1503"


def secret(*own: Ed25519PrivateKey) -> str:
    return ",".join(b64encode(key.private_bytes_raw()).decode() for key in own)


def pem(key: Ed25519PrivateKey) -> str:
    return notes.pem_of(key.public_key())


def public(key: Ed25519PrivateKey) -> str:
    return b64encode(notes.raw_public(key.public_key())).decode()


def link(old: Ed25519PrivateKey, new: Ed25519PrivateKey, signers: Any = None, origin: str = ORIGIN) -> str:
    raw = [notes.raw_public(key.public_key()) for key in (old, new)]
    return handover.sign(Handover(origin, raw[0], raw[1], now()), *(signers or (old, new)))


@pytest.fixture
def rotated(db: None, settings: Any) -> None:
    """Entries sealed by the first key, a handover, entries sealed by the second; the settings still trust the first."""
    settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = secret(FIRST), public(FIRST)
    write()
    sealer.seal_pending()
    write()
    settings.LEDGER_KEY = secret(SECOND, FIRST)
    sealer.seal_pending()
    call_command("rotate_key", "ledger", verbosity=0)
    write()
    sealer.seal_pending()


def test_who_signed_what(rotated: None) -> None:
    signers = [point.key_id for point in Checkpoint.objects.order_by("size")]
    first, second = (notes.key_id(ORIGIN, key.public_key()).hex() for key in (FIRST, SECOND))
    assert signers == [first, first, first, second]
    told = Entry.objects.get(verb=LedgerVerb.KEY_HANDED_OVER)
    assert (told.data["old"], told.data["new"]) == (first, second)
    assert told.leaf.index < Checkpoint.objects.filter(key_id=first).latest("size").size


@pytest.mark.parametrize("trusted", [FIRST, SECOND])
def test_an_auditor_proves_it_with_either_key(rotated: None, trusted: Ed25519PrivateKey) -> None:
    for content in (queries.export(CLERK, CASE), b"".join(exports.full_export(newest()))):
        report = check(content, pem(trusted), deep=True)
        assert report.exit_code == 0, report.lines()
        assert "交接过 1 次" in report.remarks[0]


def test_a_checkpoint_taken_before_the_handover_is_still_known(rotated: None) -> None:
    known = read_known(note_of(Checkpoint.objects.earliest("size")).encode())
    content = queries.export(CLERK, CASE, known=known.tree.size)
    assert check(content, pem(FIRST), known).exit_code == 0


@pytest.mark.parametrize("trusted", [FIRST, SECOND])
def test_the_system_itself_follows_from_the_key_of_its_settings(
    rotated: None, settings: Any, trusted: Ed25519PrivateKey
) -> None:
    settings.LEDGER_PUBLIC_KEY = public(trusted)
    size = newest().size
    assert keys.public_key_pem() == pem(SECOND) and keys.fits_last_checkpoint()
    assert not [found for page in walk(Place(), size, 60) for found in page]
    assert not list(checks.end_stands(0, b""))
    settings.LEDGER_KEY = secret(SECOND)
    write()
    assert sealer.seal_pending() == 1


def test_a_third_key_follows_and_the_public_page_gives_the_chain(rotated: None, settings: Any) -> None:
    settings.LEDGER_KEY = secret(THIRD, SECOND)
    call_command("rotate_key", "ledger", verbosity=0)
    write()
    sealer.seal_pending()
    for trusted in (FIRST, SECOND, THIRD):
        assert check(queries.export(CLERK, CASE), pem(trusted)).exit_code == 0
    told = Client().get("/public/ledger/handovers.txt").content.decode()
    assert told.count("handover\nfrom ") == 2
    assert follow(FIRST.public_key(), told.split("\n\n\n"), ORIGIN).terms


def test_a_stranger_key_is_refused_as_before(rotated: None) -> None:
    report = check(queries.export(CLERK, CASE), pem(THIEF))
    assert Kind.SIGNATURE in report.kinds()


def forged(lines: Lines, note: str) -> None:
    told = lines[0]["handovers"][0]
    content = b64decode(told["canonical"]).decode()
    head, body = content.split("Z ", 1)
    facts = json.loads(body)
    facts["data"]["note"] = note
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    told["canonical"] = b64encode(f"{head}Z {text}".encode()).decode()


def resigned(lines: Lines, key: Ed25519PrivateKey) -> None:
    head, said = (notes.parse(lines[0][name]) for name in ("checkpoint", "statement"))
    lines[0]["checkpoint"], lines[0]["statement"] = notes.sign(head, key), notes.sign(said, key)


@pytest.mark.parametrize(
    ("signers", "kind"),
    [
        ((THIEF, THIEF), Kind.SIGNATURE),
        ((SECOND, THIEF), Kind.SIGNATURE),
        # Whoever has stolen the old key signs what he likes, but it does not stand in the tree.
        ((FIRST, THIEF), Kind.REWRITTEN),
    ],
)
def test_a_forged_handover_is_refused(rotated: None, signers: Any, kind: Kind) -> None:
    def change(lines: Lines) -> None:
        forged(lines, link(FIRST, THIEF, signers))
        resigned(lines, THIEF)

    report = check(altered(queries.export(CLERK, CASE), change), pem(FIRST))
    assert report.exit_code == 1 and kind in report.kinds()


def test_a_key_signs_nothing_after_it_gave_the_log_away(rotated: None) -> None:
    def change(lines: Lines) -> None:
        head, said = (notes.parse(lines[0][name]) for name in ("checkpoint", "statement"))
        later = head.at + timedelta(hours=1)
        lines[0]["checkpoint"] = notes.sign(replace(head, at=later), FIRST)
        lines[0]["statement"] = notes.sign(replace(said, at=later), FIRST)

    assert Kind.SIGNATURE in check(altered(queries.export(CLERK, CASE), change), pem(FIRST)).kinds()


def test_without_the_handover_the_new_key_proves_nothing_to_who_trusts_the_old(rotated: None) -> None:
    content = altered(queries.export(CLERK, CASE), lambda lines: lines[0].pop("handovers"))
    assert Kind.SIGNATURE in check(content, pem(FIRST)).kinds()


def test_an_entry_that_no_key_signed_hands_nothing_over(rotated: None, settings: Any) -> None:
    write(
        LedgerVerb.KEY_HANDED_OVER,
        case="",
        data={"note": link(SECOND, THIEF, (THIEF, THIEF)), "old": "a", "new": "b"},
    )
    sealer.seal_pending()
    assert keys.public_key_pem() == pem(SECOND)
    assert check(queries.export(CLERK, CASE), pem(FIRST)).exit_code == 0


def test_a_key_of_another_ledger_seals_nothing(rotated: None, settings: Any) -> None:
    settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = secret(THIEF), public(THIEF)
    assert not keys.fits_last_checkpoint()
    write()
    with pytest.raises(keys.StrangeKey):
        sealer.seal_pending()
    with pytest.raises(rotation_problems.StrangeKeys):
        actions.hand_over_ledger_key(by=CLERK)
    settings.LEDGER_KEY, settings.LEDGER_PUBLIC_KEY = secret(FIRST), public(FIRST)
    with pytest.raises(keys.NoSigningKey):
        sealer.seal_pending()
    with pytest.raises(CommandError, match="时钟服务"):
        call_command("rotate_key", "ledger", verbosity=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a\nhandover\nfrom AA==\nto AA==\ntime x\n\n",
        link(FIRST, SECOND)[:90],
        link(FIRST, SECOND).replace("\nhandover\n", "\nfarewell\n"),
    ],
)
def test_what_is_no_note_of_a_handover_is_refused(text: str) -> None:
    assert follow(FIRST.public_key(), [text], ORIGIN).refused == [text]


def test_a_second_successor_and_another_log_are_refused() -> None:
    good, fork, other = (
        link(FIRST, SECOND),
        link(FIRST, THIRD),
        link(SECOND, THIRD, origin="grid-canvass/3101"),
    )
    ring = follow(FIRST.public_key(), [good, fork, other], ORIGIN)
    assert ring.used == [good] and sorted(ring.refused) == sorted([fork, other])


def test_a_key_that_signs_already_is_handed_nothing(rotated: None, settings: Any) -> None:
    settings.LEDGER_KEY = secret(SECOND)
    with pytest.raises(rotation_problems.NothingToRotate):
        actions.hand_over_ledger_key(by=CLERK)
