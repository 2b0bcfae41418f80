"""Checks an export of the whole ledger: a million entries in about a second. Standard library only.

The file lists the leaf hashes first, so the signed root proves the list, and comparing each entry with its
place in the list names what is wrong: changed, missing, reordered or cut off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from mmap import mmap
from typing import NamedTuple

from grid.ledger import merkle, notes
from grid.ledger.canonical import TIME_AT, read, time_text
from grid.ledger.findings import CLOCK_SKEW, LATE_COMMIT, Kind, Report

HASH_BYTES = 32
# No entry is so long; a length that says so is not followed.
LONGEST = 1 << 24
# A record is a leaf input: one zero byte, then the canonical bytes.
_TIME = slice(TIME_AT.start + 1, TIME_AT.stop + 1)


def check_full(
    content: bytes | mmap,
    head: notes.Tree,
    report: Report,
    known: tuple[int, bytes] | None = None,
    *,
    deep: bool = False,
) -> None:
    """Adds what it finds to `report`. `known`: size and root of an earlier checkpoint."""
    listed_at = content.find(b"\n") + 1
    records_at = listed_at + head.size * HASH_BYTES
    if len(content) < records_at:
        there = (len(content) - listed_at) // HASH_BYTES
        report.found(
            Kind.CUT_OFF,
            f"封存有 {head.size} 条，文件在哈希清单的第 {there} 条就断了，后面没有内容可以核对。",
        )
        return
    if not head.size:
        report.unproven.append("文件里没有一条台账。")
    listed = [content[at : at + HASH_BYTES] for at in range(listed_at, records_at, HASH_BYTES)]
    hashes, whole, late, latest = _hashes(content, records_at)
    report.checked = len(hashes)
    if merkle.root(listed) != head.root:
        report.found(Kind.REWRITTEN, "哈希清单与签名的根哈希不符。")
    if known and 0 < known[0] <= head.size and merkle.root(listed[: known[0]]) != known[1]:
        report.found(Kind.REWRITTEN, f"日志的前 {known[0]} 条与已知封存点不符。")
    if hashes != listed or not whole:
        _name_differences(hashes, listed, whole, report)
    _name_backdated(late, report)
    if latest > time_text(head.at + CLOCK_SKEW).encode():
        report.found(Kind.POSTDATED, f"有条目自称写于 {latest.decode(errors='replace')}，晚于封存时间。")
    if deep:
        _check_cases(_records(content, records_at), report)


class _Late(NamedTuple):
    """An entry that stands behind a younger one; both times as text."""

    place: int
    at: bytes
    latest: bytes


def _hashes(content: bytes | mmap, at: int) -> tuple[list[bytes], bool, list[_Late], bytes]:
    """Leaf hashes of the records from `at`; whether the last is whole; those out of order; the highest time.

    One loop that keeps no copy of a record: this is the second in which a million entries are checked.
    """
    hashes: list[bytes] = []
    late: list[_Late] = []
    add, number, end, latest = hashes.append, int.from_bytes, len(content), b""
    while at < end:
        start = at + 4
        at = start + number(content[at:start], "big")
        if at > end or at - start > LONGEST:
            return hashes, False, late, latest
        record = content[start:at]
        # Times as text sort like times.
        time = record[_TIME]
        if time >= latest:
            latest = time
        else:
            late.append(_Late(len(hashes), time, latest))
        add(sha256(record).digest())
    return hashes, True, late, latest


def _records(content: bytes | mmap, at: int) -> Iterator[bytes]:
    """Canonical bytes of each whole record from `at`."""
    while at < len(content):
        start = at + 4
        at = start + int.from_bytes(content[at:start], "big")
        if at - start > LONGEST:
            return
        if at <= len(content):
            yield content[start + 1 : at]


def _name_differences(hashes: list[bytes], listed: list[bytes], whole: bool, report: Report) -> None:
    places = defaultdict(list)
    for index, digest in enumerate(listed):
        places[digest].append(index)
    present = set(hashes)
    last = max((index for index, digest in enumerate(listed) if digest in present), default=-1)
    unknown = sum(digest not in places for digest in hashes)
    gone = [index for index, digest in enumerate(listed) if digest not in present]
    # A changed entry stands where its original is gone; only what nothing stands for is missing.
    tail = [index for index in gone if index > last][unknown:] if len(hashes) < len(listed) else []
    inner = [index for index in gone if index < last]
    for position, digest in enumerate(hashes):
        if digest not in places:
            report.found(Kind.CHANGED, f"文件中第 {position + 1} 条的内容与封存的不符。")
    for index in inner[unknown:] if unknown else inner:
        report.found(Kind.MISSING, f"缺少封存序号 {index} 的条目。")
    if tail or not whole:
        report.found(Kind.CUT_OFF, f"封存有 {len(listed)} 条，文件只有 {len(hashes)} 条，末尾被截去。")
    _name_reordered(hashes, places, report)


def _name_reordered(hashes: list[bytes], places: dict[bytes, list[int]], report: Report) -> None:
    before = -1
    for digest in hashes:
        if digest not in places:
            continue
        index = places[digest][0]
        if index <= before:
            report.found(Kind.REORDERED, f"封存序号 {index} 的条目排在了 {before} 之后，或重复出现。")
        before = max(before, index)


def _name_backdated(late: list[_Late], report: Report) -> None:
    """Out of order by a little is the commit of two acts at once; by more than LATE_COMMIT it is not."""
    for entry in late:
        try:
            at, latest = _read_time(entry.at), _read_time(entry.latest)
            is_backdated = at < latest - LATE_COMMIT
        except (ValueError, OverflowError):
            continue
        if is_backdated:
            words = f"封存序号 {entry.place} 的条目自称写于 {at:%Y-%m-%d %H:%M:%S}Z"
            report.found(Kind.BACKDATED, f"{words}，早于它前面的条目。")


def _read_time(text: bytes) -> datetime:
    """Fifty times as fast as reading by a format, which matters where many writers commit out of order."""
    return datetime.fromisoformat(text.decode()).replace(tzinfo=UTC)


def _check_cases(records: Iterable[bytes], report: Report) -> None:
    """Within the whole ledger each case counts 1, 2, 3 … without a gap."""
    counts: dict[str, int] = defaultdict(int)
    for index, record in enumerate(records):
        try:
            said = read(record)
        except (ValueError, UnicodeDecodeError):
            report.found(Kind.CHANGED, f"封存序号 {index} 的原文无法读取。")
            continue
        if said.case:
            counts[said.case] += 1
            if said.nth != counts[said.case]:
                report.found(
                    Kind.MISSING, f"案件“{said.case}”应为第 {counts[said.case]} 条，却是第 {said.nth} 条。"
                )
                counts[said.case] = said.nth or counts[said.case]
