"""Whether a year still comes out the same: computed again as of its cut-off and held against the members stored.

Where it does not, each member that differs is named, with what came in about it since: a line of a register, one that
was taken back or ended, an entry of the ledger, a number of the law.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.ledger.models import Entry
from grid.registers.models import Row
from grid.scope import Actor, Right, reaches
from grid.subjects.models import Subject
from workflows.assessment import rules
from workflows.assessment.models import Indicator, MemberList, Result, Scheme
from workflows.assessment.queries import evidence
from workflows.assessment.queries.gates import is_intact
from workflows.assessment.rules import Difference, Member, packing
from workflows.assessment.verbs import AssessmentVerb

# Members named on a page; the rest is counted.
MOST = 200
ENTRIES = 5
# What may move a number, by the first part of its verb.
MOVING = (
    "subject",
    "subjects",
    "area",
    "lead",
    "finding",
    "fact",
    "visit",
    "task",
    "case",
    "term",
    "listing",
)


@dataclass(frozen=True)
class Cause:
    """What came in after the year was computed: a line in words, or an entry of the ledger."""

    words: str = ""
    entry: Entry | None = None


@dataclass
class Changed:
    difference: Difference
    name: str
    causes: list[Cause] = field(default_factory=list)


@dataclass
class Compared:
    """One indicator then and now, over the districts the viewer sees."""

    indicator: Indicator
    count: int
    changed: list[Changed]


@dataclass
class Check:
    """`is_intact`: what is stored has the hash that was shown. `is_told`: the ledger tells the same hash."""

    scheme: Scheme
    is_intact: bool
    is_told: bool
    law: list[tuple[str, object, object]]
    compared: list[Compared]
    is_same: bool

    @property
    def is_sound(self) -> bool:
        return self.is_same and self.is_intact and self.is_told


def check_scheme(viewer: Actor, scheme: Scheme) -> Check:
    """Reads every record again. Expects a scheme with members."""
    assert scheme.cutoff
    now = evidence.law_used(scheme.indicators.values_list("formula", flat=True), scheme.cutoff)
    law = [
        (key, scheme.law.get(key), now.get(key))
        for key in sorted(now.keys() | scheme.law.keys())
        if scheme.law.get(key) != now.get(key)
    ]
    found = [(indicator, _differing(indicator, scheme)) for indicator in scheme.indicators.order_by("pk")]
    compared = [_compared(viewer, indicator, differing, scheme) for indicator, differing in found]
    is_same = not law and not any(differing for _indicator, differing in found)
    intact = not scheme.hash or is_intact(scheme)
    return Check(scheme, intact, _is_recorded(scheme), law, compared, is_same)


def _is_recorded(scheme: Scheme) -> bool:
    """The newest entry about it, as it was sealed."""
    if not scheme.hash:
        return True
    told = (
        AssessmentVerb.ASSESSMENT_SHOWN,
        AssessmentVerb.ASSESSMENT_PROPOSED,
        AssessmentVerb.ASSESSMENT_FROZEN,
    )
    entry = Entry.objects.filter(verb__in=told, data__year=scheme.year).order_by("-id").first()
    return entry is not None and entry.data.get("hash") == scheme.hash


def _differing(indicator: Indicator, scheme: Scheme) -> list[Difference]:
    assert scheme.cutoff
    districts = set(evidence.districts(settings.CITY, scheme.cutoff))
    fresh = evidence.members(indicator.formula, settings.CITY, scheme.year, scheme.cutoff)
    return rules.differences(
        stored_members(indicator.results.all()), (member for member in fresh if member.district in districts)
    )


def stored_members(results: Iterable[Result]) -> Iterator[Member]:
    """Nobody where a packet cannot be read: the hash tells that apart."""
    for packed in MemberList.objects.filter(result__in=results).values_list("packed", flat=True):
        try:
            yield from packing.read(packing.unpack(bytes(packed)))
        except ValueError:
            continue


def _compared(viewer: Actor, indicator: Indicator, found: list[Difference], scheme: Scheme) -> Compared:
    own = [
        difference
        for difference in found
        if any(_sees(viewer, member) for member in (difference.before, difference.after))
    ]
    shown = own[:MOST]
    names = dict(Subject.objects.filter(pk__in={d.member.subject for d in shown}).values_list("pk", "name"))
    causes = _causes(shown, scheme)
    changed = [
        Changed(
            difference,
            names.get(difference.member.subject, difference.member.key),
            causes.get(difference.member.key, []),
        )
        for difference in shown
    ]
    return Compared(indicator, len(own), changed)


def _sees(viewer: Actor, member: Member | None) -> bool:
    return member is not None and reaches(viewer, member.district, Right.SEE_CASES)


# --- why ------------------------------------------------------------------------------------------------


def _causes(found: list[Difference], scheme: Scheme) -> dict[str, list[Cause]]:
    """Four queries, however many differ."""
    by_subject: dict[int, list[Cause]] = {}
    ids = {difference.member.subject for difference in found}
    for subject, cause in [*_late_rows(ids, scheme), *_later_entries(ids, scheme)]:
        by_subject.setdefault(subject, []).append(cause)
    own = _own_rows(found, scheme)
    return {
        difference.member.key: [
            *own.get(difference.member.key, ()),
            *by_subject.get(difference.member.subject, ()),
        ]
        for difference in found
    }


def _late_rows(ids: set[int], scheme: Scheme) -> list[tuple[int, Cause]]:
    """Lines that came in after the year was computed and say something of a day before its end."""
    rows = Row.objects.filter(
        subject__in=ids, since__lte=scheme.cutoff, delivery__delivered_at__gt=scheme.computed_at
    )
    return [
        (row.subject_id, Cause(_("后来导入的名册行：{line}").format(line=line_in_words(row))))
        for row in rows.select_related("delivery").order_by("pk")
    ]


def line_in_words(row: Row) -> str:
    delivery = row.delivery
    return _("{register}“{file}”第 {line} 行（数据日期 {as_of}，{on} 导入）").format(
        register=row.get_register_display(), file=delivery.file_name, line=row.line, as_of=delivery.as_of,
        on=day_of(delivery.delivered_at),
    )  # fmt: skip


def _own_rows(found: list[Difference], scheme: Scheme) -> dict[str, list[Cause]]:
    """Rows a number rested on that are gone, taken back, ended before the cut-off, or said of somebody else."""
    assert scheme.cutoff
    rested = {difference.member.key: rows_of(difference.before) for difference in found if difference.before}
    ids = {row for rows in rested.values() for row in rows}
    rows = {row.pk: row for row in Row.objects.filter(pk__in=ids).select_related("delivery")}
    told: dict[str, list[Cause]] = {}
    for difference in found:
        for pk in rested.get(difference.member.key, ()):
            if words := _since_then(pk, rows.get(pk), difference.member.subject, scheme):
                told.setdefault(difference.member.key, []).append(Cause(words))
    return told


def rows_of(member: Member) -> list[int]:
    return [int(source[4:]) for source in member.sources if source.startswith("row:")]


def _since_then(pk: int, row: Row | None, subject: int, scheme: Scheme) -> str:
    assert scheme.cutoff
    if row is None:
        return _("所依据的名册行（编号 {pk}）已不在库中").format(pk=pk)
    line = line_in_words(row)
    if row.until is not None and row.until <= row.since:
        return _("所依据的名册行已随批次撤回：{line}").format(line=line)
    if row.until is not None and row.until <= scheme.cutoff:
        return _("所依据的名册行已改为自 {until} 起终止：{line}").format(until=row.until, line=line)
    if row.subject_id != subject:
        return _("所依据的名册行已改属另一对象：{line}").format(line=line)
    return ""


def _later_entries(ids: set[int], scheme: Scheme) -> list[tuple[int, Cause]]:
    rows = Entry.objects.filter(subject__in=ids, at__gt=scheme.computed_at).order_by("id")
    found: dict[int, list[Cause]] = {}
    for entry in rows.iterator(chunk_size=1_000):
        own = found.setdefault(entry.subject or 0, [])
        if entry.verb.split(".")[0] in MOVING and len(own) < ENTRIES:
            own.append(Cause(entry=entry))
    return [(subject, cause) for subject, causes in found.items() for cause in causes]
