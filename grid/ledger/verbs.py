"""How acts are kept in the ledger and told in plain Chinese. Which acts there are stands beside the rooms that record
them, in their `verbs.py`; here is what all share, and the ledger's own.

To add a verb: one member in the enum of your room, with its stored value and its sentence. The list is closed: nothing
else can be recorded.

A sentence names facts of `entry.data` in braces. A part in square brackets is left out when a fact it
names is absent or empty, so an old entry with fewer facts still reads well. Besides the data, every
sentence may use {case} {area} {subject}. Who did it and when stand beside the sentence on every page,
so the sentence itself begins with the act.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from grid.ledger.rules import word
from grid.texts import Text


class Verb(TextChoices):
    """What may be recorded; each room has an enum of its own. The value is stored, the label is the sentence."""


class LedgerVerb(Verb):
    CHECKPOINT_KEPT = "checkpoint.kept", _("把台账封存点[（{size} 条）]取出系统保管[，存于{where}]")
    PERSONAL_FORGOTTEN = (
        "personal.forgotten",
        _("永久删除了个人信息密钥[，事由：{reason}][，意见：{opinion}][，由{asker}申请]"),
    )
    EXPORT_MADE = "export.made", _("导出了台账[：{what}]")
    KEY_HANDED_OVER = "key.handed_over", _("台账签名密钥交接[：由 {old} 交给 {new}]")


def every_verb() -> list[Verb]:
    """Of all rooms: their files are read when the apps get ready."""
    return [verb for room in Verb.__subclasses__() for verb in room]


@cache
def _sentences() -> dict[str, Text]:
    return {verb.value: verb.label for verb in every_verb()}


class EntryFacts(Protocol):
    """What a sentence is made from; an Entry, or anything with the same facts."""

    @property
    def verb(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def subject(self) -> int | None: ...
    @property
    def case(self) -> str: ...
    @property
    def data(self) -> Mapping[str, object]: ...


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_NAMED = re.compile(r"\{(\w+)\}")


# Facts whose values are code names of columns, questions or evidence.
_PARTS = frozenset({"fields", "kind"})
_AREAS = frozenset({"area", "community", "successors"})


def sentence_of(entry: EntryFacts, place: Callable[[str], str] = str) -> str:
    """One sentence of the story, in Chinese. A verb written by a later version reads as its code.

    `place` turns the code of an area into its name; without it the codes stand as they were written.
    """
    sentence = _sentences().get(entry.verb)
    if sentence is None:
        return str(entry.verb)
    facts = _Facts(case=entry.case, area=place(entry.area), subject=entry.subject)
    facts.update((key, _shown(key, value, place)) for key, value in entry.data.items())
    return _OPTIONAL.sub(lambda part: _kept(part[1], facts), str(sentence)).format_map(facts)


def _kept(part: str, facts: Mapping[str, object]) -> str:
    named = _NAMED.findall(part)
    return part if all(facts.get(name) not in (None, "") for name in named) else ""


def _shown(key: str, value: object, place: Callable[[str], str]) -> object:
    in_words = word if key in _PARTS else place if key in _AREAS else str
    if isinstance(value, list):
        return "、".join(in_words(str(item)) for item in value)
    return in_words(value) if isinstance(value, str) else value
