"""The acts of an inspection, on its own page and on that of its case: what there is to know of each, said once."""

from collections.abc import Callable

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.scope import Actor, Right
from workflows.cases.acts import Files
from workflows.cases.forms import ActForm, OpinionForm, PlainForm, RemarkForm, TextForm, WhyForm
from workflows.cases.models import Case
from workflows.engine.acts import Act, acts_on
from workflows.inspections import actions, forms, states
from workflows.inspections.acts import asking, wording
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.records.acts import ACTS as RECORDING
from workflows.inspections.records.forms import MinutesForm, NoPenaltyForm, WithdrawForm
from workflows.notices.acts import lacks, serving, waits_for
from workflows.notices.models import NoticeKind
from workflows.remedies import actions as remedies
from workflows.remedies.forms import ending_of
from workflows.remedies.models import Remedy, RemedyTarget
from workflows.remedies.rules import Challenge

# --- what it does ----------------------------------------------------------------------------------


def form_for(
    name: str, inspection: Inspection, data: QueryDict | None = None, files: Files | None = None
) -> ActForm:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    form: ActForm = acts_on("inspection")[name].form(data, files, case=inspection, auto_id=f"{name}-%s")
    return form


def _because(act: Callable[..., object]) -> Callable[[Inspection, WhyForm, Actor], object]:
    return lambda inspection, form, by: act(inspection, form.cleaned_data["why"], by=by, at=form.at_state)


def _withdraw(inspection: Inspection, form: WithdrawForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.withdraw_inspection(inspection, given["why"], given["proof"], by=by, at=form.at_state)


def _session(form: forms.CallHearingForm) -> actions.Session:
    names = ("on", "place", "chair", "clerk", "hour")
    return actions.Session(**{name: form.cleaned_data[name] for name in names})


def _hearing(inspection: Inspection, form: forms.HearingAskedForm, by: Actor) -> object:
    return actions.request_hearing(inspection, form.cleaned_data["text"], form.cleaned_data["on"], by=by)


def _hold(inspection: Inspection, form: forms.HoldForm, by: Actor) -> object:
    return actions.hold_hearing(inspection, form.hearing_report(), by=by, at=form.at_state)


def _review(inspection: Inspection, form: OpinionForm, by: Actor) -> object:
    return actions.review_inspection(inspection, form.cleaned_data["opinion"], by=by, at=form.at_state)


def _conclude(inspection: Inspection, form: forms.ConcludeForm, by: Actor) -> object:
    return actions.conclude_discussion(inspection, form.concluded(), by=by, at=form.at_state)


def _decide(inspection: Inspection, form: forms.DecideForm, by: Actor) -> object:
    given = form.cleaned_data
    chosen = {name: given[name] for name in ("times", "days", "remark")}
    return actions.decide(inspection, **chosen, by=by, at=form.at_state)


def _return(inspection: Inspection, form: forms.ReturnForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.return_inspection(inspection, given["why"], to=given["to"], by=by, at=form.at_state)


def _recuse(inspection: Inspection, form: forms.RecuseForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.recuse_officer(
        inspection, given["officer"], given["instead"], given["why"], by=by, at=form.at_state
    )


def _transfer(inspection: Inspection, form: forms.TransferForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.transfer_inspection(
        inspection, given["to"], given["why"], by=by, at=form.at_state, because=given["because"]
    )


def _pay(inspection: Inspection, form: forms.PaymentForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.record_payment(
        inspection, given["amount"], given["paid_on"], given["slip"], by=by, at=form.at_state
    )


def _remedy(inspection: Inspection, form: forms.RemedyForm, by: Actor) -> object:
    given, penalty = form.cleaned_data, RemedyTarget.PENALTY
    challenge = Challenge(given["kind"], given["body"], given["filed_on"], penalty, given["number"])
    return remedies.note_remedy(inspection.case, challenge, by=by)


def _open_remedy(inspection: Inspection) -> Remedy:
    """The one that is pending, or the newest, of which the act says that it has ended. Raises NotHere for none."""
    found = Remedy.objects.filter(case=inspection.case, target=RemedyTarget.PENALTY)
    remedy = found.filter(decided_on=None).first() or found.last()
    if remedy is None:
        raise problems.NotHere()
    return remedy


def _stay(inspection: Inspection, form: forms.StayForm, by: Actor) -> object:
    return remedies.stay_remedy(_open_remedy(inspection), form.cleaned_data["number"], by=by)


def _close_remedy(inspection: Inspection, form: forms.OutcomeForm, by: Actor) -> object:
    return remedies.close_remedy(_open_remedy(inspection), ending_of(form.cleaned_data), by=by)


def _inspect(case: Case, form: forms.FileForm, by: Actor) -> object:
    given = form.cleaned_data
    officers = (given["officer_1"], given["officer_2"])
    return actions.file_inspection(case, officers, given["why"], form.suspected(), by=by, at=form.at_state)


def _order(inspection: Inspection, form: forms.OrderForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.issue_order(inspection, given["violation"], given["days"], by=by)


def _no_penalty(inspection: Inspection, form: NoPenaltyForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.impose_no_penalty(
        inspection, given["why"], given["exemption"], given["proof"], by=by, at=form.at_state
    )


# --- the acts, in the order of the page ------------------------------------------------------------

OWING = tuple(states.OWING)
# Whoever has paid may challenge the penalty all the same.
IMPOSED = (*OWING, S.PERFORMED, S.ENFORCED)

ON_CASE = (
    Act(
        name="inspect", label=_("申请监察立案"), follows=_("报区主管批准后由两名执法人员调查"), steps=("inspect",),
        fits=asking.finds_violation, form=forms.FileForm, do=_inspect,
    ),
)  # fmt: skip
ACTS = (
    Act(
        name="file", label=_("批准立案"), follows=_("调查期限自今日起算，立案审批表存卷"), steps=("file",),
        not_by=asking.investigators, form=RemarkForm,
        do=lambda inspection, form, by: actions.approve_filing(
            inspection, remark=form.cleaned_data["remark"], by=by, at=form.at_state
        ),
    ),
    Act(
        name="refuse", label=_("不予立案"), follows=_("监察终结，案件退回处置"), steps=("refuse",), danger=True,
        not_by=asking.investigators, form=WhyForm, do=_because(actions.refuse_filing),
    ),
    Act(
        name="order", label=_("制发限期改正指令书"), word=NoticeKind.ORDER.label, follows=_("编号并生成指令书，打印后送达"),
        states=(S.INVESTIGATING,), right=Right.INSPECT, asks=asking.ask_orderable, fits=lacks(NoticeKind.ORDER),
        form=forms.OrderForm, do=_order,
    ),
    Act(
        name="serve-order", label=_("登记指令书送达"), follows=_("责令改正期限自送达次日起算"), steps=("order",),
        fits=waits_for(NoticeKind.ORDER), form=forms.OfficersServiceForm, do=serving(NoticeKind.ORDER),
    ),
    *RECORDING,
    Act(
        name="notice", label=_("拟定处罚并制发告知书"), word=NoticeKind.PENALTY_NOTICE.label,
        follows=_("按裁量档次计算罚款，生成处罚事先告知书"), states=(S.INVESTIGATING, S.ORDER_EXPIRED),
        right=Right.INSPECT, asks=asking.ask_noticeable, fits=lacks(NoticeKind.PENALTY_NOTICE), form=forms.WeighForm,
        do=lambda inspection, form, by: actions.issue_penalty_notice(inspection, form.found(), by=by, at=form.at_state),
    ),
    Act(
        name="serve-notice", label=_("登记处罚告知书送达"), follows=wording.noticed, steps=("give_notice",),
        asks=asking.ask_evidenced,
        fits=waits_for(NoticeKind.PENALTY_NOTICE), form=forms.OfficersServiceForm, do=serving(NoticeKind.PENALTY_NOTICE),
    ),
    Act(
        name="statement", label=_("记录陈述申辩"), follows=_("须复核并答复，不得因此加重处罚"),
        states=(S.NOTICED, S.HEARING, S.LEGAL_REVIEW, S.COLLECTIVE, S.DECIDING), right=Right.INSPECT, form=TextForm,
        do=lambda inspection, form, by: actions.record_statement(inspection, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="answer", label=_("复核答复陈述申辩"), word=_("复核答复"), follows=wording.answered,
        states=(S.NOTICED, S.HEARING, S.LEGAL_REVIEW, S.INVESTIGATING), right=Right.INSPECT, asks=asking.ask_statement,
        form=TextForm, do=lambda inspection, form, by: actions.answer_statement(inspection, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="hearing", label=_("登记听证申请"), follows=_("听证申请期停止计算，另行通知听证；陈述申辩期照常"),
        steps=("ask_hearing",), asks=asking.ask_hearing_owed, fits=asking.may_ask_hearing,
        form=forms.HearingAskedForm, do=_hearing,
    ),
    Act(
        name="close", label=_("送法制审核"), follows=_("调查终结，作出决定的期限起算"), steps=("close_statement",),
        asks=asking.ask_reported, fits=asking.waited, form=PlainForm,
        do=lambda inspection, form, by: actions.close_statement(inspection, by=by, at=form.at_state),
    ),
    Act(
        name="call", label=_("制发听证通知书"), word=NoticeKind.HEARING_NOTICE.label, follows=wording.called_in_time,
        states=(S.HEARING,), right=Right.INSPECT, fits=asking.uncalled, form=forms.CallHearingForm,
        do=lambda inspection, form, by: actions.call_hearing(inspection, _session(form), by=by),
    ),
    Act(
        name="move-hearing", label=_("听证改期"), follows=wording.moved, states=(S.HEARING,), right=Right.INSPECT,
        fits=asking.called, form=forms.CallHearingForm,
        do=lambda inspection, form, by: actions.move_hearing(inspection, _session(form), by=by),
    ),
    Act(
        name="serve-hearing", label=_("登记听证通知书送达"), word=NoticeKind.HEARING_NOTICE.label,
        follows=wording.held_then, states=(S.HEARING,), right=Right.INSPECT,
        fits=waits_for(NoticeKind.HEARING_NOTICE), form=forms.OfficersServiceForm, do=serving(NoticeKind.HEARING_NOTICE),
    ),
    Act(
        name="minutes", label=_("登记听证笔录"), follows=_("入卷，听证报告以笔录为依据"), states=(S.HEARING,), right=Right.CHAIR,
        only_by=asking.chair, asks=asking.ask_hearing_day, fits=asking.unrecorded, form=MinutesForm,
        do=lambda inspection, form, by: actions.record_hearing(inspection, form.minutes(), by=by),
    ),
    Act(
        name="hold", label=_("登记听证报告"), follows=_("送法制审核，并须集体讨论"), steps=("hold_hearing",),
        only_by=asking.chair, asks=asking.ask_hearing_over, form=forms.HoldForm, do=_hold,
    ),
    Act(
        name="review", label=_("法制审核通过"), follows=wording.reviewed, steps=("review",), only_by=asking.lawyers,
        not_by=asking.investigators, asks=asking.ask_reviewable, form=OpinionForm, do=_review,
    ),
    Act(
        name="members", label=_("召集集体讨论"), follows=_("由参加人各自发表意见"), states=(S.COLLECTIVE,),
        right=Right.DECIDE_DISTRICT, form=forms.MembersForm,
        do=lambda inspection, form, by: actions.call_members(inspection, form.cleaned_data["members"], by=by),
    ),
    Act(
        name="opinion", label=_("发表讨论意见"), follows=_("记入集体讨论记录，不能更改"), states=(S.COLLECTIVE,),
        right=Right.SEE_CASES, only_by=asking.asked, form=forms.DiscussionForm,
        do=lambda inspection, form, by: actions.give_opinion(inspection, form.cleaned_data["opinion"], by=by),
    ),
    Act(
        name="conclude", label=_("形成集体讨论意见"), follows=_("转负责人决定"), steps=("discuss",), fits=asking.all_spoke,
        form=forms.ConcludeForm, do=_conclude,
    ),
    Act(
        name="decide", label=_("作出处罚决定"), follows=wording.decided, steps=("decide",), danger=True,
        not_by=asking.reviewers, form=forms.DecideForm, do=_decide,
    ),
    Act(
        name="serve-decision", label=_("登记处罚决定书送达"), follows=_("缴纳期限、复议诉讼期限自送达次日起算"),
        steps=("serve",), fits=waits_for(NoticeKind.PENALTY_DECISION), form=forms.OfficersServiceForm,
        do=serving(NoticeKind.PENALTY_DECISION),
    ),
    Act(
        name="pay", label=_("登记缴款"), follows=_("缴清即履行完毕"), states=OWING, right=Right.INSPECT,
        form=forms.PaymentForm, do=_pay,
    ),
    Act(
        name="demand", label=_("制发履行催告书"), word=NoticeKind.DEMAND.label, follows=wording.demanded,
        states=(S.PERFORMING,), right=Right.INSPECT, fits=asking.is_overdue, form=PlainForm,
        do=lambda inspection, form, by: actions.issue_demand(inspection, by=by),
    ),
    Act(
        name="serve-demand", label=_("登记催告书送达"), follows=_("催告期限自送达次日起算"), steps=("demand",),
        fits=waits_for(NoticeKind.DEMAND), form=forms.OfficersServiceForm, do=serving(NoticeKind.DEMAND),
    ),
    Act(
        name="court", label=_("申请法院强制执行"), follows=_("生成强制执行申请书，向人民法院提交"), steps=("apply_court",),
        danger=True, fits=asking.court_open, form=forms.CourtForm,
        do=lambda inspection, form, by: actions.apply_court(inspection, form.asked(), by=by, at=form.at_state),
    ),
    Act(
        name="enforced", label=_("登记强制执行结果"), follows=_("监察办理结束"), steps=("enforce",), form=WhyForm,
        do=_because(actions.note_enforced),
    ),
    # Review and suit are noted by whoever inspects, or by the city.
    Act(
        name="remedy", label=_("登记复议或诉讼"), follows=wording.challenged, states=IMPOSED, right=Right.INSPECT,
        others=(Right.DECIDE_CITY,), fits=asking.may_be_challenged, form=forms.RemedyForm, do=_remedy,
    ),
    Act(
        name="stay", label=_("登记停止执行"), follows=wording.stayed, states=IMPOSED, right=Right.INSPECT,
        others=(Right.DECIDE_CITY,), fits=asking.may_be_stayed, form=forms.StayForm, do=_stay,
    ),
    Act(
        name="close-remedy", label=_("登记复议或诉讼结果"), follows=wording.closed_remedy, states=IMPOSED,
        right=Right.INSPECT, others=(Right.DECIDE_CITY,), fits=asking.is_challenged, form=forms.OutcomeForm,
        do=_close_remedy,
    ),
    Act(
        name="return", label=_("退回"), follows=_("退回调查或者重新听取陈述申辩，审核和讨论重新进行"),
        steps=("send_back",), form=forms.ReturnForm, do=_return,
    ),
    Act(
        name="extend", label=_("延长调查期限"), follows=wording.extended, states=states.INVESTIGATION,
        right=Right.APPROVE_DISTRICT, fits=asking.may_extend, not_by=asking.investigators, form=WhyForm,
        do=lambda inspection, form, by: actions.extend_investigation(inspection, form.cleaned_data["why"], by=by),
    ),
    Act(
        name="recuse", label=_("决定执法人员回避"), word=_("决定回避"), follows=_("改由另一名执法人员办理"),
        states=tuple(states.BEFORE_DECISION), right=Right.APPROVE_DISTRICT, not_by=asking.investigators,
        form=forms.RecuseForm, do=_recuse,
    ),
    Act(
        name="spare", label=_("决定不予处罚"), follows=_("生成不予行政处罚决定书，案件结案"), steps=("spare",),
        right=Right.DECIDE_DISTRICT, danger=True, not_by=asking.investigators, asks=asking.ask_correctable,
        form=NoPenaltyForm, do=_no_penalty,
    ),
    Act(
        name="withdraw", label=_("撤销立案"), follows=_("生成撤销立案决定书，案件结案"), steps=("withdraw",),
        right=Right.DECIDE_DISTRICT, danger=True, not_by=asking.investigators, form=WithdrawForm,
        do=_withdraw,
    ),
    Act(
        name="transfer", label=_("移送"), follows=_("编号并生成案件移送书，送有权处理的机关，案件结案"), steps=("transfer",),
        right=Right.DECIDE_DISTRICT, danger=True, not_by=asking.investigators, form=forms.TransferForm, do=_transfer,
    ),
    Act(
        name="serve-spared", label=_("登记不予处罚决定书送达"), follows=_("送达情况存卷"), states=(S.SPARED,),
        right=Right.SERVE, fits=waits_for(NoticeKind.NO_PENALTY), form=forms.OfficersServiceForm,
        do=serving(NoticeKind.NO_PENALTY),
    ),
    Act(
        name="serve-withdrawn", label=_("登记撤销立案决定书送达"), follows=_("送达情况存卷"), states=(S.WITHDRAWN,),
        right=Right.SERVE, fits=waits_for(NoticeKind.CASE_WITHDRAWN), form=forms.OfficersServiceForm,
        do=serving(NoticeKind.CASE_WITHDRAWN),
    ),
)  # fmt: skip
