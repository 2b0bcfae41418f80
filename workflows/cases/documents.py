"""Fields of the document a case itself issues."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from workflows.notices.documents import Clauses, Document, Due, FactTable, Lines


@dataclass(frozen=True, kw_only=True)
class Urging(Document):
    """督促参保缴费告知书. `found`: what was seen, one sentence each. `asked`: what to do, one item each, and
    `consequences` what follows where nothing is done. `is_voluntary`: the law leaves it to the person, so nothing is
    demanded."""

    found: Lines
    asked: Lines
    basis: Clauses
    term: Due
    facts: FactTable | None = None
    consequences: Lines = (_("逾期未改正的，移送劳动保障监察机构依法责令限期改正。"),)
    is_voluntary: bool = False
