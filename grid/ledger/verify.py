"""Checks an export of the ledger without the system: python -m grid.ledger.verify EXPORT

Standard library and cryptography only. What it proves, given a public key from a trusted place:

- changed: the canonical bytes of each entry lead by their inclusion proof to the signed root;
- missing: the running numbers of a case, inside the hashed bytes, have no gap;
- reordered: numbers and leaf indices ascend together, in the file and in the tree;
- cut off: the signed case statement, bound to the same root, says how many entries the case has;
- back-dated: within a case time does not run backwards, and an entry is not older than the checkpoint that
  was signed before it entered the tree (nor younger than the first one that holds it).

A server that holds the key could sign a false world from the start, so bring what you know: with `--known`
(a checkpoint, or an export taken earlier) it must prove that today's tree continues that one, that no case
entry you have seen is gone, and that nothing new claims to be older than it.

Exit codes: 0 proven, 1 something is wrong, 2 the file cannot be checked.
"""

from __future__ import annotations

import argparse
import binascii
import json
import sys
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from grid.ledger import merkle, notes
from grid.ledger.canonical import Said, read
from grid.ledger.findings import CLOCK_SKEW, LATE_COMMIT, Kind, Report, Unusable
from grid.ledger.verify_full import check_full

CASE_FORMAT = "grid-ledger-case/1"
FULL_FORMAT = "grid-ledger-full/1"


@dataclass(frozen=True, slots=True)
class Known:
    """What the auditor had before: a checkpoint, and the case entries of an earlier export by number."""

    tree: notes.Tree
    note: str
    case: str = ""
    entries: tuple[tuple[int, bytes], ...] = ()


def check(content: bytes, key_pem: str = "", known: Known | None = None, *, deep: bool = False) -> Report:
    """Checks a case export or a full export. Raises Unusable when it is neither."""
    header = _header(content)
    report = Report()
    key = _key(header, key_pem, report)
    head = _signed(header.get("checkpoint"), key, "封存点", report)
    if header.get("format") == FULL_FORMAT:
        earlier = (known.tree.size, known.tree.root) if known else None
        check_full(content, head, report, earlier, deep=deep)
    elif header.get("format") == CASE_FORMAT:
        _check_case(content, header, head, key, known, report)
    else:
        raise Unusable("不认识这种导出格式，可能需要更新版本的核验程序。")
    if known:
        _check_known(known, head, key, report)
    return report


def _header(content: bytes) -> dict[str, Any]:
    try:
        header = json.loads(content.split(b"\n", 1)[0])
    except ValueError as error:
        raise Unusable("文件开头不是台账导出的格式。") from error
    if not isinstance(header, dict) or header.get("kind") != "header":
        raise Unusable("文件开头不是台账导出的格式。")
    return header


def _key(header: dict[str, Any], pem: str, report: Report) -> Ed25519PublicKey:
    if not pem:
        report.remarks.append("未用 --key 指定公钥，用的是文件自带的公钥；请与单位公布的公钥核对。")
    try:
        return notes.public_from_pem(pem or str(header.get("public_key", "")))
    except ValueError as error:
        raise Unusable("公钥无法读取，应为 PEM 格式的 Ed25519 公钥。") from error


def _signed(text: Any, key: Ed25519PublicKey, name: str, report: Report) -> notes.Tree:
    try:
        tree = notes.parse(str(text))
    except notes.BadNote as error:
        raise Unusable(f"{name}的格式无法读取。") from error
    if not notes.signed_by(str(text), key):
        report.found(Kind.SIGNATURE, f"{name}的签名与公钥不符。")
    return tree


# --- one case --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry line, decoded; `said` is None when the canonical bytes cannot be read."""

    nth: int
    index: int
    content: bytes
    proof: list[bytes]
    before: int
    after: int
    said: Said | None


def _check_case(
    content: bytes,
    header: dict[str, Any],
    head: notes.Tree,
    key: Ed25519PublicKey,
    known: Known | None,
    report: Report,
) -> None:
    entries, points = _lines(content, report)
    report.checked = len(entries)
    case = str(header.get("case", ""))
    for entry in entries:
        _check_proof(entry, case, head, report)
    _check_count(header, case, head, key, entries, report)
    _check_order(entries, report)
    windows = _check_points(points, head, key, report)
    _check_times(entries, windows, report)
    if known:
        _check_kept(known, case, entries, windows, head, report)
    if header.get("pending"):
        report.remarks.append(f"导出时另有 {header['pending']} 条刚写入、尚未封存，不在本文件内。")


def _lines(content: bytes, report: Report) -> tuple[list[_Entry], list[dict[str, Any]]]:
    entries, points = [], []
    for number, line in enumerate(content.splitlines()[1:], 2):
        try:
            facts = json.loads(line)
            if facts["kind"] == "entry":
                entries.append(_entry(facts))
            elif facts["kind"] == "checkpoint":
                points.append(facts)
        except (ValueError, KeyError, TypeError):
            report.found(Kind.CHANGED, f"文件第 {number} 行残缺或被改坏，无法读取。")
    return entries, points


def _entry(facts: dict[str, Any]) -> _Entry:
    content = b64decode(facts["canonical"], validate=True)
    try:
        said = read(content)
    except (ValueError, UnicodeDecodeError):
        said = None
    proof = [b64decode(step, validate=True) for step in facts["proof"]]
    nth, index, before, after = (int(facts[name]) for name in ("nth", "index", "before", "after"))
    return _Entry(nth, index, content, proof, before, after, said)


def _check_proof(entry: _Entry, case: str, head: notes.Tree, report: Report) -> None:
    leaf = merkle.leaf_hash(entry.content)
    if not merkle.included(leaf, entry.index, head.size, entry.proof, head.root):
        report.found(Kind.CHANGED, f"第 {entry.nth} 条的内容、位置或证明与封存的不符。")
    if entry.said is None:
        report.found(Kind.CHANGED, f"第 {entry.nth} 条的原文无法读取。")
    elif entry.said.case != case:
        report.found(Kind.FOREIGN, f"第 {entry.nth} 条属于“{entry.said.case}”，不是本案“{case}”。")
    elif entry.said.nth != entry.nth:
        report.found(Kind.REORDERED, f"标为第 {entry.nth} 条的，原文是本案第 {entry.said.nth} 条。")


def _check_count(
    header: dict[str, Any],
    case: str,
    head: notes.Tree,
    key: Ed25519PublicKey,
    entries: list[_Entry],
    report: Report,
) -> None:
    if not header.get("statement"):
        report.found(Kind.CUT_OFF, "缺少条数声明，无法证明末尾没有被截去。")
        stated = 0
    else:
        said = _signed(header["statement"], key, "条数声明", report)
        stated = said.entries
        if (said.case, said.size, said.root) != (case, head.size, head.root):
            report.found(Kind.CUT_OFF, "条数声明与本案或封存点对不上，可能取自另一次导出。")
    present = {entry.said.nth for entry in entries if entry.said and entry.said.nth is not None}
    last = max(present, default=0)
    if gaps := sorted(set(range(1, last + 1)) - present):
        report.found(Kind.MISSING, f"缺少第 {_listed(gaps)} 条。")
    if stated > last:
        report.found(Kind.CUT_OFF, f"声明本案有 {stated} 条，文件只到第 {last} 条。")
    elif 0 < stated < last:
        report.found(Kind.CHANGED, f"声明本案有 {stated} 条，文件却有第 {last} 条。")


def _listed(numbers: list[int]) -> str:
    text = "、".join(str(number) for number in numbers[:20])
    return text + ("……" if len(numbers) > 20 else "")


def _check_order(entries: list[_Entry], report: Report) -> None:
    numbers = [entry.said.nth if entry.said and entry.said.nth else entry.nth for entry in entries]
    for (earlier, a), (later, b) in zip(
        pairs := list(zip(entries, numbers, strict=True)), pairs[1:], strict=False
    ):
        if b == a:
            report.found(Kind.REORDERED, f"第 {b} 条重复出现。")
        elif b < a:
            report.found(Kind.REORDERED, f"第 {b} 条排在了第 {a} 条之后。")
        elif later.index <= earlier.index:
            report.found(Kind.REORDERED, f"第 {b} 条的封存位置早于第 {a} 条。")


def _check_points(
    points: list[dict[str, Any]], head: notes.Tree, key: Ed25519PublicKey, report: Report
) -> dict[int, notes.Tree]:
    """Size → earlier checkpoint that is signed and that the newest tree continues; the newest one among them."""
    proven = {head.size: head}
    for facts in points:
        point = _signed(facts.get("note"), key, "历次封存点", report)
        try:
            proof = [b64decode(step, validate=True) for step in facts.get("proof", [])]
        except (binascii.Error, TypeError):
            proof = []
        if merkle.consistent(point.size, head.size, point.root, head.root, proof):
            proven[point.size] = point
        else:
            report.found(Kind.REWRITTEN, f"不能证明 {point.size} 条时的封存点是当前日志的前身。")
    return proven


def _check_times(entries: list[_Entry], windows: dict[int, notes.Tree], report: Report) -> None:
    latest = None
    for entry in entries:
        if entry.said is None:
            continue
        at, name = entry.said.at, f"第 {entry.nth} 条自称写于 {_shown(entry.said)}"
        if latest is not None and at < latest - CLOCK_SKEW:
            report.found(Kind.BACKDATED, f"{name}，却早于排在它前面的条目。")
        latest = at if latest is None else max(at, latest)
        before, after = windows.get(entry.before), windows.get(entry.after)
        if not entry.before <= entry.index < entry.after:
            report.found(Kind.UNPROVEN, f"第 {entry.nth} 条所附的封存点不是它前后的两个。")
        if after is None or (entry.before and before is None):
            report.found(Kind.UNPROVEN, f"第 {entry.nth} 条缺少前后的封存点，写入时间无法证明。")
        if before and entry.before <= entry.index and at < before.at - LATE_COMMIT:
            report.found(Kind.BACKDATED, f"{name}，但 {before.at:%Y-%m-%d %H:%M:%S}Z 封存时日志里还没有它。")
        if after and entry.after > entry.index and at > after.at + CLOCK_SKEW:
            report.found(Kind.POSTDATED, f"{name}，晚于封存它的时间 {after.at:%Y-%m-%d %H:%M:%S}Z。")


def _shown(said: Said) -> str:
    return f"{said.at:%Y-%m-%d %H:%M:%S}Z"


# --- what the auditor knew before ------------------------------------------------------------------


def read_known(content: bytes) -> Known:
    """A checkpoint note, or an earlier export of a case. Raises Unusable."""
    try:
        if not content.startswith(b"{"):
            return Known(notes.parse(content.decode()), content.decode())
        header = _header(content)
        entries, _ = _lines(content, Report()) if header.get("format") == CASE_FORMAT else ([], [])
        kept = tuple((entry.nth, entry.content) for entry in entries)
        text = str(header.get("checkpoint"))
        return Known(notes.parse(text), text, str(header.get("case", "")), kept)
    except (notes.BadNote, UnicodeDecodeError) as error:
        raise Unusable("--known 既不是封存点，也不是以前的导出。") from error


def _check_known(known: Known, head: notes.Tree, key: Ed25519PublicKey, report: Report) -> None:
    if not notes.signed_by(known.note, key):
        report.found(Kind.SIGNATURE, "已知封存点的签名与公钥不符。")
    if known.tree.size > head.size:
        report.found(
            Kind.CUT_OFF,
            f"已知封存点有 {known.tree.size} 条，本次导出的日志只有 {head.size} 条，末尾被截去或导出已过时。",
        )
    elif known.tree.size == head.size and known.tree.root != head.root:
        report.found(Kind.REWRITTEN, "条数与已知封存点相同，根哈希却不同。")


def _check_kept(
    known: Known,
    case: str,
    entries: list[_Entry],
    windows: dict[int, notes.Tree],
    head: notes.Tree,
    report: Report,
) -> None:
    if known.tree.size < head.size:
        same = windows.get(known.tree.size)
        if same is None:
            report.found(
                Kind.UNPROVEN, f"没有从已知封存点（{known.tree.size} 条）到现在的证明，请带上该条数重新导出。"
            )
        elif same.root != known.tree.root:
            report.found(Kind.REWRITTEN, "已知封存点的根哈希与系统现在给出的不同。")
    for entry in entries:
        if entry.said and entry.index >= known.tree.size and entry.said.at < known.tree.at - LATE_COMMIT:
            report.found(
                Kind.BACKDATED, f"第 {entry.nth} 条自称写于 {_shown(entry.said)}，但已知封存点里没有它。"
            )
    if known.case == case:
        now = {entry.said.nth: entry.content for entry in entries if entry.said}
        for nth, content in known.entries:
            if nth not in now:
                report.found(Kind.MISSING, f"以前导出过的第 {nth} 条现在没有了。")
            elif now[nth] != content:
                report.found(Kind.CHANGED, f"第 {nth} 条与以前导出的不同。")


# --- command line ----------------------------------------------------------------------------------


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"用法不对：{message}\n{self.format_usage()}")


def main(arguments: list[str]) -> int:
    parser = _Arguments(prog="python -m grid.ledger.verify", description="离线核验台账导出文件")
    parser.add_argument("export", type=Path, help="导出文件（一个案件，或整本台账）")
    parser.add_argument("--key", type=Path, help="单位公布的公钥（PEM）")
    parser.add_argument("--known", type=Path, help="以前取得的封存点，或以前的导出文件")
    parser.add_argument("--all", action="store_true", help="文件应为整本台账的导出")
    parser.add_argument("--deep", action="store_true", help="整本核验时逐条读取，并核对各案的序号")
    chosen = parser.parse_args(arguments)
    try:
        content = chosen.export.read_bytes()
        if chosen.all and _header(content).get("format") != FULL_FORMAT:
            raise Unusable("这不是整本台账的导出。")
        known = read_known(chosen.known.read_bytes()) if chosen.known else None
        report = check(content, chosen.key.read_text() if chosen.key else "", known, deep=chosen.deep)
    except (OSError, UnicodeDecodeError) as error:
        print(f"无法读取文件：{error}")
        return 2
    except Unusable as error:
        print(f"无法核验：{error}")
        return 2
    print("\n".join(report.lines()))
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
