"""Shapes of what ends or corrects an entry in the list: the repair of credit, the answer to an objection."""

from dataclasses import dataclass
from datetime import date

from workflows.notices.documents import Citation, Letter, Remedies


@dataclass(frozen=True)
class RepairDecision:
    """`granted` or refused. `evidence`: what was handed in. `checked`: what the visit on the spot found.
    `effects`: what stops, one item each, or what a refusal leaves in place; `again_from`: when to apply anew."""

    letter: Letter
    list_name: str
    listed_number: str
    listed_on: date
    applied_on: date
    granted: bool
    evidence: tuple[str, ...]
    checked: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: tuple[Citation, ...]
    effects: tuple[str, ...]
    remedies: Remedies
    again_from: date | None = None


@dataclass(frozen=True)
class ObjectionAnswer:
    """`outcome`: one sentence. `upheld`: the objection was right, wholly or in part, and the entry is put right."""

    letter: Letter
    list_name: str
    about_number: str
    about_on: date
    filed_on: date
    objection: tuple[str, ...]
    checked: tuple[str, ...]
    upheld: bool
    outcome: str
    reasons: tuple[str, ...]
    basis: tuple[Citation, ...]
    effects: tuple[str, ...]
    remedies: Remedies
