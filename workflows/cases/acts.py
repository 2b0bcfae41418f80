"""The acts of a case: what there is to know of each, said once. Rooms above add theirs to the same page."""

from collections.abc import Callable, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from grid.texts import Text
from workflows.cases import actions, forms, rules, states
from workflows.cases.actions.opening import Builder, withdrawing_right
from workflows.cases.models import Case
from workflows.cases.models import CaseState as S
from workflows.cases.queries import File
from workflows.cases.queries.answers import Answer
from workflows.engine.acts import Act, People, acts_on
from workflows.notices.actions.doorstep import recall_from_door, send_to_door
from workflows.notices.acts import lacks, serving, waits_for
from workflows.notices.models import NoticeKind
from workflows.notices.queries import to_serve


def _approvers(file: File) -> People:
    case = file.case
    return (*file.speakers, case.finding.reviewed_by_id, case.street_by_id)


def _is_asked(asked: bool) -> Callable[[File], bool]:
    """Whether the 告知书 is approved and waits to be served, and the grid worker is asked, or not asked, to do it."""

    def fits(file: File) -> bool:
        waiting = file.unserved(NoticeKind.URGING)
        return waiting is not None and waiting.is_approved and (waiting.asked_at is not None) is asked

    return fits


def is_about_the_visit(file: File) -> bool:
    return rules.is_visit_question(file.case.returned_to)


# --- what follows, where it depends ----------------------------------------------------------------


def _approved(file: File) -> Text:
    return _("转区级审批") if file.case.state == S.STREET_APPROVAL else _("制发并送达督促参保缴费告知书")


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


Files = MultiValueDict[str, UploadedFile[bytes]]

# --- what it does ----------------------------------------------------------------------------------


def form_for(
    name: str,
    case: Case,
    answers: Sequence[Answer],
    data: QueryDict | None = None,
    files: Files | None = None,
) -> forms.ActForm:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    # What is sent back from the list concerns the file: nobody goes to the door again.
    to_door = rules.is_visit_question(case.state)
    extra = {"questions": answers if to_door else ()} if name == "return" else {}
    form: forms.ActForm = acts_on("case")[name].form(data, files, case=case, auto_id=f"{name}-%s", **extra)
    return form


def _approve(case: Case, form: forms.RemarkForm, by: Actor) -> object:
    return actions.approve_case(case, by=by, remark=form.cleaned_data["remark"], at=form.at_state)


def _return(case: Case, form: forms.ReturnForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.return_case(case, given["why"], given.get("fields_asked", []), by=by, at=form.at_state)


def _correct(case: Case, form: forms.CorrectForm, by: Actor) -> object:
    given = form.cleaned_data
    name = given.get("contractor")
    builder = Builder(name, given.get("contractor_code") or "", given.get("permit") or "") if name else None
    return actions.correct_case(case, None, given["remark"], builder, by=by, at=form.at_state)


def _withdraw(case: Case, form: forms.WhyForm, by: Actor) -> object:
    return actions.withdraw_case(case, form.cleaned_data["why"], by=by, at=form.at_state)


# --- the acts, in the order of the page ------------------------------------------------------------

# As the transition is called.
_called = lazy(states.label_of, str)
ACTS = (
    Act(
        name="approve", label=_("同意"), follows=_approved, steps=("approve_street", "approve_district"),
        not_by=_approvers, form=forms.RemarkForm, do=_approve,
    ),
    Act(
        name="correct", label=_("补正后报回"), follows=_back_to, steps=("correct",), right=Right.REVIEW,
        fits=is_about_the_visit, form=forms.CorrectForm, do=_correct,
    ),
    Act(
        name="urge", label=_("制发告知书"), word=NoticeKind.URGING.label, follows=_("编号并生成告知书，打印后送达"),
        states=(S.URGING,), right=Right.SERVE, fits=lacks(NoticeKind.URGING), form=forms.UrgeForm,
        do=lambda case, form, by: actions.issue_notice(case, form.cleaned_data["days"], by=by),
    ),
    Act(
        name="serve-urging", label=_("登记告知书送达"), follows=_("整改期限自送达次日起算"), steps=("urge",),
        fits=waits_for(NoticeKind.URGING), form=forms.ServiceForm, do=serving(NoticeKind.URGING),
    ),
    Act(
        name="send-urging", label=_("请网格员送达"), states=(S.URGING,), right=Right.SERVE, fits=_is_asked(False),
        follows=_("出现在网格员手机的这一户，上门送达后登记；有疑问的由您核定"), form=forms.PlainForm,
        do=lambda case, form, by: send_to_door(to_serve(case, NoticeKind.URGING), by=by),
    ),
    Act(
        name="recall-urging", label=_("收回请网格员送达"), word=_("收回请送"), states=(S.URGING,), right=Right.SERVE,
        fits=_is_asked(True), follows=_("从网格员手机上撤下，改由本人送达并登记"), form=forms.PlainForm,
        do=lambda case, form, by: recall_from_door(to_serve(case, NoticeKind.URGING), by=by),
    ),
    # Who sends a case back is whoever decides it; the right goes with the state.
    Act(
        name="return", label=_called("send_back"), follows=_returned, steps=("send_back",), is_last=True,
        form=forms.ReturnForm, do=_return,
    ),
    Act(
        name="withdraw", label=_called("withdraw"), follows=_withdrawn, steps=("withdraw",),
        right=withdrawing_right, danger=True, is_last=True, form=forms.WhyForm, do=_withdraw,
    ),
)  # fmt: skip
