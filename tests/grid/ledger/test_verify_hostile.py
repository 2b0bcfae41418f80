"""Files made to mislead or to break the verifier: each ends in words and an exit code, and costs no memory."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar.now import now
from grid.ledger import keys, merkle, notes
from grid.ledger.actions import exports
from grid.ledger.queries.checkpoints import newest
from grid.ledger.verify import main
from tests.grid.ledger.conftest import Lines, altered

pytestmark = pytest.mark.once


@pytest.fixture
def key(key_pem: str, tmp_path: Path) -> Path:
    file = tmp_path / "key.pem"
    file.write_text(key_pem)
    return file


class Said:
    """Runs the program on a file and keeps what it said."""

    def __init__(self, folder: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.key, self.capsys = folder, key, capsys

    def __call__(self, content: bytes, *more: Any) -> tuple[int, str]:
        file = self.folder / "export"
        file.write_bytes(content)
        code = main([str(file), "--key", str(self.key), *map(str, more)])
        return code, self.capsys.readouterr().out


@pytest.fixture
def verify(tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(tmp_path, key, capsys)


def header_with(lines: Lines, **changed: Any) -> None:
    lines[0].update(changed)


def of_a_strangers_key(exported: bytes) -> bytes:
    """Re-signed by somebody's own key, its last entry cut away: in itself it fits together."""
    stranger = Ed25519PrivateKey.generate()

    def forge(lines: Lines) -> None:
        entries = [line for line in lines if line["kind"] == "entry"]
        lines.remove(entries[-1])
        for name in ("checkpoint", "statement"):
            tree = notes.parse(lines[0][name])
            tree = notes.Tree(tree.origin, tree.size, tree.root, tree.at, tree.case, max(0, tree.entries - 1))
            lines[0][name] = notes.sign(tree, stranger)
        for line in lines:
            if line["kind"] == "checkpoint":
                line["note"] = notes.sign(notes.parse(line["note"]), stranger)
        lines[0]["public_key"] = notes.pem_of(stranger.public_key())

    return altered(exported, forge)


def test_a_file_of_a_stranger_is_never_proven(
    exported: bytes, verify: Said, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = of_a_strangers_key(exported)
    file = tmp_path / "forged"
    file.write_bytes(forged)
    assert main([str(file)]) == 2
    said = capsys.readouterr().out
    assert "核验通过" not in said and "没有证明：未用 --key" in said and "不能证明" in said
    code, said = verify(forged)
    assert code == 1 and "签名无效" in said and "另一把公钥" in said


def test_up_to_where_it_is_proven_is_said(exported: bytes, verify: Said) -> None:
    code, said = verify(exported)
    assert code == 0 and "核对到：" in said and "共 18 条" in said and keys.origin() in said
    lines = exported.splitlines(keepends=True)
    code, said = verify(b"".join(lines[:5]))
    assert code == 1 and "核对到：" in said and "声明本案有 6 条，文件只到第 4 条" in said
    code, said = verify(b"".join(lines[:5]) + lines[5][:40])
    assert code == 1 and "没有写到行末" in said


def test_empty_ones(exported: bytes, verify: Said) -> None:
    assert verify(b"") == (2, "不能证明：文件是空的。\n")
    code, said = verify(exported.split(b"\n", 1)[0] + b"\n")
    assert code == 1 and "没有一条台账" in said
    nothing = notes.Tree(keys.origin(), 0, merkle.EMPTY_ROOT, now())
    empty = {
        "kind": "header", "format": "grid-ledger-full/1", "checkpoint": notes.sign(nothing, keys.signing_key()),
    }  # fmt: skip
    code, said = verify(json.dumps(empty).encode() + b"\n")
    assert code == 2 and "没有一条台账" in said and "核验通过" not in said


def test_two_files_in_one_and_the_same_file_twice(exported: bytes, verify: Said, tmp_path: Path) -> None:
    code, said = verify(exported + exported)
    assert code == 1 and "两个文件被接在一起" in said and "第 1 条排在了第 6 条之后" in said
    code, said = verify(exported, "--known", tmp_path / "export")
    assert code == 0 and "没有增加任何证明" in said


def test_another_citys_log(exported: bytes, verify: Said, tmp_path: Path) -> None:
    other = notes.Tree("grid-canvass/9999", 3, b"x" * 32, now())
    note = tmp_path / "note"
    note.write_text(notes.sign(other, keys.signing_key()))
    code, said = verify(exported, "--known", note)
    assert code == 1 and "另一本日志" in said

    def mixed(lines: Lines) -> None:
        tree = notes.parse(lines[-1]["note"])
        moved = notes.Tree("grid-canvass/9999", tree.size, tree.root, tree.at)
        lines[-1]["note"] = notes.sign(moved, keys.signing_key())

    code, said = verify(altered(exported, mixed))
    assert code == 1 and "属于另一本日志" in said


HOSTILE = {
    "deep header": b"[" * 500_000,
    "deep line": b'{"kind":' + b"[" * 200_000 + b"\n",
    "no number": b'{"kind":"entry","canonical":"","proof":[],"nth":1e999,"index":NaN,"before":0,"after":1}\n',
    "long number": b'{"kind":"entry","nth":' + b"9" * 5_000 + b"}\n",
    "a list": b"[1]\n",
    "a word": b'"kind"\n',
    "nothing": b"null\n",
    "binary": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_spoilt_lines_are_told_in_words(exported: bytes, verify: Said, name: str) -> None:
    head, rest = exported.split(b"\n", 1)
    code, said = verify(head + b"\n" + HOSTILE[name] + rest)
    assert code == 1 and "无法读取" in said
    code, said = verify(HOSTILE[name])
    assert code == 2 and "不能证明" in said


NOTES = {
    "size": lambda text: text.replace("\n18\n", "\n-18\n"),
    "huge size": lambda text: text.replace("\n18\n", "\n999999999999999\n"),
    "another script": lambda text: text.replace("\n18\n", "\n１８\n"),
    "no size": lambda text: text.replace("\n18\n", "\n9" + "9" * 5_000 + "\n"),
    "last year": lambda text: text.replace("\ntime 20", "\ntime 99"),
    "no text": lambda text: 7,
    "nothing": lambda text: None,
}


@pytest.mark.parametrize("name", sorted(NOTES))
@pytest.mark.parametrize("part", ["checkpoint", "statement"])
def test_spoilt_notes_are_told_in_words(exported: bytes, verify: Said, name: str, part: str) -> None:
    code, said = verify(
        altered(exported, lambda lines: header_with(lines, **{part: NOTES[name](lines[0][part])}))
    )
    assert code in (1, 2) and "核验通过" not in said


def test_a_number_no_case_reaches_costs_no_memory(exported: bytes, verify: Said) -> None:
    from base64 import b64decode, b64encode

    def far(lines: Lines) -> None:
        line = lines[1]
        said = b64decode(line["canonical"]).replace(b'"nth":1,', b'"nth":999999999999,')
        line["canonical"], line["nth"] = b64encode(said).decode(), 999_999_999_999

    code, said = verify(altered(exported, far))
    assert code == 1 and "共 999999999993 条" in said


def test_a_line_of_a_gigabyte_is_named_and_not_read(exported: bytes, verify: Said, tmp_path: Path) -> None:
    """A sparse file: it says a gigabyte and takes none."""
    file = tmp_path / "large"
    file.write_bytes(exported)
    with file.open("r+b") as out:
        out.truncate(1 << 30)
    tracemalloc.start()
    assert main([str(file), "--key", str(verify.key)]) == 2
    assert "没有一个案件的导出会这样大" in verify.capsys.readouterr().out
    with file.open("r+b") as out:
        out.truncate(len(exported) + (1 << 28))
    assert main([str(file), "--key", str(verify.key)]) == 1
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 << 20
    with file.open("wb") as out:
        out.truncate(1 << 30)
    assert main([str(file), "--key", str(verify.key)]) == 2


def test_a_whole_export_with_a_length_that_lies(sealed_case: None, verify: Said) -> None:
    full = b"".join(exports.full_export(newest()))
    at = full.index(b"\n") + 1 + 32 * 18
    for length in (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x02\x00\x00\x00"):
        code, said = verify(full[:at] + length + full[at + 4 :], "--deep")
        assert code == 1 and "核验不通过" in said
    code, said = verify(full[: at - 100])
    assert code == 1 and "就断了" in said


def test_signs_that_a_terminal_obeys_are_not_printed(exported: bytes, verify: Said) -> None:
    code, said = verify(
        altered(exported, lambda lines: header_with(lines, case="\x1b[2J", pending="\x1b]0;x\x07"))
    )
    assert code == 1 and "\x1b" not in said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data())
def test_whatever_is_done_to_a_file_it_ends_in_a_verdict(exported: bytes, verify: Said, data: Any) -> None:
    """Bytes changed, cut out and put in anywhere: never a traceback, and never proven unless nothing changed."""
    content = bytearray(exported)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        put = data.draw(st.binary(max_size=8) | st.sampled_from([b"\n", b'"', b"[", b"{", b"e999", b"null"]))
        content[at : at + data.draw(st.integers(0, 8))] = put
    code, _said = verify(bytes(content))
    assert code in (0, 1, 2)
    if code == 0:
        assert sorted(lines_of(bytes(content))) == sorted(lines_of(exported))


def lines_of(content: bytes) -> list[str]:
    """What a file says that counts: without what is for people only."""
    told = []
    for line in content.splitlines():
        facts = json.loads(line)
        for name in ("exported_at", "public_key", "pending"):
            facts.pop(name, None)
        told.append(json.dumps(facts, sort_keys=True))
    return told
