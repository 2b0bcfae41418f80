"""The acts of a referral: what there is to know of each, said once. Whose one is goes by department or by who referred."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Held, Right
from workflows.duties import actions, forms, queries, states
from workflows.duties.models import Referral
from workflows.duties.queries import File
from workflows.duties.queries.directory import Directory, groups_of, held_for
from workflows.duties.referring import Reply
from workflows.engine.acts import Act, acts_on

# --- whose it is, and when -------------------------------------------------------------------------


def _department(by: Actor, file: File) -> Held | None:
    """Whoever answers for the department there."""
    return held_for(by, file.referral.department_id, file.referral.area, file.directory)


def _sender(by: Actor, file: File) -> Held | None:
    """The office that sent it, or one above it. A district does not decide on what the city asked."""
    return by.allowing(Right.REFER, file.referral.sent_from)


def _moves(step: str) -> Callable[[File], bool]:
    return lambda file: states.may(file.referral, step)


# --- what it does ----------------------------------------------------------------------------------


def form_for(
    name: str,
    file: File,
    data: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
) -> forms.ActForm:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    referral, directory = file.referral, file.directory
    extra: dict[str, Any] = {"initial": {"at": referral.state}}
    if name == "send_back":
        extra["departments"] = [
            department for department in directory.in_force() if department.pk != referral.department_id
        ]
    if name == "redirect":
        extra["groups"] = groups_of(directory)
        if referral.returned_to_id:
            own = {department.pk: duties for department, duties in extra["groups"]}
            duties = own.get(directory.current(referral.returned_to_id).pk)
            extra["initial"] |= {"duty": duties[0].pk} if duties else {}
    form: forms.ActForm = acts_on("referral")[name].form(data, files, auto_id=f"{name}-%s", **extra)
    return form


def _because(act: Callable[..., object]) -> Callable[[Referral, forms.ActForm, Actor], object]:
    return lambda referral, form, by: act(referral, form.cleaned_data["why"], by=by, at=form.at_state)


def _answer(referral: Referral, form: forms.ActForm, by: Actor) -> object:
    given = form.cleaned_data
    reply = Reply(given["text"], given["checked"], given["insured"], forms.given_files(given))
    return actions.answer_referral(referral, reply, by=by, at=form.at_state)


def _return(referral: Referral, form: forms.ActForm, by: Actor) -> object:
    given = form.cleaned_data
    to = Directory().by_id[given["to"]]
    return actions.return_referral(referral, to, given["why"], by=by, at=form.at_state)


def _redirect(referral: Referral, form: forms.ActForm, by: Actor) -> object:
    directory, duty = Directory(), queries.duty_of(form.cleaned_data["duty"])
    department = directory.current(duty.department_id)
    return actions.redirect_referral(referral, department, duty, by=by, at=form.at_state)


# --- the acts, in the order of the page ------------------------------------------------------------

# As the transition is called.
_called = lazy(states.label_of, str)
ACTS = (
    Act(
        name="receive", label=_called("receive"), follows=_("表明本部门收到，期限照常计算"), done=_("已签收。"),
        right=Right.ANSWER_REFERRAL, whose=_department, fits=_moves("receive"), form=forms.PlainForm,
        do=lambda referral, form, by: actions.receive_referral(referral, by=by, at=form.at_state),
    ),
    Act(
        name="answer", label=_called("answer"), follows=_("由转出单位认可或请补充"), done=_("已答复。"),
        right=Right.ANSWER_REFERRAL, whose=_department, fits=_moves("answer"), form=forms.AnswerForm, do=_answer,
    ),
    Act(
        name="send_back", label=_called("send_back"), follows=_("不属本部门职责，由转出单位改转"), done=_("已退回。"),
        right=Right.ANSWER_REFERRAL, whose=_department, fits=_moves("send_back"), danger=True,
        form=forms.ReturnForm, do=_return,
    ),
    Act(
        name="redirect", label=_called("redirect"), follows=_("重新计算答复期限"), done=_("已改转。"), right=Right.REFER,
        whose=_sender, fits=_moves("redirect"), form=forms.RedirectForm, do=_redirect,
    ),
    Act(
        name="accept", label=_called("accept"), follows=_("随后写明结果并办结"), done=_("已认可答复。"), right=Right.REFER,
        whose=_sender, fits=_moves("accept"), form=forms.RemarkForm, do=_because(actions.accept_answer),
    ),
    Act(
        name="ask_again", label=_called("ask_again"), follows=_("部门在补充期限内再次答复"), done=_("已请部门补充。"),
        right=Right.REFER, whose=_sender, fits=_moves("ask_again"), form=forms.WhyForm,
        do=_because(actions.ask_again),
    ),
    Act(
        name="close", label=_called("close"), follows=_("此件结束"), done=_("已办结。"), right=Right.REFER, whose=_sender,
        fits=_moves("close"), form=forms.ResultForm, do=_because(actions.close_referral),
    ),
    Act(
        name="withdraw", label=_called("withdraw"), follows=_("部门不再需要答复"), done=_("已撤回。"), right=Right.REFER,
        whose=_sender, fits=_moves("withdraw"), danger=True, form=forms.WhyForm,
        do=_because(actions.withdraw_referral),
    ),
)  # fmt: skip
