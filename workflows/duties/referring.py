"""What is referred and what is answered, as values: built where a form is read, kept by the actions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from grid.subjects.models import Subject
from tasks.findings.models import Finding
from workflows.cases.models import Case
from workflows.duties.reading import Given
from workflows.duties.rules import USUAL


@dataclass(frozen=True, slots=True)
class About:
    """What a referral is about: a case with its finding and its subject, a finding with its subject, a subject, or none
    of these: a free matter of `area`, which is otherwise where the matter lies."""

    area: str = ""
    case: Case | None = None
    finding: Finding | None = None
    subject: Subject | None = None

    def __post_init__(self) -> None:
        case = self.case
        finding = self.finding or (case.finding if case else None)
        known = case or finding
        subject = self.subject or (known.subject if known else None)
        matter = known or subject
        object.__setattr__(self, "finding", finding)
        object.__setattr__(self, "subject", subject)
        object.__setattr__(self, "area", matter.area if matter else self.area)


@dataclass(frozen=True, slots=True)
class Question:
    """What a department is to do or to answer, and what it is told for it: `release` names facts of `releasable`."""

    title: str
    text: str
    release: Collection[str] = USUAL

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title.strip())
        object.__setattr__(self, "text", self.text.strip())


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which findings are referred in one act: within an area, of an industry (`prefix` of its code, else all that the
    department answers for), reviewed since a day."""

    area: str
    prefix: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a department answers: its words, how many it checked and how many of these are insured, its files."""

    text: str
    checked: int | None = None
    insured: int | None = None
    files: Sequence[Given] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.strip())
