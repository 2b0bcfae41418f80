"""What a person may do with a case now: lawful acts only, each with what will follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from workflows.cases import rules, states
from workflows.cases.actions.opening import withdrawing_right
from workflows.cases.models import Case
from workflows.cases.models import CaseState as S
from workflows.notices.models import Notice, NoticeKind

Text = str | Promise
Follows = Text | Callable[["File"], Text]


@dataclass(frozen=True)
class File:
    """A case with what deciding its next acts needs; read once, no query after."""

    case: Case
    # Its entry on the list, as that room keeps it.
    listing: Any
    notices: list[Notice]
    speakers: frozenset[int | None]

    def unserved(self, kind: str) -> Notice | None:
        waiting = (n for n in self.notices if n.kind == kind and not n.withdrawn_at and not _is_served(n))
        return next(waiting, None)


@dataclass(frozen=True)
class Offer:
    """One act: its name in the address, its label, what follows, and who may not although their post could. What
    depends on the case is a function of its file; an offer made (`offers_for`) has the words."""

    name: str
    label: Text
    follows: Follows
    right: Right
    states: tuple[str, ...]
    danger: bool = False
    fits: Callable[[File], bool] = lambda file: True
    done_before: Callable[[File], tuple[int | None, ...]] = lambda file: ()


def _is_served(notice: Notice) -> bool:
    return hasattr(notice, "service")


def _approvers(file: File) -> tuple[int | None, ...]:
    case = file.case
    return (*file.speakers, case.finding.reviewed_by_id, case.street_by_id)


def waits_for(kind: str) -> Callable[[File], bool]:
    return lambda file: file.unserved(kind) is not None


def lacks(kind: str) -> Callable[[File], bool]:
    return lambda file: file.unserved(kind) is None


def _is_asked(file: File, asked: bool) -> bool:
    """Whether the 告知书 waits to be served, and the grid worker is asked, or not asked, to do it."""
    waiting = file.unserved(NoticeKind.URGING)
    return waiting is not None and (waiting.asked_at is not None) is asked


def is_about_the_visit(file: File) -> bool:
    return rules.is_visit_question(file.case.returned_to)


def _back_to(file: File) -> Text:
    return _("回到“{step}”").format(step=file.case.get_returned_to_display())


def _returned(file: File) -> Text:
    if not rules.is_visit_question(file.case.state):
        return _("退回补正，由劳动监察员补正列入材料后报回")
    if file.case.finding.visit.task_id is None:
        return _("退回补正，由社区复核员说明后报回")
    return _("退回补正；点名的问题会出现在网格员的手机上")


def _withdrawn(file: File) -> Text:
    issued = any(not notice.withdrawn_at for notice in file.notices)
    return _("案件终止，已制发的文书一并撤回") if issued else _("案件终止")


OFFERS: list[Offer] = [
    Offer("approve", _("同意"), _("转区级审批"), Right.APPROVE_STREET, (S.STREET_APPROVAL,), done_before=_approvers),
    Offer("approve", _("同意"), _("制发并送达督促参保缴费告知书"), Right.APPROVE_DISTRICT, (S.DISTRICT_APPROVAL,),
          done_before=_approvers),
    Offer("correct", _("补正后报回"), _back_to, Right.REVIEW, (S.CORRECTION,), fits=is_about_the_visit),
    Offer("urge", _("制发告知书"), _("编号并生成告知书，打印后送达"), Right.SERVE, (S.URGING,), fits=lacks(NoticeKind.URGING)),
    Offer("serve-urging", _("登记告知书送达"), _("整改期限自送达次日起算"), Right.SERVE, (S.URGING,),
          fits=waits_for(NoticeKind.URGING)),
    Offer("send-urging", _("请网格员送达"), _("出现在网格员手机的这一户，上门送达后登记；有疑问的由您核定"),
          Right.SERVE, (S.URGING,), fits=lambda file: _is_asked(file, False)),
    Offer("recall-urging", _("收回请网格员送达"), _("从网格员手机上撤下，改由本人送达并登记"), Right.SERVE, (S.URGING,),
          fits=lambda file: _is_asked(file, True)),
]  # fmt: skip
# How other rooms end a case where it stands, offered after everything else.
WAYS_OUT: list[Callable[["File"], Iterator[Offer]]] = []
# Who sends a case back is whoever decides it; the right goes with the state.
RETURNERS: dict[str, Right] = {
    S.STREET_APPROVAL: Right.APPROVE_STREET,
    S.DISTRICT_APPROVAL: Right.APPROVE_DISTRICT,
    S.LISTING_REVIEW: Right.LEGAL_REVIEW,
    S.LISTING_DISTRICT: Right.DECIDE_DISTRICT,
    S.LISTING_CITY: Right.DECIDE_CITY,
}


def offers_for(viewer: Actor, file: File) -> list[Offer]:
    """The lawful acts of `viewer` on the case, the ordinary one first."""
    return [_told(offer, file) for offer in _lawful(file) if _is_open_to(viewer, offer, file)]


def _told(offer: Offer, file: File) -> Offer:
    return replace(offer, follows=offer.follows(file)) if callable(offer.follows) else offer


def _lawful(file: File) -> Iterator[Offer]:
    case = file.case
    yield from (offer for offer in OFFERS if case.state in offer.states and offer.fits(file))
    here = (case.state,)
    if case.state in RETURNERS:
        yield Offer("return", states.label_of("send_back"), _returned, RETURNERS[case.state], here)
    if states.may(case, "withdraw"):
        right = withdrawing_right(case)
        yield Offer("withdraw", states.label_of("withdraw"), _withdrawn, right, here, danger=True)
    for ways_out in WAYS_OUT:
        yield from ways_out(file)


def _is_open_to(viewer: Actor, offer: Offer, file: File) -> bool:
    area: Any = file.case.area
    return viewer.can(offer.right, area) and viewer.person_id not in offer.done_before(file)
