"""Fields of what tells of an entry in the list, makes it, ends it or corrects it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from workflows.notices.documents import Clauses, Document, Due, FactTable, Lines, Remedies, lines

LIST_NAME = "社会保险领域严重失信人名单"


@dataclass(frozen=True, kw_only=True)
class ListingNotice(Document):
    """列入社会保险领域严重失信人名单告知书. `list_name`: the list meant. `measures`: what being listed brings, each with its
    basis. `period`: how long, in words.

    The two `_reviewed` say whether the lawyers have passed the period and every one of the measures.
    """

    list_name: str = LIST_NAME
    ground: str
    found: Lines
    basis: Clauses
    measures: Lines
    period: str
    defence: Due
    facts: FactTable | None = None
    period_reviewed: bool = True
    measures_reviewed: bool = True


@dataclass(frozen=True, kw_only=True)
class ListingDecision(Document):
    """列入社会保险领域严重失信人名单决定书. `heard`: how notice was given, what was said in defence, and why it was
    accepted or not. `repair`: from which day and by what way it may be asked for."""

    list_name: str = LIST_NAME
    ground: str
    found: Lines
    heard: Lines
    basis: Clauses
    starts_on: date
    ends_on: date
    published: Lines
    measures: Lines
    repair: Lines
    remedies: Remedies
    facts: FactTable | None = None
    period_reviewed: bool = True
    measures_reviewed: bool = True


@dataclass(frozen=True, kw_only=True)
class RepairAdvice(Document):
    """信用修复告知书, handed over together with the decision it is about (国办发〔2025〕22号: 两书同达). `since`: from which
    day and by what way repair may be asked for, or that none is needed. `conditions`: what has to be so by then.
    `materials`: what is handed in."""

    list_name: str = LIST_NAME
    about_number: str
    about_on: date
    ends_on: date
    since: Lines
    conditions: Lines = (
        _("已经改正违法行为"),
        _("行政处罚决定和法律文书确定的义务已经全部履行"),
        _("书面作出信用承诺"),
    )
    materials: Lines = (
        _("信用修复申请和信用承诺书"),
        _("改正违法行为、履行义务的证明"),
        _("营业执照或者身份证明"),
    )
    basis: Clauses


@dataclass(frozen=True, kw_only=True)
class RemovalDecision(Document):
    """移出社会保险领域严重失信人名单决定书, or the 撤销列入 of one that should never have been (`is_revoked`).
    `listed_number` and `listed_on` name the decision that ends. `effects`: what stops, one item each."""

    list_name: str = LIST_NAME
    listed_number: str
    listed_on: date
    reasons: Lines
    basis: Clauses
    removed_on: date
    effects: Lines = (_("停止公示和共享该条失信信息。"), _("停止依据该条信息采取的惩戒措施。"))
    is_revoked: bool = False


_LIFTED = (_("停止公示、共享和使用该条失信信息。"), _("同时解除依据该条信息采取的惩戒措施。"))
_KEPT = (_("该条失信信息继续公示，惩戒措施继续执行。"),)


@dataclass(frozen=True, kw_only=True)
class RepairDecision(Document):
    """信用修复决定书: `granted` or refused. `evidence`: what was handed in. `checked`: what the visit on the spot found.
    `effects`: what is lifted, or what a refusal leaves in place; `again_from`: the day from which a refused one may be
    asked for anew."""

    list_name: str = LIST_NAME
    listed_number: str
    listed_on: date
    applied_on: date
    granted: bool
    evidence: Lines
    checked: Lines
    reasons: Lines
    basis: Clauses
    effects: Lines = ()
    remedies: Remedies
    again_from: date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.effects:
            object.__setattr__(self, "effects", lines(_LIFTED if self.granted else _KEPT))
        if self.granted:
            object.__setattr__(self, "again_from", None)


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswer(Document):
    """异议处理答复书. `about_number`: the decision objected to. `outcome`: one sentence that answers. `upheld`: the
    objection was right, wholly or in part, and the entry is put right."""

    list_name: str = LIST_NAME
    about_number: str
    about_on: date
    filed_on: date
    objection: Lines
    checked: Lines
    upheld: bool
    outcome: str
    reasons: Lines
    basis: Clauses
    effects: Lines = ()
    remedies: Remedies
