"""What a person may do with a case now: lawful acts only, each with what will follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.scope import Actor, Right
from workflows.cases import rules, states
from workflows.cases.actions.opening import withdrawing_right
from workflows.cases.models import Case
from workflows.cases.models import CaseState as S
from workflows.listing.actions import dropping_right
from workflows.listing.models import Listing
from workflows.notices.models import Notice, NoticeKind

Text = str | Promise
Follows = Text | Callable[["File"], Text]


@dataclass(frozen=True)
class File:
    """A case with what deciding its next acts needs; read once, no query after."""

    case: Case
    listing: Listing | None
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


def _listers(file: File) -> tuple[int | None, ...]:
    listing = file.listing
    return (listing.proposed_by_id, listing.reviewed_by_id, listing.district_by_id) if listing else ()


def _waits(kind: str) -> Callable[[File], bool]:
    return lambda file: file.unserved(kind) is not None


def _lacks(kind: str) -> Callable[[File], bool]:
    return lambda file: file.unserved(kind) is None


def _is_asked(file: File, asked: bool) -> bool:
    """Whether the 告知书 waits to be served, and the grid worker is asked, or not asked, to do it."""
    waiting = file.unserved(NoticeKind.URGING)
    return waiting is not None and (waiting.asked_at is not None) is asked


def _heard(file: File) -> bool:
    return file.listing is not None and file.listing.defence_on is not None


def _is_effective(file: File) -> bool:
    served_on = file.listing.served_on if file.listing else None
    return served_on is not None and served_on <= today() and file.case.healed_on is None


def _about_the_visit(file: File) -> bool:
    return rules.is_visit_question(file.case.returned_to)


def _back_to(file: File) -> Text:
    return _("回到“{step}”").format(step=file.case.get_returned_to_display())


def _mended(file: File) -> Text:
    words = _("事实有变的重新告知，其余回到“{step}”")
    return words.format(step=file.case.get_returned_to_display())


def _answered(file: File) -> Text:
    return _("申辩期满后随材料送法制审核") if file.case.state == S.DEFENCE else _("随材料由法制审核")


def _returned(file: File) -> Text:
    if not rules.is_visit_question(file.case.state):
        return _("退回补正，由劳动监察员补正列入材料后报回")
    if file.case.finding.visit.task_id is None:
        return _("退回补正，由社区复核员说明后报回")
    return _("退回补正；点名的问题会出现在网格员的手机上")


def _withdrawn(file: File) -> Text:
    issued = any(not notice.withdrawn_at for notice in file.notices)
    return _("案件终止，已制发的文书一并撤回") if issued else _("案件终止")


def _dropped(file: File) -> Text:
    listing = (NoticeKind.LISTING_NOTICE, NoticeKind.LISTING_DECISION)
    issued = any(notice.kind in listing and not notice.withdrawn_at for notice in file.notices)
    return _("结案，不列入名单，列入文书一并撤回") if issued else _("结案，不列入名单")


_LISTED = (S.PUBLISHED, S.REMOVED)
OFFERS = (
    Offer("approve", _("同意"), _("转区级审批"), Right.APPROVE_STREET, (S.STREET_APPROVAL,), done_before=_approvers),
    Offer("approve", _("同意"), _("制发并送达督促参保缴费告知书"), Right.APPROVE_DISTRICT, (S.DISTRICT_APPROVAL,),
          done_before=_approvers),
    Offer("correct", _("补正后报回"), _back_to, Right.REVIEW, (S.CORRECTION,), fits=_about_the_visit),
    Offer("mend", _("补正列入材料"), _mended, Right.INSPECT, (S.CORRECTION,),
          fits=lambda file: not _about_the_visit(file)),
    Offer("urge", _("制发告知书"), _("编号并生成告知书，打印后送达"), Right.SERVE, (S.URGING,), fits=_lacks(NoticeKind.URGING)),
    Offer("serve-urging", _("登记告知书送达"), _("整改期限自送达次日起算"), Right.SERVE, (S.URGING,),
          fits=_waits(NoticeKind.URGING)),
    Offer("send-urging", _("请网格员送达"), _("出现在网格员手机的这一户，上门送达后登记；有疑问的由您核定"),
          Right.SERVE, (S.URGING,), fits=lambda file: _is_asked(file, False)),
    Offer("recall-urging", _("收回请网格员送达"), _("从网格员手机上撤下，改由本人送达并登记"), Right.SERVE, (S.URGING,),
          fits=lambda file: _is_asked(file, True)),
    Offer("inspect", _("申请监察立案"), _("报区主管批准后由两名执法人员调查"), Right.INSPECT, (S.ESCALATED,)),
    Offer("propose", _("提请列入严重失信名单"), _("先告知当事人并听取陈述申辩"), Right.INSPECT, (S.PENALISED,)),
    Offer("notice", _("制发列入告知书"), _("编号并生成列入告知书，打印后送达"), Right.INSPECT, (S.LISTING_PROPOSED,),
          fits=_lacks(NoticeKind.LISTING_NOTICE)),
    Offer("serve-notice", _("登记列入告知书送达"), _("陈述申辩期自送达次日起算"), Right.INSPECT, (S.LISTING_PROPOSED,),
          fits=_waits(NoticeKind.LISTING_NOTICE)),
    Offer("defence", _("记录陈述申辩"), _("须逐条答复"), Right.INSPECT, (S.DEFENCE,), fits=lambda file: not _heard(file)),
    Offer("answer", _("答复陈述申辩"), _answered, Right.INSPECT, (S.DEFENCE, S.LISTING_REVIEW), fits=_heard),
    Offer("review", _("法制审核通过"), _("转区级列入决定"), Right.LEGAL_REVIEW, (S.LISTING_REVIEW,), done_before=_listers),
    Offer("decide-district", _("同意列入"), _("转市级列入决定"), Right.DECIDE_DISTRICT, (S.LISTING_DISTRICT,),
          done_before=_listers),
    Offer("decide-city", _("决定列入"), _("编号并生成列入决定书，送达后公示"), Right.DECIDE_CITY, (S.LISTING_CITY,),
          danger=True, done_before=_listers),
    Offer("serve-decision", _("登记列入决定书送达"), _("送达生效后可以公示"), Right.SERVE, (S.LISTING_SERVICE,),
          fits=_waits(NoticeKind.LISTING_DECISION)),
    Offer("serve-removal", _("登记移出决定书送达"), _("送达情况存卷"), Right.SERVE, (S.REMOVED,),
          fits=_waits(NoticeKind.REMOVAL)),
    Offer("serve-repair", _("登记信用修复决定书送达"), _("送达情况存卷，单位在窗口可以看到"), Right.SERVE, _LISTED,
          fits=_waits(NoticeKind.REPAIR_DECISION)),
    Offer("serve-objection", _("登记异议处理答复书送达"), _("送达情况存卷，单位在窗口可以看到"), Right.SERVE, _LISTED,
          fits=_waits(NoticeKind.OBJECTION_ANSWER)),
    Offer("publish", _("公示"), _("在公开网页公示至期满，期满自动移出"), Right.DECIDE_CITY, (S.PUBLICATION,), danger=True,
          fits=_is_effective),
)  # fmt: skip
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
    if states.may(case, "drop"):
        yield Offer("drop", states.label_of("drop"), _dropped, dropping_right(case), here, danger=True)


def _is_open_to(viewer: Actor, offer: Offer, file: File) -> bool:
    area: Any = file.case.area
    return viewer.can(offer.right, area) and viewer.person_id not in offer.done_before(file)
