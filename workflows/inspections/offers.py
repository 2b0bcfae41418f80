"""What a person may do with an inspection now: lawful acts only, each with what will follow."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.law.queries import Law, the_law
from grid.law.rules import in_words
from grid.scope import Actor, Right
from workflows.cases import states as case_states
from workflows.clocks.models import Clock
from workflows.inspections import states, weighing
from workflows.inspections.models import Inspection, Opinion, Payment, Recusal
from workflows.inspections.models import InspectionState as S
from workflows.notices.models import Notice, NoticeKind
from workflows.remedies.models import Remedy

Text = str | Promise
Follows = Text | Callable[["File"], Text]


@dataclass(frozen=True)
class File:
    """An inspection with what deciding its next acts needs; read once, no query after."""

    inspection: Inspection
    notices: list[Notice]
    clocks: list[Clock]
    opinions: list[Opinion]
    recusals: list[Recusal]
    payments: list[Payment] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    law: Law = field(default_factory=lambda: the_law(today()))

    def term(self, key: str) -> str:
        """`10 个工作日`: a term as the law has it today."""
        return in_words(self.law[key].value, self.law[key].unit)

    def unserved(self, kind: str) -> Notice | None:
        mine = (
            n for n in self.notices if n.kind == kind and not n.withdrawn_at and not hasattr(n, "service")
        )
        return next(mine, None)

    @property
    def open_remedy(self) -> Remedy | None:
        """The review or suit against the penalty that is still pending; one is answered before the next."""
        return next((one for one in self.remedies if one.decided_on is None), None)

    @property
    def is_payment_still(self) -> bool:
        """Whether the term for paying stands still, execution being stayed."""
        return any(c.kind == "penalty.payment" and c.is_still for c in self.clocks)

    def running(self, *kinds: str) -> bool:
        return any(c.kind in kinds and not c.fired_at and not c.stopped_at for c in self.clocks)


@dataclass(frozen=True)
class Offer:
    """One act: its name in the address, its label, what follows, and who may not although their post could. What
    depends on the inspection or on the law is a function of its file; an offer made (`offers_for`) has the words."""

    name: str
    label: Text
    follows: Follows
    right: Right
    states: tuple[str, ...]
    danger: bool = False
    fits: Callable[[File, Actor], bool] = lambda file, viewer: True
    done_before: Callable[[Inspection], tuple[int | None, ...]] = lambda inspection: ()


def _investigators(inspection: Inspection) -> tuple[int | None, ...]:
    return (inspection.proposed_by_id, *inspection.officers)


def _reviewers(inspection: Inspection) -> tuple[int | None, ...]:
    return (*_investigators(inspection), inspection.reviewed_by_id)


def _lacks(kind: str) -> Callable[[File, Actor], bool]:
    return lambda file, viewer: file.unserved(kind) is None


def _waits(kind: str) -> Callable[[File, Actor], bool]:
    return lambda file, viewer: file.unserved(kind) is not None


def _may_order(file: File, viewer: Actor) -> bool:
    return states.may(file.inspection, "order") and file.unserved(NoticeKind.ORDER) is None


def _may_tell(file: File, viewer: Actor) -> bool:
    was_ordered = file.inspection.order_expired_on is not None
    return was_ordered and file.unserved(NoticeKind.PENALTY_NOTICE) is None


def _unheard(file: File, viewer: Actor) -> bool:
    said, told = file.inspection.statement_on, file.inspection.noticed_on
    return told is not None and (said is None or said < told)


def _said(file: File, viewer: Actor) -> bool:
    return file.inspection.statement_on is not None


def _may_ask_hearing(file: File, viewer: Actor) -> bool:
    return file.inspection.hearing_owed and file.running("inspection.hearing_request")


def _waited(file: File, viewer: Actor) -> bool:
    answered = not file.inspection.statement_on or bool(file.inspection.statement_answer)
    return answered and not file.running("inspection.statement", "inspection.hearing_request")


def _uncalled(file: File, viewer: Actor) -> bool:
    return file.unserved(NoticeKind.HEARING_NOTICE) is None and file.inspection.hearing_noticed_on is None


def _called(file: File, viewer: Actor) -> bool:
    return not _uncalled(file, viewer)


def _is_hearing_day(file: File, viewer: Actor) -> bool:
    one = file.inspection
    return one.hearing_noticed_on is not None and one.hearing_on is not None and one.hearing_on <= today()


def _is_asked(file: File, viewer: Actor) -> bool:
    return any(one.person_id == viewer.person_id and not one.said_at for one in file.opinions)


def _all_spoke(file: File, viewer: Actor) -> bool:
    return bool(file.opinions) and all(one.said_at for one in file.opinions)


def _is_overdue(file: File, viewer: Actor) -> bool:
    due: date | None = file.inspection.due_on
    if due is None or _is_stayed(file):
        return False
    return due < today() and file.unserved(NoticeKind.DEMAND) is None


def _is_stayed(file: File) -> bool:
    return file.open_remedy is not None and file.open_remedy.stayed_on is not None


def _court_open(file: File, viewer: Actor) -> bool:
    waits = file.running("inspection.demand", "inspection.remedy")
    return file.running("inspection.court") and not waits and file.open_remedy is None


def _may_extend(file: File, viewer: Actor) -> bool:
    return file.running("inspection.investigation") and file.inspection.extended_on is None


def _may_be_challenged(file: File, viewer: Actor) -> bool:
    return file.inspection.case.penalty is not None and file.open_remedy is None


def _is_challenged(file: File, viewer: Actor) -> bool:
    return file.open_remedy is not None


def _may_be_stayed(file: File, viewer: Actor) -> bool:
    return file.open_remedy is not None and file.open_remedy.stayed_on is None


# --- what follows, where it depends --------------------------------------------------------------


def _told(file: File) -> Text:
    if file.inspection.hearing_owed:
        return _("陈述申辩期、听证申请期自送达次日起算")
    return _("陈述申辩期自送达次日起算")


def _answered(file: File) -> Text:
    at = file.inspection.state
    if at == S.LEGAL_REVIEW:
        return _("随案卷由法制审核")
    return _("重新告知后随案卷送法制审核") if at == S.INVESTIGATING else _("随案卷送法制审核")


def _called_in_time(file: File) -> Text:
    return _("编号并生成听证通知书，须在听证 {term}前送达").format(
        term=file.term("inspection.hearing_notice")
    )


def _moved(file: File) -> Text:
    words = _("撤回原通知书，重新编号制发，仍须在听证 {term}前送达")
    return words.format(term=file.term("inspection.hearing_notice"))


def _held_then(file: File) -> Text:
    on = file.inspection.hearing_on
    return _("{on} 举行听证").format(on=on) if on else _("到期举行听证")


def _reviewed(file: File) -> Text:
    return _("转集体讨论") if weighing.is_weighty(file.inspection, file.law) else _("转负责人决定")


def _decided(file: File) -> Text:
    words = _("编号并生成处罚决定书，{term}内送达")
    return words.format(term=file.term("inspection.service"))


def _demanded(file: File) -> Text:
    words = _("编号并生成履行催告书；送达后 {term}仍不履行，复议、诉讼期限也已届满的，可以申请强制执行")
    return words.format(term=file.term("inspection.demand"))


def _extended(file: File) -> Text:
    return _("延长 {term}，只能一次").format(term=file.term("inspection.extension"))


def _stayed(file: File) -> Text:
    running = file.running("penalty.payment")
    paused = _("至复议或诉讼结束前缴纳期限中止，不催告，不申请强制执行")
    return paused if running else _("至复议或诉讼结束前不催告，不申请强制执行")


def _challenged(file: File) -> Text:
    if file.inspection.state in states.OWING:
        return _("处罚不停止执行；加处罚款停止计算，期间不申请强制执行")
    return _("结果登记前处罚决定照常有效")


def _closed_remedy(file: File) -> Text:
    one = file.inspection
    reopens = case_states.may(one.case, "reopen")
    if not one.is_open:
        quashed = _("撤销处罚决定的退回案件处置") if reopens else _("撤销处罚决定的记入案卷")
        return _("生效后登记；{quashed}，维持的不变").format(quashed=quashed)
    quashed = _("撤销处罚决定的监察终结并退回案件处置") if reopens else _("撤销处罚决定的监察终结")
    return _("生效后登记；{quashed}，维持的继续履行").format(quashed=quashed)


_TOLD = (S.NOTICED, S.HEARING)
_TELLING = (S.INVESTIGATING, S.ORDER_EXPIRED)
_OPEN = tuple(states.OPEN_MATTER)
_OWING = tuple(states.OWING)
# Whoever has paid may challenge the penalty all the same.
_IMPOSED = (*_OWING, S.PERFORMED, S.ENFORCED)


def _against(right: Right) -> tuple[Offer, ...]:
    """Review and suit are noted by whoever inspects, or by the city."""
    return (
        Offer("remedy", _("登记复议或诉讼"), _challenged, right, _IMPOSED,
              fits=_may_be_challenged),
        Offer("stay", _("登记停止执行"), _stayed, right, _IMPOSED,
              fits=_may_be_stayed),
        Offer("close-remedy", _("登记复议或诉讼结果"), _closed_remedy, right,
              _IMPOSED, fits=_is_challenged),
    )  # fmt: skip


OFFERS = (
    Offer("file", _("批准立案"), _("调查期限自今日起算，立案审批表存卷"), Right.APPROVE_DISTRICT, (S.FILING,),
          done_before=_investigators),
    Offer("refuse", _("不予立案"), _("监察终结，案件退回处置"), Right.APPROVE_DISTRICT, (S.FILING,), danger=True,
          done_before=_investigators),
    Offer("order", _("制发责令改正指令书"), _("编号并生成指令书，打印后送达"), Right.INSPECT, (S.INVESTIGATING,),
          fits=_may_order),
    Offer("serve-order", _("登记指令书送达"), _("责令改正期限自送达次日起算"), Right.INSPECT, (S.INVESTIGATING,),
          fits=_waits(NoticeKind.ORDER)),
    Offer("notice", _("拟定处罚并制发告知书"), _("按裁量档次计算罚款，生成处罚事先告知书"), Right.INSPECT, _TELLING,
          fits=_may_tell),
    Offer("serve-notice", _("登记处罚告知书送达"), _told, Right.INSPECT, _TELLING,
          fits=_waits(NoticeKind.PENALTY_NOTICE)),
    Offer("statement", _("记录陈述申辩"), _("须复核并答复，不得因此加重处罚"), Right.INSPECT, _TOLD, fits=_unheard),
    Offer("answer", _("复核答复陈述申辩"), _answered, Right.INSPECT,
          (*_TOLD, S.LEGAL_REVIEW, S.INVESTIGATING), fits=_said),
    Offer("hearing", _("登记听证申请"), _("听证申请期停止计算，另行通知听证；陈述申辩期照常"), Right.INSPECT, (S.NOTICED,),
          fits=_may_ask_hearing),
    Offer("close", _("送法制审核"), _("调查终结，作出决定的期限起算"), Right.INSPECT, (S.NOTICED,), fits=_waited),
    Offer("call", _("制发听证通知书"), _called_in_time, Right.INSPECT, (S.HEARING,), fits=_uncalled),
    Offer("move-hearing", _("听证改期"), _moved, Right.INSPECT, (S.HEARING,),
          fits=_called),
    Offer("serve-hearing", _("登记听证通知书送达"), _held_then, Right.INSPECT, (S.HEARING,),
          fits=_waits(NoticeKind.HEARING_NOTICE)),
    Offer("hold", _("登记听证报告"), _("送法制审核，并须集体讨论"), Right.INSPECT, (S.HEARING,), fits=_is_hearing_day),
    Offer("review", _("法制审核通过"), _reviewed, Right.LEGAL_REVIEW,
          (S.LEGAL_REVIEW,), done_before=_investigators),
    Offer("members", _("召集集体讨论"), _("由参加人各自发表意见"), Right.DECIDE_DISTRICT, (S.COLLECTIVE,)),
    Offer("opinion", _("发表讨论意见"), _("记入集体讨论记录，不能更改"), Right.SEE_CASES, (S.COLLECTIVE,), fits=_is_asked),
    Offer("conclude", _("形成集体讨论意见"), _("转负责人决定"), Right.DECIDE_DISTRICT, (S.COLLECTIVE,), fits=_all_spoke),
    Offer("decide", _("作出处罚决定"), _decided, Right.DECIDE_DISTRICT, (S.DECIDING,),
          danger=True, done_before=_reviewers),
    Offer("serve-decision", _("登记处罚决定书送达"), _("缴纳期限、复议诉讼期限自送达次日起算"), Right.INSPECT, (S.DECIDED,),
          fits=_waits(NoticeKind.PENALTY_DECISION)),
    Offer("pay", _("登记缴款"), _("缴清即履行完毕"), Right.INSPECT, _OWING),
    Offer("demand", _("制发履行催告书"), _demanded, Right.INSPECT, (S.PERFORMING,),
          fits=_is_overdue),
    Offer("serve-demand", _("登记催告书送达"), _("催告期限自送达次日起算"), Right.INSPECT, (S.PERFORMING,),
          fits=_waits(NoticeKind.DEMAND)),
    Offer("court", _("申请法院强制执行"), _("生成强制执行申请书，向人民法院提交"), Right.INSPECT, (S.DEMANDED,),
          danger=True, fits=_court_open),
    Offer("enforced", _("登记强制执行结果"), _("监察办理结束"), Right.INSPECT, (S.COURT,)),
    *(offer for right in (Right.INSPECT, Right.DECIDE_CITY) for offer in _against(right)),
    Offer("return", _("退回"), _("退回调查或者重新听取陈述申辩，审核和讨论重新进行"), Right.LEGAL_REVIEW, (S.LEGAL_REVIEW,)),
    Offer("return", _("退回"), _("退回调查或者重新听取陈述申辩，审核和讨论重新进行"), Right.DECIDE_DISTRICT,
          (S.COLLECTIVE, S.DECIDING)),
    Offer("extend", _("延长调查期限"), _extended, Right.APPROVE_DISTRICT, _OPEN, fits=_may_extend,
          done_before=_investigators),
    Offer("recuse", _("决定执法人员回避"), _("改由另一名执法人员办理"), Right.APPROVE_DISTRICT,
          tuple(states.BEFORE_DECISION), done_before=_investigators),
    Offer("spare", _("决定不予处罚"), _("生成不予行政处罚决定书，案件结案"), Right.DECIDE_DISTRICT, _OPEN, danger=True,
          done_before=_investigators),
    Offer("withdraw", _("撤销立案"), _("生成撤销立案决定书，案件结案"), Right.DECIDE_DISTRICT, _OPEN, danger=True,
          done_before=_investigators),
    Offer("transfer", _("移送"), _("编号并生成案件移送书，送有权处理的机关，案件结案"), Right.DECIDE_DISTRICT, _OPEN, danger=True,
          done_before=_investigators),
    Offer("serve-spared", _("登记不予处罚决定书送达"), _("送达情况存卷"), Right.SERVE, (S.SPARED,),
          fits=_waits(NoticeKind.NO_PENALTY)),
    Offer("serve-withdrawn", _("登记撤销立案决定书送达"), _("送达情况存卷"), Right.SERVE, (S.WITHDRAWN,),
          fits=_waits(NoticeKind.CASE_WITHDRAWN)),
)  # fmt: skip


def offers_for(viewer: Actor, file: File) -> list[Offer]:
    """The lawful acts of `viewer` on the inspection, the ordinary one first."""
    open_to = (_in_words(offer, file) for offer in OFFERS if _is_open_to(viewer, offer, file))
    return list({offer.name: offer for offer in open_to}.values())


def _in_words(offer: Offer, file: File) -> Offer:
    return replace(offer, follows=offer.follows(file)) if callable(offer.follows) else offer


def _is_open_to(viewer: Actor, offer: Offer, file: File) -> bool:
    one = file.inspection
    if one.state not in offer.states or not viewer.can(offer.right, one.area):
        return False
    before = offer.done_before(one)
    recused = {recusal.person_id for recusal in file.recusals} if before else set()
    return viewer.person_id not in {*before, *recused} and offer.fits(file, viewer)
