"""Taking visits and their evidence. Nothing that can be read is refused; what clashes is kept and decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, now
from grid.ledger.actions import Line, record
from grid.scope import Actor, Held, Right, require
from tasks.arrivals.actions.settling import settle
from tasks.arrivals.actions.taking import DecidedVisit, decided, recorded, write
from tasks.arrivals.queries.batch import BatchContext, ResolvedVisit, context_for, tasks_named
from tasks.arrivals.verbs import ArrivalVerb
from tasks.claims.actions import Settled
from tasks.doors.actions.feed import raise_feeds
from tasks.forms import tables
from tasks.visits import rules
from tasks.visits.models import UNGROUNDED, Evidence, Route, Visit
from tasks.visits.rules import PLAIN_ORIGIN, Arrival, Photo, PhotoOrigin
from tasks.visits.rules.believing import STANDING, Receipt, Warrant, skew_of

_TRIES = 4
NOTHING = Settled()


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one visit: accepted, repeated or refused, and where it went."""

    client_id: UUID
    status: str
    route: str = Route.NORMAL.value
    code: str = ""
    message: str = ""
    visit: str = ""
    missing_photos: tuple[str, ...] = ()


class _AnotherPosting(Exception):
    """A named task belongs to a posting that is not locked yet."""

    def __init__(self, posting_ids: set[int]) -> None:
        self.posting_ids = posting_ids


# --- taking a batch ----------------------------------------------------------------------------------


def record_visits(
    arrivals: Sequence[Arrival],
    phone_time: datetime | None,
    held: Held,
    *,
    by: Actor,
    warrant: Warrant = STANDING,
) -> list[Answer]:
    """Takes a batch under the posting `held` and answers each visit, in order. `warrant` says until when the word of
    whoever sends it counts.

    A visit that is here already changes nothing. The whole batch is one transaction: after a crash the phone
    sends it again and finds either all of it here or none.

        arrivals ─▶ ask VISIT where the posting is
           │
           ├─ BEGIN ◀──────────────── again: a named task is of a posting not locked, or somebody was as fast
           │   raise_feeds            lock the postings: nobody else writes their tasks now
           │   tasks_named            the tasks they name, and those of subjects named without one
           │   context_for              all there is to know, read at once: doors, repeats, earlier visits, decisions
           │   _parted                what is here already gets its former answer ─────────────▶ repeated / refused
           │   rules.waves            visits that touch one another, one after the other
           │     for each wave
           │       decided            where it goes and whether it speaks: believed? kept apart? met others?
           │       write              visits and evidence ▸ tasks and their feed ▸ findings, replaced and new
           │                          ▸ ledger ▸ coverage ▸ hints to open pages
           │       settle             grids that workers told of doors without one
           │       _remember          the next wave meets these too
           └─ COMMIT ─▶ _in_order     an answer for each line sent ─────────────────────────────▶ accepted
    """
    require(by, Right.VISIT, held.area)
    return _retried(
        lambda postings: _record(arrivals, phone_time, held, postings, warrant, by), held.posting_id
    )


def _retried(take: Callable[[set[int]], list[Answer]], posting_id: int) -> list[Answer]:
    """Takes a batch in a transaction, with the postings that are to be locked: its own, and those it turns out to touch.
    Raises Busy when there are always more."""
    postings = {posting_id}
    for _attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return take(postings)
        except _AnotherPosting as other:
            postings |= other.posting_ids
        except (IntegrityError, OperationalError):
            # The same visit by another phone at the same moment, or a deadlock that chose us: look again.
            if _attempt == _TRIES - 1:
                raise
    raise problems.Busy()


def _record(
    arrivals: Sequence[Arrival],
    phone_time: datetime | None,
    held: Held,
    postings: set[int],
    warrant: Warrant,
    by: Actor,
) -> list[Answer]:
    feeds = raise_feeds(postings)
    tasks = tasks_named(arrivals, held)
    if strange := {task.posting_id for task in tasks} - feeds.keys():
        raise _AnotherPosting(strange)
    received_at = now()
    patience = timedelta(days=settings.HAND_IN_DAYS)
    receipt = Receipt(received_at, skew_of(phone_time, received_at), warrant, patience)
    context = context_for(arrivals, tasks, held, by.person_id or 0, receipt)
    repeated, fresh = _parted(context, by)
    answers = dict(repeated)
    for wave in rules.waves([door.touched() for door in fresh]):
        taken = [decided(fresh[place], context, receipt, held, by=by) for place in wave]
        write(taken, context, feeds, recorded, held, by=by)
        settled = settle(taken, held, by=by)
        answers |= {
            made.visit.client_id: _accepted(made, settled.get(made.visit.client_id, NOTHING))
            for made in taken
        }
    return _in_order(arrivals, answers)


def _parted(context: BatchContext, by: Actor) -> tuple[dict[UUID, Answer], list[ResolvedVisit]]:
    """Visits that are here already, with their answers, and the new ones."""
    missing = _missing_photos(
        [n for door in context.doors if (n := door.arrival.client_id) in context.repeats]
    )
    answers, fresh, seen = {}, [], set()
    for door in context.doors:
        number = door.arrival.client_id
        if number in context.repeats:
            answers[number] = _repeated(door.arrival, context, by, missing.get(number, ()))
        elif number not in seen:
            fresh.append(door)
        seen.add(number)
    return answers, fresh


def _repeated(arrival: Arrival, context: BatchContext, by: Actor, missing: Sequence[str]) -> Answer:
    """The former answer again. The same number with other content is a visit of its own that was misnumbered:
    the phone keeps it and gives it a number of its own."""
    here = context.repeats[arrival.client_id]
    if here.person_id != by.person_id or here.hash != rules.fingerprint(arrival):
        return Answer(arrival.client_id, "refused", code="client-id-reused", message=_(
            "这个编号已用于另一条走访记录，本条仍保存在手机上，请更正后重新发送。"))  # fmt: skip
    return Answer(
        arrival.client_id, "repeated", here.route, message=_("此前已收到，无须重发。"), visit=here.code,
        missing_photos=tuple(missing),
    )  # fmt: skip


def _missing_photos(numbers: Sequence[UUID]) -> dict[UUID, list[str]]:
    if not numbers:
        return {}
    waiting: dict[UUID, list[str]] = {}
    rows = Evidence.objects.filter(visit__client_id__in=numbers, received_at=None).order_by("pk")
    for number, sha256 in rows.values_list("visit__client_id", "sha256"):
        waiting.setdefault(number, []).append(sha256)
    return waiting


def _in_order(arrivals: Sequence[Arrival], answers: dict[UUID, Answer]) -> list[Answer]:
    """One answer for each line sent; a number sent twice in one batch is a repeat the second time."""
    given: list[Answer] = []
    first: dict[UUID, Arrival] = {}
    for arrival in arrivals:
        answer = answers[arrival.client_id]
        if arrival.client_id in first and answer.status == "accepted":
            answer = _second_time(arrival, first[arrival.client_id], answer)
        first.setdefault(arrival.client_id, arrival)
        given.append(answer)
    return given


def _second_time(arrival: Arrival, former: Arrival, answer: Answer) -> Answer:
    if arrival != former:
        return Answer(arrival.client_id, "refused", code="client-id-reused", message=_(
            "这个编号已用于另一条走访记录，本条仍保存在手机上，请更正后重新发送。"))  # fmt: skip
    return Answer(
        answer.client_id, "repeated", answer.route, message=_("此前已收到，无须重发。"), visit=answer.visit,
        missing_photos=answer.missing_photos,
    )  # fmt: skip


# --- answering ---------------------------------------------------------------------------------------


def _accepted(decided_visit: DecidedVisit, settled: Settled) -> Answer:
    visit, photos = decided_visit.visit, decided_visit.door.arrival.photos
    known = visit.form == rules.CLAIM or tables.known(visit.form, visit.form_version) is not None
    message = _message(visit) + settled.words + ("" if known else _("表单版本不明，请更新应用。"))
    # The visit is taken; an outcome without its ground is not, and ends nothing.
    taken = UNGROUNDED if visit.lacks_ground else settled.code
    return Answer(
        visit.client_id, "accepted", str(visit.route), taken if known else "stale-form-version",
        message=message, visit=visit.code,
        missing_photos=tuple(dict.fromkeys(photo.sha256 for photo in photos)),
    )  # fmt: skip


def _message(visit: Visit) -> str:
    """In words for whoever made it, with what is doubted of its time."""
    words = _route_message(visit)
    if visit.lacks_ground:
        words += _("“{outcome}”没有写明依据，这一户仍待查，请补充依据。").format(
            outcome=visit.get_outcome_display()
        )
    if visit.doubt:
        told = visit.recorded_at.astimezone(CITY_TIME)
        words += _("手机时间 {told} 不可信（{why}），已标明，按收到的时间计。").format(
            told=f"{told:%Y-%m-%d %H:%M}", why=visit.get_doubt_display()
        )
    return words


def _route_message(visit: Visit) -> str:
    match visit.route:
        case Route.LATE:
            return _("已收到，虽已过截止日期，照常计入。")
        case Route.HANDED_OVER:
            return _("已收到。此户已转给其他网格员，您的走访照常采用。")
        case Route.RECUT:
            return _("已收到。此户所在网格已调整，记录已转到新网格。")
        case Route.CLOSED_ROUND:
            return _("已收到。本轮摸排已结束，记录转社区复核。")
        case Route.UNKNOWN_TASK:
            return _("已收到。没有对应的核查任务，由社区认领后处理。")
        case Route.CLASH:
            return _("已收到。另有同事走访过此户，所报不一之处由社区核定，两份记录都保留。")
        case Route.HELD:
            return _("已收到并存好。这部手机已停用或岗位已结束，这一条由社区核定是否采用。")
    return _("已收到。")


# --- evidence ----------------------------------------------------------------------------------------


@transaction.atomic
def bind_evidence(
    visit_client_id: UUID,
    photo: Photo,
    path: str,
    way: PhotoOrigin = PLAIN_ORIGIN,
    *,
    by: Actor,
    only_promised: bool = False,
) -> bool:
    """Ties a photo, stored at `path`, to its visit. False while the visit is not here yet; again changes nothing.

    `only_promised`, for a phone whose authority has ended: nothing is added to what its visits promised.
    The person must be the one who made the visit, else NotHere: a number guessed opens nothing.
    """
    visit = Visit.objects.filter(client_id=visit_client_id).first()
    if visit is None:
        return False
    if visit.person_id != by.person_id:
        raise problems.NotHere()
    if only_promised and not Evidence.objects.filter(visit=visit, sha256=photo.sha256).exists():
        return False
    evidence, _new = Evidence.objects.select_for_update().get_or_create(
        visit=visit,
        sha256=photo.sha256,
        defaults={"size": photo.size, "kind": photo.kind, "question": way.question},
    )
    if evidence.received_at is None:
        evidence.path, evidence.received_at = path, now()
        evidence.name, evidence.came = way.name, way.came
        evidence.save(update_fields=["path", "received_at", "name", "came"])
        facts = {"visit": visit.code, "kind": evidence.kind, "sha256": photo.sha256, "size": photo.size}
        record(ArrivalVerb.EVIDENCE_BOUND, Line(visit.area, subject=visit.subject_id, data=facts), by=by)
    return True
