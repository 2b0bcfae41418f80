"""Whom a paper is addressed to: the unit or person itself, and for a building site its general contractor."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grid.registers.queries import representative_of
from grid.subjects.models import EMPLOYERS, TRADERS, Subject, SubjectKind
from grid.subjects.queries import employer_named
from workflows.notices import problems as notices_problems
from workflows.notices.documents import Party

if TYPE_CHECKING:
    from workflows.cases.models import Case


def party_of(case: "Case") -> Party:
    """The party of a case, with whoever represents it by the registers. Raises PartyUnknown for a site of which nobody
    knows the general contractor: a project is no employer, and its local code is no credit code."""
    if case.subject.kind == SubjectKind.CONSTRUCTION_SITE:
        return _contractor(case)
    return unit_of(case.subject)


def unit_of(subject: Subject) -> Party:
    if subject.is_person:
        return Party(subject.name, "", subject.address, is_person=True)
    head = _("经营者") if subject.kind in TRADERS else ""
    return Party(
        subject.name, _code(subject), subject.address, representative=representative_of(subject), head=head
    )


def _code(subject: Subject) -> str:
    return subject.credit_code or subject.legacy_code or ""


def _contractor(case: "Case") -> Party:
    """施工总承包单位 as the visit named it (工伤保险条例 第十条第三款, 人社部发〔2014〕103号), else as the desk found it out
    afterwards; in the words of the registers where they know it."""
    said = case.finding.sound
    seen = {name: str(said.get(name) or "").strip() for name in ("contractor", "contractor_code", "permit")}
    name, code, permit = seen["contractor"], seen["contractor_code"], seen["permit"]
    known, later = _known(case.subject, name, code), getattr(case, "contractor", None)
    if known is None and not (name and code) and later:
        name, code, permit = later.name, later.code, later.permit or permit
        known = _known(case.subject, name, code)
    if known is None and not (name and code):
        raise notices_problems.PartyUnknown(project=case.subject.name)
    party = unit_of(known) if known else Party(name, code)
    return replace(party, project=case.subject.name, permit=permit)


def _known(site: Subject, name: str, code: str) -> Subject | None:
    """By its code, else by its name, where one unit of the city alone bears it."""
    if code:
        return Subject.objects.filter(kind__in=EMPLOYERS, credit_code=code, same_as=None).first()
    found = employer_named(name, site.area[:4])
    return found if found and found.credit_code else None
