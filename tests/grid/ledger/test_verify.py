"""An export is tampered with in every way an insider or a courier could; each must be noticed and named."""

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar.now import moved_to, now
from grid.ledger import keys, merkle, notes, queries
from grid.ledger.actions import exports, sealer
from grid.ledger.canonical import time_text
from grid.ledger.findings import Kind, Report
from grid.ledger.models import Checkpoint
from grid.ledger.queries.checkpoints import newest, note_of
from grid.ledger.verify import check, main, read_known
from tests.grid.ledger.conftest import CASE, CLERK, OTHER, Lines, altered, write
from workflows.cases.verbs import CaseVerb

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]


def rewritten(line: dict[str, Any], old: str, new: str) -> None:
    """Changes words inside an entry's canonical bytes."""
    content = b64decode(line["canonical"])
    assert old.encode() in content
    line["canonical"] = b64encode(content.replace(old.encode(), new.encode())).decode()


def entries(lines: Lines) -> Lines:
    return [line for line in lines if line["kind"] == "entry"]


def without(lines: Lines, *numbers: int) -> None:
    lines[:] = [line for line in lines if line.get("nth") not in numbers]


def swapped(lines: Lines) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def renumbered_swap(lines: Lines) -> None:
    """The bytes of two entries change places, and everything around them stays."""
    lines[2]["canonical"], lines[3]["canonical"] = lines[3]["canonical"], lines[2]["canonical"]


def closed_up(lines: Lines) -> None:
    """Drops the third entry and renumbers the rest, inside and out."""
    without(lines, 3)
    for line in entries(lines)[2:]:
        rewritten(line, f'"nth":{line["nth"]}', f'"nth":{line["nth"] - 1}')
        line["nth"] -= 1


def backdated(lines: Lines) -> None:
    line = entries(lines)[4]
    year = b64decode(line["canonical"])[14:18].decode()
    rewritten(line, f"grid-ledger/1 {year}", f"grid-ledger/1 {int(year) - 1}")


def another_case(lines: Lines) -> None:
    rewritten(entries(lines)[1], CASE, OTHER)


TAMPERINGS: list[tuple[Callable[[Lines], Any], Kind, str]] = [
    (lambda lines: rewritten(entries(lines)[1], "第2步", "第9步"), Kind.CHANGED, "第 2 条"),
    (lambda lines: without(lines, 3), Kind.MISSING, "缺少第 3 条"),
    (lambda lines: without(lines, 1), Kind.MISSING, "缺少第 1 条"),
    (closed_up, Kind.CHANGED, "第 3 条"),
    (swapped, Kind.REORDERED, "第 2 条排在了第 3 条之后"),
    (renumbered_swap, Kind.REORDERED, "标为第 2 条的，原文是本案第 3 条"),
    (lambda lines: lines.insert(3, lines[2]), Kind.REORDERED, "第 2 条重复出现"),
    (backdated, Kind.BACKDATED, "第 5 条自称写于"),
    (lambda lines: without(lines, 6), Kind.CUT_OFF, "声明本案有 6 条，文件只到第 5 条"),
    (lambda lines: without(lines, 5, 6), Kind.CUT_OFF, "文件只到第 4 条"),
    (lambda lines: without(lines, 1, 2, 3, 4, 5, 6), Kind.CUT_OFF, "文件只到第 0 条"),
    (lambda lines: lines[0].pop("statement"), Kind.CUT_OFF, "缺少条数声明"),
    (another_case, Kind.FOREIGN, OTHER),
    (lambda lines: lines[3].update(index=0), Kind.CHANGED, "第 3 条"),
    (lambda lines: lines[3].update(canonical=b64encode(b"no entry").decode()), Kind.CHANGED, "无法读取"),
    (lambda lines: lines[3].pop("proof"), Kind.CHANGED, "第 4 行残缺"),
    (lambda lines: lines[3].update(before=0, after=0), Kind.UNPROVEN, "第 3 条"),
    (lambda lines: lines[-1].update(proof=["??"]), Kind.REWRITTEN, "前身"),
    (lambda lines: lines.pop(), Kind.UNPROVEN, "写入时间无法证明"),
]


@pytest.mark.parametrize(("change", "kind", "words"), TAMPERINGS)
def test_each_tampering_is_noticed_and_named(
    exported: bytes, key_pem: str, change: Callable[[Lines], Any], kind: Kind, words: str
) -> None:
    report = check(altered(exported, change), key_pem)
    assert kind in report.kinds(), report.findings
    assert any(words in text for found, text in report.findings if found == kind), report.findings


def test_an_honest_export_is_proven(exported: bytes, key_pem: str) -> None:
    report = check(exported, key_pem)
    assert not report.findings and report.checked == 6 and not report.remarks
    assert "核验通过：6 条" in report.lines()[-1]
    assert check(altered(exported, lambda lines: None), key_pem).findings == []


def test_a_file_that_breaks_off_is_noticed(exported: bytes, key_pem: str) -> None:
    for share in (0.4, 0.6, 0.9):
        cut = exported[: int(len(exported) * share)]
        assert check(cut, key_pem).findings


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data())
def test_no_single_changed_byte_of_an_entry_goes_unnoticed(exported: bytes, key_pem: str, data: Any) -> None:
    def change(lines: Lines) -> None:
        line = data.draw(st.sampled_from(entries(lines)))
        content = bytearray(b64decode(line["canonical"]))
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        line["canonical"] = b64encode(bytes(content)).decode()

    assert Kind.CHANGED in check(altered(exported, change), key_pem).kinds()


def test_without_a_key_of_ones_own_nothing_is_proven(exported: bytes) -> None:
    report = check(exported)
    assert "未用 --key" in report.unproven[0] and report.exit_code == 2
    assert "核验通过" not in "".join(report.lines())


def test_another_key_is_noticed(exported: bytes) -> None:
    pem = notes.pem_of(Ed25519PrivateKey.generate().public_key())
    report = check(exported, pem)
    assert report.kinds() == {Kind.SIGNATURE} and report.exit_code == 1
    assert "另一把公钥" in report.findings[0][1] and keys.origin() in report.findings[0][1]


def test_a_statement_of_an_earlier_export_does_not_hide_the_end(sealed_case: None, key_pem: str) -> None:
    earlier = queries.export(CLERK, CASE)
    write(CaseVerb.CASE_CLOSED)
    sealer.seal_pending()
    later = queries.export(CLERK, CASE)

    def cut(lines: Lines) -> None:
        without(lines, 7)
        lines[0]["statement"] = json.loads(earlier.splitlines()[0])["statement"]

    assert Kind.CUT_OFF in check(altered(later, cut), key_pem).kinds()
    # The whole earlier export in place of the later one: only who knows the later checkpoint can tell.
    assert not check(earlier, key_pem).findings
    assert check(earlier, key_pem, read_known(later)).kinds() >= {Kind.CUT_OFF, Kind.MISSING}


def test_entries_still_unsealed_are_announced(exported: bytes, key_pem: str) -> None:
    write(CaseVerb.CASE_CLOSED)
    report = check(queries.export(CLERK, CASE), key_pem)
    assert not report.findings and report.checked == 6
    assert "另有 1 条" in report.remarks[0]


# --- a server that writes the wrong time -----------------------------------------------------------


def test_an_entry_written_later_than_it_claims_is_back_dated(sealed_case: None, key_pem: str) -> None:
    """Genuinely signed: the server's clock was turned back for one entry. OTHER's order gives it away too."""
    with moved_to(now() - timedelta(hours=3)):
        write(CaseVerb.CASE_CLOSED)
    sealer.seal_pending()
    assert check(queries.export(CLERK, CASE), key_pem).kinds() == {Kind.BACKDATED}


def test_a_first_entry_of_a_case_cannot_be_back_dated_either(sealed_case: None, key_pem: str) -> None:
    with moved_to(now() - timedelta(days=30)):
        write(case="HBW-2026-000009")
    sealer.seal_pending()
    report = check(queries.export(CLERK, "HBW-2026-000009"), key_pem)
    assert report.kinds() == {Kind.BACKDATED}
    assert "封存时日志里还没有它" in report.findings[0][1]


def test_a_time_ahead_of_its_sealing_is_noticed(db: None, key_pem: str) -> None:
    with moved_to(now() + timedelta(days=3)):
        write()
    sealer.seal_pending()
    assert check(queries.export(CLERK, CASE), key_pem).kinds() == {Kind.POSTDATED}


def test_work_that_waited_for_a_stopped_sealer_is_honest(sealed_case: None, key_pem: str) -> None:
    for hours in (1, 2, 3):
        with moved_to(now() + timedelta(hours=hours)):
            write(CaseVerb.CASE_CLOSED)
    with moved_to(now() + timedelta(days=2)):
        sealer.seal_pending()
        assert not check(queries.export(CLERK, CASE), key_pem).findings


# --- a server that signs another history -----------------------------------------------------------


def rebuilt(content: bytes, key: Ed25519PrivateKey, case: str = CASE) -> bytes:
    """A consistent, genuinely signed export over only the entries in `content`: a rewritten log."""
    lines = [json.loads(line) for line in content.splitlines()]
    kept = entries(lines)
    hashes = [merkle.leaf_hash(b64decode(line["canonical"])) for line in kept]
    node, head = merkle.in_memory(hashes), notes.parse(lines[0]["checkpoint"])
    head = replace(head, size=len(kept), root=merkle.root(hashes))
    lines[0]["checkpoint"] = notes.sign(head, key)
    lines[0]["statement"] = notes.sign(replace(head, case=case, entries=len(kept)), key)
    for index, line in enumerate(kept):
        proof = [b64encode(step).decode() for step in merkle.inclusion_proof(index, len(kept), node)]
        line.update(index=index, proof=proof, before=0, after=len(kept))
    return "".join(json.dumps(line) + "\n" for line in [lines[0], *kept]).encode()


def test_a_rewritten_log_is_caught_by_whoever_knows_a_checkpoint(exported: bytes, key_pem: str) -> None:
    def cut(lines: Lines) -> None:
        without(lines, 6)

    forged = rebuilt(altered(exported, cut), keys.signing_key())
    assert not check(forged, key_pem).findings
    assert check(forged, key_pem, read_known(exported)).kinds() >= {Kind.CUT_OFF, Kind.MISSING}
    point = queries.checkpoint_note().encode()
    assert check(forged, key_pem, read_known(point)).findings
    # A forger without the key gets nowhere.
    assert Kind.SIGNATURE in check(rebuilt(exported, Ed25519PrivateKey.generate()), key_pem).kinds()


def test_an_entry_that_differs_from_an_earlier_export_is_named(exported: bytes, key_pem: str) -> None:
    later = altered(exported, lambda lines: rewritten(entries(lines)[2], "第3步", "第9步"))
    report = check(later, key_pem, read_known(exported))
    assert [line for line in report.lines() if "第 3 条与以前导出的不同" in line]


def test_a_line_of_a_kind_that_a_later_version_may_add_is_passed_over(exported: bytes, key_pem: str) -> None:
    more = altered(exported, lambda lines: lines.append({"kind": "remark"}))
    assert check(more, key_pem).findings == check(exported, key_pem).findings == []


def test_a_known_checkpoint_must_be_continued(sealed_case: None, key_pem: str) -> None:
    known = queries.checkpoint_note()
    size = notes.parse(known).size
    for _ in range(3):
        write(CaseVerb.CASE_CLOSED)
        sealer.seal_pending()
    without_proof = queries.export(CLERK, OTHER)
    with_proof = queries.export(CLERK, CASE, known=size)
    assert not check(with_proof, key_pem, read_known(known.encode())).findings
    forged = replace(notes.parse(known), root=b"x" * 32)
    other = notes.sign(forged, keys.signing_key()).encode()
    assert check(with_proof, key_pem, read_known(other)).kinds() == {Kind.REWRITTEN}
    unsigned = notes.sign(notes.parse(known), Ed25519PrivateKey.generate()).encode()
    assert check(with_proof, key_pem, read_known(unsigned)).kinds() == {Kind.SIGNATURE}
    # OTHER's last window ends at the known checkpoint, so its proof happens to be there as well.
    assert not check(without_proof, key_pem, read_known(known.encode())).findings
    old = queries.export(CLERK, OTHER)
    between = note_of(Checkpoint.objects.order_by("-size")[1])
    assert check(old, key_pem, read_known(between.encode())).kinds() == {Kind.UNPROVEN}


def test_nothing_new_may_claim_to_be_older_than_what_is_known(sealed_case: None, key_pem: str) -> None:
    known = replace(notes.parse(queries.checkpoint_note()), at=now() + timedelta(hours=9))
    write(CaseVerb.CASE_CLOSED)
    sealer.seal_pending()
    report = check(
        queries.export(CLERK, CASE, known=known.size), key_pem,
        read_known(notes.sign(known, keys.signing_key()).encode()),
    )  # fmt: skip
    assert report.kinds() == {Kind.BACKDATED}


# --- the whole ledger ------------------------------------------------------------------------------


@pytest.fixture
def full(sealed_case: None) -> bytes:
    return b"".join(exports.full_export(newest()))


def pieces(content: bytes) -> tuple[bytes, list[bytes]]:
    """A full export as its head and its framed records."""
    size = notes.parse(json.loads(content.split(b"\n", 1)[0])["checkpoint"]).size
    at = content.index(b"\n") + 1 + 32 * size
    head, records = content[:at], []
    while at < len(content):
        stop = at + 4 + int.from_bytes(content[at : at + 4], "big")
        records.append(content[at:stop])
        at = stop
    return head, records


def moved(records: list[bytes]) -> list[bytes]:
    return [*records[:3], records[4], records[3], *records[5:]]


FULL_TAMPERINGS: list[tuple[Callable[[list[bytes]], list[bytes]], Kind, str]] = [
    (lambda r: [*r[:4], r[4].replace("第2步".encode(), "第9步".encode()), *r[5:]], Kind.CHANGED, "第 5 条"),
    (lambda r: r[:4] + r[5:], Kind.MISSING, "封存序号 4 "),
    (lambda r: r[1:], Kind.MISSING, "封存序号 0 "),
    (moved, Kind.REORDERED, "封存序号 3 的条目排在了 4 之后"),
    (lambda r: [*r[:5], r[4], *r[5:]], Kind.REORDERED, "重复"),
    (lambda r: r[:-2], Kind.CUT_OFF, "封存有 18 条，文件只有 16 条"),
    (lambda r: [*r[:-1], r[-1][:-9]], Kind.CUT_OFF, "末尾被截去"),
    (lambda r: [*r[:9], r[9][:19] + b"2001" + r[9][23:], *r[10:]], Kind.BACKDATED, "封存序号 9 "),
]


@pytest.mark.parametrize(("change", "kind", "words"), FULL_TAMPERINGS)
def test_each_tampering_with_the_whole_ledger_is_named(
    full: bytes, key_pem: str, change: Callable[[list[bytes]], list[bytes]], kind: Kind, words: str
) -> None:
    head, records = pieces(full)
    report = check(head + b"".join(change(records)), key_pem)
    assert any(kind == found and words in text for found, text in report.findings), report.findings


def test_the_whole_ledger_is_proven(full: bytes, key_pem: str) -> None:
    for deep in (False, True):
        report = check(full, key_pem, deep=deep)
        assert not report.findings and report.checked == 18
    for point in Checkpoint.objects.all():
        assert not check(full, key_pem, read_known(note_of(point).encode())).findings
        other = replace(notes.parse(note_of(point)), root=b"x" * 32)
        known = read_known(notes.sign(other, keys.signing_key()).encode())
        assert Kind.REWRITTEN in check(full, key_pem, known).kinds()
    assert not check(full, key_pem, read_known(full)).findings


def test_a_log_without_one_entry_of_a_case_shows_its_gap(full: bytes, key_pem: str) -> None:
    """Rewritten and re-signed by the server; each case counts its own entries, so the gap stays visible."""
    head, records = pieces(full)
    del records[4]
    hashes = [merkle.leaf_hash(record[5:]) for record in records]
    header = json.loads(head.split(b"\n", 1)[0])
    tree = replace(notes.parse(header["checkpoint"]), size=len(records), root=merkle.root(hashes))
    header["checkpoint"] = notes.sign(tree, keys.signing_key())
    forged = json.dumps(header).encode() + b"\n" + b"".join(hashes) + b"".join(records)
    assert not check(forged, key_pem).findings
    assert check(forged, key_pem, deep=True).kinds() == {Kind.MISSING}


def test_a_hash_list_of_its_own_does_not_help(full: bytes, key_pem: str) -> None:
    at = full.index(b"\n") + 1
    assert Kind.REWRITTEN in check(full[:at] + b"x" * 32 + full[at + 32 :], key_pem).kinds()
    report = check(full[: at + 100], key_pem)
    assert report.exit_code == 1 and "第 3 条就断了" in report.findings[0][1]


# --- as a program ----------------------------------------------------------------------------------

NO_DJANGO = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "psycopg", "project", "viewflow", "channels"}:
            raise ImportError(name + " must not be needed")
sys.meta_path.insert(0, Refuse())
from grid.ledger import verify
sys.exit(verify.main(sys.argv[1:]))
"""


def run(*arguments: object, without_django: bool = True) -> subprocess.CompletedProcess[str]:
    start = ["-c", NO_DJANGO] if without_django else ["-m", "grid.ledger.verify"]
    return subprocess.run(
        [sys.executable, *start, *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_program_needs_no_django(exported: bytes, full: bytes, key_pem: str, tmp_path: Path) -> None:
    file, whole, key, note = (tmp_path / name for name in ("case", "all", "key", "note"))
    file.write_bytes(exported)
    whole.write_bytes(full)
    key.write_text(key_pem)
    note.write_text(queries.checkpoint_note())
    for answer in (run(file, "--key", key, "--known", note), run(whole, "--all", "--key", key)):
        assert answer.returncode == 0, answer.stderr
        assert "核验通过" in answer.stdout and "核对到：" in answer.stdout
    answer = run(file, without_django=False)
    assert answer.returncode == 2, answer.stderr
    assert "核验通过" not in answer.stdout and "不能证明" in answer.stdout
    file.write_bytes(altered(exported, lambda lines: without(lines, 2)))
    answer = run(file, "--key", key)
    assert answer.returncode == 1
    assert "【条目缺失】缺少第 2 条" in answer.stdout and "核验不通过" in answer.stdout


def test_what_cannot_be_checked_ends_with_2(
    exported: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(exported)
    for content in (b"", b"\xff\xfe", b"[]\n", b'{"kind":"header"}\n', b'{"kind":"header","format":"x"}\n'):
        bad.write_bytes(content)
        assert main([str(bad)]) == 2
        if content != b'{"kind":"header"}\n':
            assert main([str(good), "--known", str(bad)]) == 2
    assert main([str(tmp_path / "absent")]) == 2
    assert main([str(good), "--key", str(good)]) == 2
    assert main([str(good), "--all"]) == 2
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2
    assert "不能证明" in capsys.readouterr().out


def test_a_long_list_of_findings_is_shortened() -> None:
    report = Report()
    for number in range(80):
        report.found(Kind.CHANGED, str(number))
    assert len(report.lines()) == 52


def test_notes_are_read_strictly() -> None:
    tree = notes.Tree("a/b", 5, b"x" * 32, now().replace(microsecond=5), "C", 3)
    key = Ed25519PrivateKey.generate()
    text = notes.sign(tree, key)
    assert notes.parse(text) == tree
    assert notes.signed_by(text, key.public_key())
    assert not notes.signed_by(text.replace("entries 3", "entries 2"), key.public_key())
    assert not notes.signed_by(text.split("\n\n")[0], key.public_key())
    assert notes.signed_by(text + "— someone else\n", key.public_key())
    assert time_text(tree.at) in text
    for bad in ("", "a\nb\nc\n", text.replace("time ", "tine ")):
        with pytest.raises(notes.BadNote):
            notes.parse(bad)
