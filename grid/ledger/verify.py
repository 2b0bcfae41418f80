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
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from grid.ledger import notes
from grid.ledger.findings import SPOILT, Kind, Report, Unusable
from grid.ledger.handover import Ring
from grid.ledger.verify_case import Content, Known, check_case, lines_of
from grid.ledger.verify_full import check_full
from grid.ledger.verify_keys import check_handovers, handovers, keys_led_to, signed

CASE_FORMAT = "grid-ledger-case/1"
FULL_FORMAT = "grid-ledger-full/1"
# What an honest file never reaches; a hostile one is refused before memory is taken for it.
LONGEST_HEADER = 1 << 20
LARGEST_KEY = 1 << 16


def check(content: Content, key_pem: str = "", known: Known | None = None, *, deep: bool = False) -> Report:
    """Checks a case export or a full export. Raises Unusable when it is neither."""
    header = _header(content)
    report = Report()
    told = handovers(header)
    key = keys_led_to(_key(header, key_pem, report), told, header, report)
    head = signed(header.get("checkpoint"), key, "封存点", report)
    check_handovers(key, told, head, report)
    report.upto = f"{head.at:%Y-%m-%d %H:%M:%S}Z 的封存点，共 {head.size} 条（{head.origin}）"
    if header.get("format") == FULL_FORMAT:
        earlier = (known.tree.size, known.tree.root) if known else None
        check_full(content, head, report, earlier, deep=deep)
    elif header.get("format") == CASE_FORMAT:
        check_case(content, header, head, key, known, report)
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


def _key(header: Mapping[str, object], pem: str, report: Report) -> Ed25519PublicKey:
    if not pem:
        report.unproven.append(
            "未用 --key 指定公钥，只能用文件自带的公钥，而造假的人可以附上自己的公钥；请用单位公布的公钥再核验一次。"
        )
    try:
        return notes.public_from_pem(pem or str(header.get("public_key", "")))
    except ValueError as error:
        raise Unusable("公钥无法读取，应为 PEM 格式的 Ed25519 公钥。") from error


# --- what the auditor knew before ------------------------------------------------------------------


def read_known(content: Content) -> Known:
    """A checkpoint note, or an earlier export of a case. Raises Unusable."""
    try:
        if content[:1] != b"{":
            text = content[:LONGEST_HEADER].decode()
            return Known(notes.parse(text), text)
        header = _header(content)
        entries, _ = lines_of(content, Report()) if header.get("format") == CASE_FORMAT else ([], [])
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
