"""The handovers an export brings, and the keys they lead to. Standard library and cryptography only."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from grid.ledger import handover, merkle, notes
from grid.ledger.canonical import read
from grid.ledger.findings import SPOILT, Kind, Report, Unusable
from grid.ledger.handover import Ring


@dataclass(frozen=True, slots=True)
class HandoverEntry:
    """The entry that records a handover, and its place in the tree."""

    note: str
    content: bytes
    index: int
    proof: list[bytes]


def handovers(header: Mapping[str, Any]) -> list[HandoverEntry]:
    """Raises Unusable when they cannot be read."""
    try:
        return [
            HandoverEntry(
                str(read(content := b64decode(line["canonical"], validate=True)).facts["data"]["note"]),
                content,
                int(line["index"]),
                [b64decode(step, validate=True) for step in line["proof"]],
            )
            for line in header.get("handovers", [])
        ]
    except SPOILT as error:
        raise Unusable("文件开头所附的密钥交接记录无法读取。") from error


def keys_led_to(
    trusted: Ed25519PublicKey, told: list[HandoverEntry], header: Mapping[str, object], report: Report
) -> Ring:
    """The trusted key and those it leads to, by the notes of this log alone."""
    try:
        origin = notes.parse(str(header.get("checkpoint"))).origin
    except notes.BadNote as error:
        raise Unusable("封存点的格式无法读取。") from error
    ring = handover.follow(trusted, [entry.note for entry in told], origin)
    for _note in ring.refused:
        report.found(Kind.SIGNATURE, "所附的一次密钥交接没有前后两把密钥的签名，或与所信的公钥接不上。")
    if ring.used:
        report.remarks.append(f"签名密钥交接过 {len(ring.used)} 次，沿交接记录核对了每一把。")
    return ring


def signed(text: object, key: Ring, name: str, report: Report) -> notes.Tree:
    """What a note says, and whether one of the keys signed it. Raises Unusable when it cannot be read."""
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


def check_handovers(ring: Ring, told: list[HandoverEntry], head: notes.Tree, report: Report) -> None:
    for entry in told:
        leaf = merkle.leaf_hash(entry.content)
        if entry.note in ring.used and not merkle.included(
            leaf, entry.index, head.size, entry.proof, head.root
        ):
            report.found(Kind.REWRITTEN, "所附的一次密钥交接不在这本日志之内。")
