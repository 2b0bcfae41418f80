"""Members as they are stored: a line each, in one order, compressed, with the hash of the lines.

A year's number stands on some tens of thousands of members; as rows of a table they would outgrow all others. Nobody
asks for one of them by itself.
"""

import zlib
from collections.abc import Iterable
from hashlib import sha256

from workflows.assessment.rules import Member

# Lines of a year end here, whatever a damaged packet says of itself.
MOST_BYTES = 2**28


def lines_of(members: Iterable[Member]) -> bytes:
    """UTF-8, tab-separated, sorted by subject and key: the same members give the same bytes, in whatever order they came."""
    ordered = sorted(members, key=lambda member: (member.subject, member.key))
    return "".join(f"{_line(member)}\n" for member in ordered).encode()


def _line(member: Member) -> str:
    numbers = (member.reached, member.due, member.heads)
    fields = (member.key, member.subject, member.area, member.kind, *numbers, ",".join(member.sources))
    return "\t".join(map(str, fields))


def hash_of(lines: bytes) -> str:
    return sha256(lines).hexdigest()


def pack(lines: bytes) -> bytes:
    return zlib.compress(lines, 9)


def unpack(packed: bytes) -> bytes:
    """Raises ValueError for what was not packed here."""
    reader = zlib.decompressobj()
    try:
        lines = reader.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise ValueError("not a packet of members") from error
    if reader.unconsumed_tail or not reader.eof:
        raise ValueError("a packet of members too long or cut off")
    return lines


def read(lines: bytes) -> list[Member]:
    """Raises ValueError for lines that are not members."""
    return [_member(line) for line in lines.decode().splitlines()]


def _member(line: str) -> Member:
    key, subject, area, kind, reached, due, heads, sources = line.split("\t")
    told = tuple(sources.split(",")) if sources else ()
    return Member(key, int(subject), area, kind, int(reached), int(due), int(heads), told)
