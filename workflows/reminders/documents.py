"""Fields of the letter that reminds: it is numbered like every document of the office, outside any case."""

from dataclasses import dataclass
from datetime import date

from workflows.notices.documents import Clauses, Document, FactTable, Lines


@dataclass(frozen=True, kw_only=True)
class Reminder(Document):
    """参保缴费提醒书: asks, orders nothing. `asked`: what to do, one item each. `until`: the last useful day, such as
    the end of the contribution year. `until_why`: what is lost after it. `is_voluntary`: to whom the law leaves it."""

    found: Lines
    asked: Lines
    basis: Clauses
    is_voluntary: bool = False
    until: date | None = None
    until_why: str = ""
    facts: FactTable | None = None
