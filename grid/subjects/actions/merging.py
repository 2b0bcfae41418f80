"""Two subjects that are one: the duplicate points at the subject kept, and what is to come goes there.

Rooms above keep rows of their own about subjects, the registers first of all; they ask to be told, as of moves (see
moves.py). A follower runs inside the transaction of the merge: what it raises undoes the merge.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import end_of
from grid.hints import hint
from grid.ledger.actions import Line, record_many
from grid.ledger.models import Entry
from grid.scope import Actor, Right, require
from grid.subjects import problems as subjects_problems
from grid.subjects.followers import subjects_changed
from grid.subjects.models import Standing, Subject
from grid.subjects.verbs import SubjectVerb

Follower = Callable[[Subject, Subject, Actor], None]
_followers: list[Follower] = []
_CODES = ("credit_code", "legacy_code")


def on_subjects_merged(follower: Follower) -> Follower:
    """Registers a function called with (kept, dropped, actor); asking twice changes nothing."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


@transaction.atomic
def merge_subjects(kept: Subject, dropped: Subject, why: str, *, by: Actor) -> Subject:
    """`dropped` is the same unit as `kept`: codes that `kept` lacks go over to it, and followers bring what is theirs.

    Nothing is deleted: what was done about `dropped` stays in the ledger under its name. Raises ReasonMissing,
    DifferentUnits where both have a code of the same kind, AlreadyMerged, and what followers raise.
    """
    require(by, Right.PLACE, kept.area)
    require(by, Right.PLACE, dropped.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("合并对象"))
    kept, dropped = _locked(kept.pk, dropped.pk)
    _refuse_wrong(kept, dropped)
    _carry_codes(kept, dropped)
    for follower in _followers:
        follower(kept, dropped, by)
    subjects_changed([dropped.pk], by=by)
    facts = {
        "kept": kept.name, "kept_id": kept.pk, "dropped": dropped.name, "dropped_id": dropped.pk, "reason": why
    }  # fmt: skip
    lines = [Line(subject.area, subject.pk, "", facts) for subject in (kept, dropped)]
    record_many(SubjectVerb.SUBJECTS_MERGED, lines, by=by)
    hint("coverage", kept.area)
    return kept


def _locked(kept: int, dropped: int) -> tuple[Subject, Subject]:
    rows = Subject.objects.select_for_update(of=("self",)).filter(pk__in=(kept, dropped)).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[kept], found[dropped]


def _refuse_wrong(kept: Subject, dropped: Subject) -> None:
    for subject in (dropped, kept):
        if subject.same_as_id is not None:
            raise subjects_problems.AlreadyMerged(name=subject.name, into=subject.same_as)
    if kept.pk == dropped.pk or any(getattr(kept, code) and getattr(dropped, code) for code in _CODES):
        raise subjects_problems.DifferentUnits(kept=kept.name, dropped=dropped.name)


def _carry_codes(kept: Subject, dropped: Subject) -> None:
    """Codes are unique, so the duplicate gives its own away first; it stays findable by a mark of its own."""
    given = {code: getattr(dropped, code) for code in _CODES if getattr(dropped, code)}
    for code in given:
        setattr(dropped, code, None)
    dropped.local_code = dropped.local_code or f"merged-{dropped.pk}"
    dropped.same_as, dropped.standing = kept, Standing.CANCELLED
    dropped.save(update_fields=[*_CODES, "local_code", "same_as", "standing"])
    Subject.objects.filter(same_as=dropped).update(same_as=kept)
    for code, value in given.items():
        setattr(kept, code, value)
    kept.address = kept.address or dropped.address
    kept.premise_id = kept.premise_id or dropped.premise_id
    kept.save(update_fields=[*_CODES, "address", "premise"])


def merged_by(day: date) -> dict[int, int]:
    """Duplicate → the subject it was one with at the end of `day`, read from the ledger. One query.

    Today's `same_as` would say of an earlier day what was found out later.
    """
    entries = Entry.objects.filter(verb=SubjectVerb.SUBJECTS_MERGED, at__lt=end_of(day)).order_by("id")
    roots: dict[int, int] = {}
    for data in entries.values_list("data", flat=True):
        kept, dropped = data["kept_id"], data["dropped_id"]
        for duplicate, root in roots.items():
            if root == dropped:
                roots[duplicate] = kept
        roots[dropped] = kept
    return roots
