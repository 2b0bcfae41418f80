"""That a ground is met stands on paper: the penalty, its service, its term and a look again after it; else a document.

Asked when the listing is proposed, when the party is told, and when the city decides.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.law.queries import the_law
from grid.offices.models import Part
from grid.offices.queries import office_at
from grid.scope import Actor, Right, require_person
from grid.territory.models import Person
from grid.territory.queries import actor_of
from workflows.cases.models import Case
from workflows.cases.rules import PENALTY_TERMS
from workflows.engine.actions.steps import act_on, record_on
from workflows.engine.acts import word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.inspections.records.actions import keep_files
from workflows.listing import problems as listing_problems
from workflows.listing.models import Ground, Listing
from workflows.listing.models.proofs import Look, LookFile, Proof, ProofFile, ProofKind
from workflows.listing.verbs import ListingVerb
from workflows.notices.reading import Given


@dataclass(frozen=True)
class Seen:
    """What two officers found when they looked again."""

    on: date
    place: str
    officers: tuple[int, int]
    seen: str
    is_corrected: bool
    files: tuple[Given, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document of ours or of another body, as it is found again."""

    kind: str
    number: str
    issued_on: date
    issuer: str
    files: tuple[Given, ...] = ()


def record_look(case: Case, seen: Seen, *, by: Actor) -> Look:
    """登记复查记录: after the penalty's term was over, by two certified officers of the place.

    Raises ReasonMissing, RecordFileMissing, LookTooEarly, LookInFuture, OfficersMissing, OfficerUnfit, CertificateInvalid,
    PenaltyFirst.
    """
    if not seen.seen.strip() or not seen.place.strip():
        raise problems.ReasonMissing(act=word_of(case, "look"))
    _require_files(seen.files)
    with act_on(case, "look", by=by) as (fresh, held):
        _require_day(fresh, seen.on)
        first, second = _certificates(seen.officers, fresh.area, seen.on)
        look = Look.objects.create(
            case=fresh,
            on=seen.on,
            place=seen.place.strip(),
            officer_1_id=first.person_id,
            certificate_1=first.number,
            officer_2_id=second.person_id,
            certificate_2=second.number,
            seen=seen.seen.strip(),
            is_corrected=seen.is_corrected,
            recorded_by_id=require_person(by),
            recorded_at=now(),
        )
        keep_files(LookFile, seen.files, look=look)
        facts = {"on": seen.on.isoformat(), "officers": [first.person.full_name, second.person.full_name]}
        facts |= {"files": [file.sha256 for file in seen.files]}
        record_on(ListingVerb.LOOKED_AGAIN, fresh, by, held, **facts, corrected=seen.is_corrected)
    return look


def file_proof(case: Case, document: Document, *, by: Actor) -> Proof:
    """附卷 of a document that a ground stands on. Raises ProofIncomplete, RecordFileMissing, LookInFuture."""
    is_found = bool(document.number.strip()) or document.kind == ProofKind.RECORD
    if not is_found or not document.issuer.strip():
        raise listing_problems.ProofIncomplete()
    _require_files(document.files)
    if document.issued_on > today():
        raise listing_problems.LookInFuture(on=document.issued_on)
    with act_on(case, "prove", by=by) as (fresh, held):
        proof = Proof.objects.create(
            case=fresh,
            kind=document.kind,
            number=document.number.strip(),
            issued_on=document.issued_on,
            issuer=document.issuer.strip(),
            recorded_by_id=require_person(by),
            recorded_at=now(),
        )
        keep_files(ProofFile, document.files, proof=proof)
        record_on(
            ListingVerb.PROOF_FILED, fresh, by, held, title=proof.get_kind_display(), number=proof.number,
            files=[file.sha256 for file in document.files],
        )  # fmt: skip
    return proof


def _require_files(files: tuple[Given, ...]) -> None:
    """What proves something lies on file itself."""
    if not files:
        raise inspections_problems.RecordFileMissing()


def _require_day(case: Case, on: date) -> None:
    if on > today():
        raise listing_problems.LookInFuture(on=on)
    over_on = term_over_on(case)
    if over_on is None:
        raise listing_problems.PenaltyFirst(ground=_("经行政处罚后仍不改正"))
    if on <= over_on:
        raise listing_problems.LookTooEarly(on=on, over_on=over_on)


def _certificates(officers: tuple[int, int], area: str, on: date) -> list[Certificate]:
    if len(set(officers)) < 2:
        raise inspections_problems.OfficersMissing()
    return [_certificate(officer, area, on) for officer in officers]


def _certificate(officer: int, area: str, on: date) -> Certificate:
    person = Person.objects.filter(pk=officer).first()
    if person is None:
        raise inspections_problems.OfficersMissing()
    if actor_of(person).allowing(Right.INSPECT, area) is None:
        raise inspections_problems.OfficerUnfit(name=person.full_name)
    held = Certificate.objects.filter(
        kind=CertificateKind.ENFORCEMENT, person=person, valid_from__lte=on, valid_to__gte=on
    )
    certificate = held.select_related("person").order_by("-valid_to").first()
    if certificate is None:
        raise inspections_problems.CertificateInvalid(name=person.full_name, on=on)
    return certificate


# --- what stands on file ---------------------------------------------------------------------------


def _penalties(case: Case) -> QuerySet[Inspection]:
    """The inspection whose penalty the case carries, once it is served."""
    number = (case.penalty or {}).get("number") or None
    return Inspection.objects.filter(case=case, decision_number=number, served_on__isnull=False).order_by(
        "pk"
    )


def term_over_on(case: Case) -> date | None:
    """The last day of the term that the penalty set; None where none is served."""
    return _penalties(case).values_list(Coalesce(*PENALTY_TERMS), flat=True).last()


def require_proven(ground: Ground, case: Case) -> None:
    """Part of proposing, telling and deciding. Raises PunishedOtherwise, TermRunning, LookMissing, SeenCorrected,
    ProofMissing."""
    if not ground.needs_penalty:
        if not case.proofs.exists():
            raise listing_problems.ProofMissing(ground=ground.title)
        return
    over_on = term_over_on(case)
    if over_on is None:
        raise listing_problems.PenaltyFirst(ground=ground.title)
    _require_punished_for(ground, case)
    if today() <= over_on:
        raise listing_problems.TermRunning(over_on=over_on)
    look = last_look(case)
    if look is None or look.on <= over_on:
        raise listing_problems.LookMissing(over_on=over_on)
    if look.is_corrected:
        raise listing_problems.SeenCorrected(on=look.on)


def _require_punished_for(ground: Ground, case: Case) -> None:
    """A ground that names a violation is met by the penalty for that violation and by no other."""
    allowed = the_law(today())["listing.penalised_for"].value.get(ground.code)
    violation = _penalties(case).values_list("violation", flat=True).last()
    if allowed is not None and violation not in allowed:
        label = Violation(violation).label if violation else ""
        raise listing_problems.PunishedOtherwise(ground=ground.title, violation=label)


def last_look(case: Case) -> Look | None:
    """What was seen last counts."""
    return case.looks.select_related("officer_1", "officer_2").order_by("on", "pk").last()


def proven_by(listing: Listing) -> tuple[str, ...]:
    """What the notice and the decision say the facts rest on."""
    case = listing.case
    if not listing.ground.needs_penalty:
        return tuple(_document_words(proof) for proof in case.proofs.order_by("pk"))
    penalty, look = _penalties(case).last(), last_look(case)
    assert penalty is not None and penalty.decided_on is not None and look is not None
    words = _("{office}于{decided}作出《行政处罚决定书》（{number}），{served}送达；履行期限于{over}届满。")
    told = words.format(
        office=office_at(case.area[:6], penalty.decided_on).name_of(Part.AUTHORITY),
        decided=penalty.decided_on,
        number=penalty.decision_number,
        served=penalty.served_on,
        over=term_over_on(case),
    )
    return told, _look_words(look)


def _look_words(look: Look) -> str:
    words = _(
        "{on}，执法人员{first}（证件号{one}）、{second}（证件号{two}）在{place}复查：{seen}，仍未改正（复查记录在卷）。"
    )
    return words.format(
        on=look.on,
        first=look.officer_1.full_name,
        one=look.certificate_1,
        second=look.officer_2.full_name,
        two=look.certificate_2,
        place=look.place,
        seen=look.seen.rstrip("。；;"),
    )


def _document_words(proof: Proof) -> str:
    number = f"（{proof.number}）" if proof.number else ""
    words = _("{issuer}{on}作出的{kind}{number}在卷。")
    return words.format(issuer=proof.issuer, on=proof.issued_on, kind=proof.get_kind_display(), number=number)
