from dataclasses import dataclass
from datetime import date

from workflows.notices.documents import Citation, Clauses, Document, Due, Lines, Officers


@dataclass(frozen=True, kw_only=True)
class Interview(Document):
    """约谈通知书: who is to come where and when, `about` what, and the term in which to say that one cannot."""

    about: Lines
    held_on: date
    place: str
    term: Due
    officers: Officers
    basis: Clauses = (Citation("社会保险经办条例", "第四十八条", reviewed=False),)
