"""Checks an export of the ledger without the system: python -m grid.ledger.verify EXPORT

Standard library and cryptography only. What it proves, given a public key from a trusted place:

- changed: the canonical bytes of each entry lead by their inclusion proof to the signed root;
- missing: the running numbers of a case, inside the hashed bytes, have no gap;
- reordered: numbers and leaf indices ascend together, in the file and in the tree;
- cut off: the signed case statement, bound to the same root, says how many entries the case has;
- keys: a signature counts by the key of its time; from the key you trust the others are followed by the handovers
  that both keys signed and that stand in the tree (handover.py);
- back-dated: within a case time does not run backwards, and an entry is not older than the checkpoint that
  was signed before it entered the tree (nor younger than the first one that holds it).

A server that holds the key could sign a false world from the start, so bring what you know: with `--known`
(a checkpoint, or an export taken earlier) it must prove that today's tree continues that one, that no case
entry you have seen is gone, and that nothing new claims to be older than it.

Without a key from a trusted place (`--key`) nothing is proven, however well the file fits together: whoever made it
could have signed it with a key of his own. The same when the file cannot be read at all.

Exit codes: 0 proven, 1 broken, 2 not proven.
"""

from __future__ import annotations

import argparse
import json
import mmap
import sys
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any, NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from grid.ledger import merkle, notes
from grid.ledger.canonical import Said, read
from grid.ledger.findings import CLOCK_SKEW, LATE_COMMIT, SPOILT, Kind, Report, Unusable
from grid.ledger.handover import Ring
from grid.ledger.verify_full import check_full
from grid.ledger.verify_keys import check_handovers, handovers, keys_led_to

CASE_FORMAT = "grid-ledger-case/1"
FULL_FORMAT = "grid-ledger-full/1"
# What an honest file never reaches; a hostile one is refused before memory is taken for it.
LONGEST_HEADER = 1 << 20
LONGEST_LINE = 1 << 24
LARGEST_CASE = 1 << 29
LARGEST_KEY = 1 << 16
MOST_NAMED = 20

# The bytes of a file; a large one is mapped instead of read.
Content = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class Known:
    """What the auditor had before: a checkpoint, and the case entries of an earlier export by number."""

    tree: notes.Tree
    note: str
    case: str = ""
    entries: tuple[tuple[int, bytes], ...] = ()


def check(content: Content, key_pem: str = "", known: Known | None = None, *, deep: bool = False) -> Report:
    """Checks a case export or a full export. Raises Unusable when it is neither."""
    header = _header(content)
    report = Report()
    told = handovers(header)
    key = keys_led_to(_key(header, key_pem, report), told, header, report)
    head = _signed(header.get("checkpoint"), key, "封存点", report)
    check_handovers(key, told, head, report)
    report.upto = f"{head.at:%Y-%m-%d %H:%M:%S}Z 的封存点，共 {head.size} 条（{head.origin}）"
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


def _header(content: Content) -> dict[str, Any]:
    if not len(content):
        raise Unusable("文件是空的。")
    try:
        header = json.loads(content[:LONGEST_HEADER].split(b"\n", 1)[0])
    except SPOILT as error:
        raise Unusable("文件开头不是台账导出的格式。") from error
    if not isinstance(header, dict) or header.get("kind") != "header":
        raise Unusable("文件开头不是台账导出的格式。")
    return header


def _key(header: dict[str, Any], pem: str, report: Report) -> Ed25519PublicKey:
    if not pem:
        report.unproven.append(
            "未用 --key 指定公钥，只能用文件自带的公钥，而造假的人可以附上自己的公钥；请用单位公布的公钥再核验一次。"
        )
    try:
        return notes.public_from_pem(pem or str(header.get("public_key", "")))
    except ValueError as error:
        raise Unusable("公钥无法读取，应为 PEM 格式的 Ed25519 公钥。") from error


def _signed(text: Any, key: Ring, name: str, report: Report) -> notes.Tree:
    try:
        tree = notes.parse(str(text))
    except notes.BadNote as error:
        raise Unusable(f"{name}的格式无法读取。") from error
    if not key.signed(str(text), tree.at):
        ours = {notes.key_id(tree.origin, term.key) for term in key.terms}
        other = notes.key_id_of(str(text)) not in ours
        hint = f"它是另一把公钥签的：请核对公钥是否属于“{tree.origin}”。" if other else ""
        report.found(Kind.SIGNATURE, f"{name}的签名与公钥不符。{hint}")
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
    content: Content,
    header: dict[str, Any],
    head: notes.Tree,
    key: Ring,
    known: Known | None,
    report: Report,
) -> None:
    entries, points = _lines(content, report)
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


def _lines(content: Content, report: Report) -> tuple[list[_Entry], list[dict[str, Any]]]:
    """Line by line, so that a line of a gigabyte is named and not read. Raises Unusable beyond any honest size."""
    if len(content) > LARGEST_CASE:
        raise Unusable(f"文件有 {len(content) >> 20} MB，没有一个案件的导出会这样大。")
    entries: list[_Entry] = []
    points: list[dict[str, Any]] = []
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


def _entry(facts: dict[str, Any]) -> _Entry:
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
    header: dict[str, Any],
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
        said = _signed(header["statement"], key, "条数声明", report)
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


def _check_points(
    points: list[dict[str, Any]], head: notes.Tree, key: Ring, report: Report
) -> dict[int, notes.Tree]:
    """Size → earlier checkpoint that is signed and that the newest tree continues; the newest one among them."""
    proven = {head.size: head}
    for facts in points:
        point = _signed(facts.get("note"), key, "历次封存点", report)
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


def _shown(said: Said) -> str:
    return f"{said.at:%Y-%m-%d %H:%M:%S}Z"


# --- what the auditor knew before ------------------------------------------------------------------


def read_known(content: Content) -> Known:
    """A checkpoint note, or an earlier export of a case. Raises Unusable."""
    try:
        if content[:1] != b"{":
            text = content[:LONGEST_HEADER].decode()
            return Known(notes.parse(text), text)
        header = _header(content)
        entries, _ = _lines(content, Report()) if header.get("format") == CASE_FORMAT else ([], [])
        kept = tuple((entry.nth, entry.content) for entry in entries)
        text = str(header.get("checkpoint"))
        return Known(notes.parse(text), text, str(header.get("case", "")), kept)
    except (notes.BadNote, UnicodeDecodeError) as error:
        raise Unusable("--known 既不是封存点，也不是以前的导出。") from error


def _check_known(known: Known, head: notes.Tree, key: Ring, report: Report) -> None:
    if known.tree.origin != head.origin:
        report.found(Kind.FOREIGN, f"已知封存点属于另一本日志“{known.tree.origin}”。")
    if not key.signed(known.note, known.tree.at):
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
        content = _opened(chosen.export)
        if chosen.all and _header(content).get("format") != FULL_FORMAT:
            raise Unusable("这不是整本台账的导出。")
        known = read_known(_opened(chosen.known)) if chosen.known else None
        pem = _opened(chosen.key)[:LARGEST_KEY].decode() if chosen.key else ""
        report = check(content, pem, known, deep=chosen.deep)
        if chosen.known and chosen.known.samefile(chosen.export):
            report.remarks.append("--known 就是本次核验的文件，没有增加任何证明。")
    except (OSError, UnicodeDecodeError) as error:
        print(f"不能证明：无法读取文件：{error}")
        return 2
    except (Unusable, MemoryError) as error:
        print(f"不能证明：{error or '内存不够读完这个文件。'}")
        return 2
    except SPOILT:
        print("不能证明：文件被改坏，读不下去。")
        return 2
    # A hostile file may carry signs that a terminal obeys.
    print("\n".join("".join(sign if sign.isprintable() else "?" for sign in line) for line in report.lines()))
    return report.exit_code


def _opened(path: Path) -> Content:
    """Mapped, not read: a file of any size costs no memory until it is looked at. Raises OSError."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
