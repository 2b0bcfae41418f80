"""The acts of a referral's page: the form of each, what will follow, and the action it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

from grid.scope import Actor
from grid.texts import Text
from workflows.duties import actions, forms, queries, rules, states
from workflows.duties.models import Department, Duty, Referral
from workflows.duties.queries.directory import Directory, duties_of
from workflows.duties.reading import Given
from workflows.duties.referring import Reply


@dataclass(frozen=True)
class Act:
    form: type[Form]
    follows: Text
    done: Text
    perform: Callable[[Referral, dict[str, Any], Actor, str], object]
    is_danger: bool = False


def given_files(cleaned: dict[str, Any]) -> list[Given]:
    """No more of a file is read than tells that it is too large, and one file more than may come."""
    given = (cleaned.get("papers") or [])[: rules.MOST_FILES + 1]
    return [Given(file.name, file.read(rules.MOST_BYTES + 1)) for file in given]


def _answer(referral: Referral, cleaned: dict[str, Any], by: Actor, at: str) -> object:
    reply = Reply(cleaned["text"], cleaned["checked"], cleaned["insured"], given_files(cleaned))
    return actions.answer_referral(referral, reply, by=by, at=at)


def _return(referral: Referral, cleaned: dict[str, Any], by: Actor, at: str) -> object:
    to = Directory().by_id[cleaned["to"]]
    return actions.return_referral(referral, to, cleaned["why"], by=by, at=at)


def _redirect(referral: Referral, cleaned: dict[str, Any], by: Actor, at: str) -> object:
    directory, duty = Directory(), queries.duty_of(cleaned["duty"])
    department = directory.current(duty.department_id)
    return actions.redirect_referral(referral, department, duty, by=by, at=at)


PERFORM: dict[str, Act] = {
    "receive": Act(
        forms.ReceiveForm, gettext_lazy("表明本部门收到，期限照常计算"), gettext_lazy("已签收。"),
        lambda r, c, by, at: actions.receive_referral(r, by=by, at=at),
    ),
    "answer": Act(forms.AnswerForm, gettext_lazy("由转出单位认可或请补充"), gettext_lazy("已答复。"), _answer),
    "send_back": Act(
        forms.ReturnForm, gettext_lazy("不属本部门职责，由转出单位改转"), gettext_lazy("已退回。"), _return, True
    ),
    "redirect": Act(forms.RedirectForm, gettext_lazy("重新计算答复期限"), gettext_lazy("已改转。"), _redirect),
    "accept": Act(
        forms.RemarkForm, gettext_lazy("随后写明结果并办结"), gettext_lazy("已认可答复。"),
        lambda r, c, by, at: actions.accept_answer(r, c["why"], by=by, at=at),
    ),
    "ask_again": Act(
        forms.ReasonForm, gettext_lazy("部门在补充期限内再次答复"), gettext_lazy("已请部门补充。"),
        lambda r, c, by, at: actions.ask_again(r, c["why"], by=by, at=at),
    ),
    "close": Act(
        forms.ResultForm, gettext_lazy("此件结束"), gettext_lazy("已办结。"),
        lambda r, c, by, at: actions.close_referral(r, c["why"], by=by, at=at),
    ),
    "withdraw": Act(
        forms.ReasonForm, gettext_lazy("部门不再需要答复"), gettext_lazy("已撤回。"),
        lambda r, c, by, at: actions.withdraw_referral(r, c["why"], by=by, at=at), True,
    ),
}  # fmt: skip


def groups_of(directory: Directory) -> list[tuple[Department, list[Duty]]]:
    """Departments in force with the duties they carry, for a choice. One query."""
    found: dict[int, list[Duty]] = {}
    for duty in duties_of(directory.rows):
        found.setdefault(directory.current(duty.department_id).pk, []).append(duty)
    return [(department, found.get(department.pk, [])) for department in directory.in_force()]


def form_for(
    name: str,
    referral: Referral,
    directory: Directory,
    data: QueryDict | None = None,
    files: MultiValueDict[str, Any] | None = None,
) -> Form:
    extra: dict[str, Any] = {}
    if name == "send_back":
        extra["departments"] = [
            department for department in directory.in_force() if department.pk != referral.department_id
        ]
    if name == "redirect":
        extra["groups"] = groups_of(directory)
        if referral.returned_to_id:
            own = {department.pk: duties for department, duties in extra["groups"]}
            duties = own.get(directory.current(referral.returned_to_id).pk)
            extra["initial"] = {"duty": duties[0].pk} if duties else {}
    return PERFORM[name].form(data, files, auto_id=f"{name}-%s", **extra)


def offers(viewer: Actor, referral: Referral, directory: Directory) -> list[tuple[str, Text, Act, Form]]:
    """(name, label, what it is, its blank form) of what this person may do now."""
    return [
        (name, states.label_of(name), PERFORM[name], form_for(name, referral, directory))
        for name in queries.acts_for(viewer, referral, directory)
    ]
