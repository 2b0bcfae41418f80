"""The term a paper sets: chosen within the law's bounds when it is drafted, read from the paper when it is served.

The law says 限期 and not how long; one person takes less time than sixty-six.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grid.law.models import Provision
from grid.law.queries import Law
from workflows.clocks.rules import unit_of
from workflows.notices import problems as notices_problems
from workflows.notices.documents import Term, term_of
from workflows.notices.models import Notice
from workflows.notices.rules.spans import Span, span_for

if TYPE_CHECKING:
    from workflows.cases.models import Case

BOUNDS = "papers.days"


@dataclass(slots=True)
class PaperTerm:
    """The length a paper told its party, on the basis of the law's row."""

    value: object
    unit: str
    basis: str
    reviewed: bool


def heads_asked(case: Case) -> int:
    """For how many people something is asked, as the visit found it: at least one."""
    answers = case.finding.sound
    heads, insured = (answers.get(name) for name in ("employees", "insured_seen"))
    return max(1, heads - (insured if isinstance(insured, int) else 0)) if isinstance(heads, int) else 1


def span_of(case: Case, key: str, law: Law) -> Span:
    """From how many to how many days the term of `key` may be in this case."""
    return span_for(law[BOUNDS].value, int(law[key].value), heads_asked(case))


def term_set(case: Case, key: str, days: int | None, law: Law) -> Provision | Term:
    """The term a paper is to say: of the days somebody chose, or as long as the law's row. Raises DaysOutside."""
    if days is None:
        return law[key]
    span = span_of(case, key, law)
    if not span.takes(days):
        raise notices_problems.DaysOutside(least=span.least, most=span.most)
    own = term_of(law[key])
    return Term(days, own.unit, own.reviewed and (days == span.default or law[BOUNDS].reviewed))


def term_on(notice: Notice, provision: Provision, field: str = "term") -> Provision | PaperTerm:
    """The term as the paper says it, which runs from its service."""
    said = notice.values.get(field)
    if not said or int(said["length"]) == int(provision.value):
        return provision
    return PaperTerm(said["length"], unit_of(said["unit"]), provision.basis, said["reviewed"])
