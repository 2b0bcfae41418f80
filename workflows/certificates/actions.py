"""Entering and ending what somebody may show for their office. Who gives the post also enters its certificate.

A certificate that is over stops its holder from the next day on; what was done while it counted stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import outside, problems
from grid.calendar.now import today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.registers.rules.values import day_of
from grid.scope import Actor, Role
from grid.tables import problems as tables_problems
from grid.territory.models import Person, Posting
from grid.territory.queries import require_poster, widest
from workflows.certificates import problems as certificates_problems
from workflows.certificates.rules import LONGEST_NUMBER, ROLE_OF, Card, CardLine, goes_on, kind_named
from workflows.certificates.verbs import CertificateVerb
from workflows.inspections.models.certificates import Certificate, CertificateKind

TAKEN, SAME, REFUSED = "taken", "same", "refused"


@transaction.atomic
def enter_certificate(person: Person, card: Card, *, by: Actor) -> Certificate:
    """登记证件: a new one, or one that goes on under its number, for somebody who holds the post it serves.

    Raises CertificateUnfit, CertificateWrong, CertificateTaken, CertificateGap, AlreadyDone, NotHere, NotYourPost.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    area = _area_of(person, card, by)
    _require_whole(card)
    number = card.number.strip()
    found = (
        Certificate.objects.select_for_update(of=("self",))
        .filter(number=number)
        .select_related("person")
        .first()
    )
    if found is None:
        found = Certificate(person=person, kind=card.kind, number=number, valid_from=card.valid_from)
    elif (found.person_id, found.kind) != (person.pk, card.kind):
        raise certificates_problems.CertificateTaken(
            number=number, name=found.person.full_name, kind=found.get_kind_display()
        )
    elif (found.valid_from, found.valid_to) == (card.valid_from, card.valid_to):
        raise problems.AlreadyDone()
    elif not goes_on((found.valid_from, found.valid_to), (card.valid_from, card.valid_to)):
        raise certificates_problems.CertificateGap(number=number, until=found.valid_to)
    found.valid_to, found.body, found.ended_why = card.valid_to, card.body.strip(), ""
    found.save()
    _record(CertificateVerb.CERTIFICATE_NOTED, found, area, by, {"from": card.valid_from.isoformat()})
    return found


@transaction.atomic
def end_certificate(certificate: Certificate, last_day: date, why: str, *, by: Actor) -> Certificate:
    """终止: withdrawn, or given back with the office. Raises ReasonMissing, CertificateEnded, NotHere, NotYourPost."""
    if not why.strip():
        raise problems.ReasonMissing(act=_("终止证件"))
    fresh = (
        Certificate.objects.select_for_update(of=("self",)).select_related("person").get(pk=certificate.pk)
    )
    area = _area_of_holder(fresh, by)
    if not fresh.valid_from <= last_day < fresh.valid_to:
        raise certificates_problems.CertificateEnded(
            number=fresh.number, first=fresh.valid_from, last=fresh.valid_to
        )
    fresh.valid_to, fresh.ended_why = last_day, why.strip()
    fresh.save(update_fields=["valid_to", "ended_why"])
    _record(CertificateVerb.CERTIFICATE_ENDED, fresh, area, by, {"reason": why.strip()})
    return fresh


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one line of a table."""

    line: CardLine
    outcome: str
    code: str = ""
    reason: str = ""


@transaction.atomic
def import_certificates(lines: Sequence[CardLine], file: str, *, by: Actor) -> list[LineOutcome]:
    """Enters the certificates of a table, and accounts for every line: a line that is refused changes nothing, the same
    table again changes nothing."""
    told = [_take(line, by) for line in lines]
    outcomes = [line.outcome for line in told]
    if TAKEN in outcomes:
        areas = [("", held.area) for held in by.held]
        data = {"file": file} | {name: outcomes.count(name) for name in (TAKEN, SAME, REFUSED)}
        record(CertificateVerb.CERTIFICATES_IMPORTED, Line(widest(areas) if areas else "", data=data), by=by)
    return told


def _take(line: CardLine, by: Actor) -> LineOutcome:
    try:
        with transaction.atomic():
            enter_certificate(_holder(line), _card(line), by=by)
    except problems.AlreadyDone:
        return LineOutcome(line, SAME)
    except problems.Problem as problem:
        return LineOutcome(line, REFUSED, problem.code, f"{problem.detail}{problem.advice}")
    return LineOutcome(line, TAKEN)


def _holder(line: CardLine) -> Person:
    """By login; a name beside it has to be theirs. Raises HolderUnknown, LineUnread."""
    if line.fault:
        raise tables_problems.LineUnread(why=line.fault)
    person = Person.objects.filter(username__iexact=line.username, is_active=True).first()
    if person is None or (line.name and line.name != person.full_name):
        raise certificates_problems.HolderUnknown(username=line.username[:40], name=line.name[:40])
    return person


def _card(line: CardLine) -> Card:
    kind = kind_named(line.kind, [(kind, str(label)) for kind, label in CertificateKind.choices])
    if not kind:
        why = _("种类须是{kinds}之一").format(kinds="、".join(map(str, CertificateKind.labels)))
        raise certificates_problems.CertificateWrong(number=line.number[:LONGEST_NUMBER], why=why)
    return Card(kind, line.number, _day(line, line.first), _day(line, line.last), line.body)


def _day(line: CardLine, text: str) -> date:
    try:
        return outside.day(day_of(text))
    except ValueError:
        why = _("“{day}”不是日期，请写作 2026-01-31").format(day=text[:20])
        raise certificates_problems.CertificateWrong(number=line.number[:LONGEST_NUMBER], why=why) from None


def _require_whole(card: Card) -> None:
    number = card.number.strip()
    why = ""
    if not 0 < len(number) <= LONGEST_NUMBER or not number.isprintable():
        why = _("证件号须有 1 至 {most} 个字").format(most=LONGEST_NUMBER)
    elif card.valid_to < card.valid_from:
        why = _("有效期至早于有效期自")
    elif card.valid_to < today():
        why = _("有效期已经届满")
    elif len(card.body.strip()) > 60 or not card.body.isprintable():
        why = _("发证机关最多 60 个字")
    if why:
        raise certificates_problems.CertificateWrong(number=number[:LONGEST_NUMBER], why=why)


def _area_of(person: Person, card: Card, by: Actor) -> str:
    """Where the holder has the post it serves, now or to come, which `by` may give there."""
    role = Role(ROLE_OF[card.kind])
    posts = list(_posts(person).filter(role=role))
    if not posts:
        raise certificates_problems.CertificateUnfit(
            name=person.full_name, role=role.label, kind=CertificateKind(card.kind).label
        )
    _require_giver(posts, by)
    return posts[0].area_id


def _area_of_holder(certificate: Certificate, by: Actor) -> str:
    """Where its holder has, or last had, the post it serves."""
    posts = certificate.person.postings.filter(role=ROLE_OF[certificate.kind])
    last = posts.order_by("-valid_from", "-pk").first()
    if last is None:
        raise problems.NotHere()
    _require_giver([last], by)
    return last.area_id


def _posts(person: Person) -> QuerySet[Posting]:
    until = Q(valid_to=None) | Q(valid_to__gte=today())
    return person.postings.filter(until).order_by("valid_from", "pk")


def _require_giver(posts: Sequence[Posting], by: Actor) -> None:
    for post in posts:
        require_poster(by, post.role, post.area_id)


def _record(verb: Verb, certificate: Certificate, area: str, by: Actor, facts: dict[str, str]) -> None:
    data = {
        "name": certificate.person.full_name, "kind": str(certificate.get_kind_display()),
        "number": certificate.number, "until": certificate.valid_to.isoformat(), "body": certificate.body,
    }  # fmt: skip
    record(verb, Line(area, data=data | facts), by=by)
    hint("inbox", area)
