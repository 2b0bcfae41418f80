"""Checks an export of one case: its entries, their proofs and their count, order and times. Standard library only."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from mmap import mmap
from typing import Any

from grid.ledger import merkle, notes
from grid.ledger.canonical import EntryContent, read
from grid.ledger.findings import CLOCK_SKEW, LATE_COMMIT, SPOILT, Kind, Report, Unusable
from grid.ledger.handover import Ring
from grid.ledger.verify_keys import signed

# A line of the file, as JSON.
Line = Mapping[str, Any]
# What an honest file never reaches; a hostile one is refused before memory is taken for it.
LONGEST_LINE = 1 << 24
LARGEST_CASE = 1 << 29
MOST_NAMED = 20

# The bytes of a file; a large one is mapped instead of read.
Content = bytes | mmap


@dataclass(frozen=True, slots=True)
class Known:
    """What the auditor had before: a checkpoint, and the case entries of an earlier export by number."""

    tree: notes.Tree
    note: str
    case: str = ""
    entries: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry line, decoded; `said` is None when the canonical bytes cannot be read."""

    nth: int
    index: int
    content: bytes
    proof: list[bytes]
    before: int
    after: int
    said: EntryContent | None


def check_case(
    content: Content,
    header: Mapping[str, object],
    head: notes.Tree,
    key: Ring,
    known: Known | None,
    report: Report,
) -> None:
    entries, points = lines_of(content, report)
    report.checked = len(entries)
    case = str(header.get("case", ""))
    if not entries:
        report.unproven.append("文件里没有一条台账。")
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


def lines_of(content: Content, report: Report) -> tuple[list[_Entry], list[Line]]:
    """Line by line, so that a line of a gigabyte is named and not read. Raises Unusable beyond any honest size."""
    if len(content) > LARGEST_CASE:
        raise Unusable(f"文件有 {len(content) >> 20} MB，没有一个案件的导出会这样大。")
    entries: list[_Entry] = []
    points: list[Line] = []
    for number, line in enumerate(_cut(content), 1):
        if number == 1:
            continue
        try:
            if len(line) > LONGEST_LINE:
                raise ValueError("longer than any entry")
            facts = json.loads(line)
            if facts["kind"] == "entry":
                entries.append(_entry(facts))
            elif facts["kind"] == "checkpoint":
                points.append(facts)
            elif facts["kind"] == "header":
                report.found(Kind.CHANGED, f"文件第 {number} 行又是一个文件头：两个文件被接在一起。")
        except SPOILT:
            report.found(Kind.CHANGED, f"文件第 {number} 行残缺或被改坏，无法读取。")
    if content[-1:] != b"\n":
        report.found(Kind.CUT_OFF, "文件没有写到行末就断了。")
    return entries, points


def _cut(content: Content) -> Iterator[bytes]:
    """The lines; of one that is too long only its beginning."""
    at, end = 0, len(content)
    while at < end:
        stop = content.find(b"\n", at)
        stop = end if stop < 0 else stop
        yield content[at : min(stop, at + LONGEST_LINE + 1)]
        at = stop + 1


def _entry(facts: Line) -> _Entry:
    content = b64decode(facts["canonical"], validate=True)
    try:
        said = read(content)
    except SPOILT:
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
    header: Mapping[str, object],
    case: str,
    head: notes.Tree,
    key: Ring,
    entries: list[_Entry],
    report: Report,
) -> None:
    if not header.get("statement"):
        report.found(Kind.CUT_OFF, "缺少条数声明，无法证明末尾没有被截去。")
        stated = 0
    else:
        said = signed(header["statement"], key, "条数声明", report)
        stated = said.entries
        if (said.case, said.size, said.root, said.origin) != (case, head.size, head.root, head.origin):
            report.found(Kind.CUT_OFF, "条数声明与本案或封存点对不上，可能取自另一次导出。")
    present = {entry.said.nth for entry in entries if entry.said and entry.said.nth is not None}
    last = max(present, default=0)
    # A number that a forger made up may be as high as he likes: no list is made up to it.
    lacking = last - sum(0 < number <= last for number in present)
    if lacking > 0:
        gaps = islice((number for number in count(1) if number not in present), min(lacking, MOST_NAMED))
        more = "等" if lacking > MOST_NAMED else ""
        report.found(Kind.MISSING, f"缺少第 {'、'.join(map(str, gaps))} 条{more}，共 {lacking} 条。")
    if stated > last:
        report.found(Kind.CUT_OFF, f"声明本案有 {stated} 条，文件只到第 {last} 条。")
    elif 0 < stated < last:
        report.found(Kind.CHANGED, f"声明本案有 {stated} 条，文件却有第 {last} 条。")


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


def _check_points(points: list[Line], head: notes.Tree, key: Ring, report: Report) -> dict[int, notes.Tree]:
    """Size → earlier checkpoint that is signed and that the newest tree continues; the newest one among them."""
    proven = {head.size: head}
    for facts in points:
        point = signed(facts.get("note"), key, "历次封存点", report)
        try:
            proof = [b64decode(step, validate=True) for step in facts.get("proof", [])]
        except SPOILT:
            proof = []
        if point.origin != head.origin:
            report.found(Kind.REWRITTEN, f"{point.size} 条时的封存点属于另一本日志“{point.origin}”。")
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


def _shown(said: EntryContent) -> str:
    return f"{said.at:%Y-%m-%d %H:%M:%S}Z"


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
