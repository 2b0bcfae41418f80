"""The acts of a round: what there is to know of each, said once. Changing a draft has a page of its own (tasks/rounds)."""

from collections.abc import Callable

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from grid.texts import Text
from tasks.rounds.joining.actions import let_join
from tasks.rounds.models import Round
from tasks.rounds.models import RoundState as S
from workflows.engine.acts import Act, People, acts_on
from workflows.rounds import actions, forms
from workflows.rounds.queries import File, may_resume


def _planner(file: File) -> People:
    return (file.round.planned_by_id,)


def _was_dispatched(file: File) -> bool:
    """A single door sent out for a decision (tasks/rounds/single.py) is over with that decision, by nobody's hand."""
    return bool(file.round.dispatch_run)


# --- what follows, where it depends ----------------------------------------------------------------


def _submitted(file: File) -> Text:
    step = S(file.needed[0]).label if file.needed else ""
    return _("{step}，制定人不能审批自己的轮次").format(step=step)


def _approved(file: File) -> Text:
    return S(file.after_yes[0]).label if file.after_yes else _("可以派发")


def _takes_newcomers(file: File) -> bool:
    return bool(file.round.dispatch_run) and bool(file.round.joins)


def _takes_no_newcomers(file: File) -> bool:
    return bool(file.round.dispatch_run) and not file.round.joins


def _dispatched(file: File) -> Text:
    return _("按试算写入各网格员的手机，期限至 {due}").format(due=file.round.due_on)


# --- what it does ----------------------------------------------------------------------------------


def form_for(name: str, round: Round, data: QueryDict | None = None) -> forms.PlainForm:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    act = acts_on("round")[name]
    form: forms.PlainForm = act.form(data, auto_id=f"%s-{name}", initial={"at": round.state})
    return form


def _plainly(act: Callable[..., object]) -> Callable[[Round, forms.PlainForm, Actor], object]:
    return lambda round, form, by: act(round, by=by)


def _because(act: Callable[..., object]) -> Callable[[Round, forms.PlainForm, Actor], object]:
    return lambda round, form, by: act(round, form.cleaned_data["why"], by=by)


def _deciding(act: Callable[..., object]) -> Callable[[Round, forms.PlainForm, Actor], object]:
    return lambda round, form, by: act(round, form.cleaned_data["why"], by=by, at=form.at_state)


def _joining(joins: bool) -> Callable[[Round, forms.PlainForm, Actor], object]:
    return lambda round, form, by: let_join(round, joins, by=by)


# --- the acts, in the order of the page ------------------------------------------------------------

ACTS = (
    Act(
        name="submit", label=_("提交审批"), follows=_submitted, done=_("已提交审批。"), steps=("submit",), right=Right.PLAN,
        form=forms.PlainForm, do=_plainly(actions.submit_round),
    ),
    Act(
        name="approve", label=_("同意"), follows=_approved, done=_("已同意。"), steps=("approve",), not_by=_planner,
        form=forms.RemarkForm, do=_deciding(actions.approve_round),
    ),
    Act(
        name="return", label=_("退回修改"), button=_("退回"), follows=_("制定人修改后重新提交"), done=_("已退回修改。"),
        steps=("send_back",), danger=True, not_by=_planner, form=forms.WhyForm, do=_deciding(actions.return_round),
    ),
    Act(
        name="dispatch", label=_("派发"), button=_("开始派发"), follows=_dispatched, done=_("已开始派发，进度见下。"),
        steps=("dispatch",), form=forms.PlainForm, do=_plainly(actions.dispatch_round),
    ),
    Act(
        name="resume", label=_("继续派发"), follows=_("派发中断时使用：已派的不会重复"), done=_("已继续派发。"),
        states=(S.DISPATCHING,), right=Right.DISPATCH, form=forms.PlainForm, do=_plainly(actions.resume_dispatch),
        fits=may_resume,
    ),
    Act(
        name="close", label=_("结束轮次"), follows=_("未走访的任务收回，已走访的照常复核"), done=_("已结束轮次。"),
        steps=("close",), danger=True, fits=_was_dispatched, form=forms.WhyForm, do=_because(actions.close_round),
    ),
    Act(
        name="withdraw", label=_("撤回轮次"), follows=_("轮次作废，不派发"), done=_("已撤回。"), steps=("withdraw",),
        right=Right.PLAN, danger=True, form=forms.WhyForm, do=_because(actions.withdraw_round),
    ),
    Act(
        name="take-newcomers", label=_("接收后来归格的"), follows=_("派发以后归入范围、符合条件的自动派发，到截止才结束"),
        done=_("已开始接收，几分钟内派发。"), states=(S.WORKED,), right=Right.DISPATCH, form=forms.PlainForm,
        fits=_takes_no_newcomers, do=_joining(True),
    ),
    Act(
        name="stop-newcomers", label=_("不再接收后来归格的"), follows=_("已派的照常走访，之后归格的不再加入"),
        done=_("已不再接收。"), states=(S.WORKED,), right=Right.DISPATCH, form=forms.PlainForm,
        fits=_takes_newcomers, do=_joining(False),
    ),
)  # fmt: skip
