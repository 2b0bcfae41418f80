"""From a filled-in form to one action: the table of what the case page can do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grid.scope import Actor
from workflows.cases import actions, forms, rules
from workflows.cases.models import Case
from workflows.inspections.actions import file_inspection
from workflows.inspections.forms import FileForm
from workflows.notices.doorstep import recall_from_door, send_to_door
from workflows.notices.models import NoticeKind
from workflows.notices.queries import to_serve

FORMS: Mapping[str, type[forms.ActForm]] = {
    "approve": forms.RemarkForm,
    "return": forms.ReturnForm,
    "correct": forms.CorrectForm,
    "mend": forms.MendForm,
    "withdraw": forms.WhyForm,
    "urge": forms.PlainForm,
    "serve-urging": forms.ServiceForm,
    "send-urging": forms.PlainForm,
    "recall-urging": forms.PlainForm,
    "inspect": FileForm,
    "propose": forms.ProposeForm,
    "notice": forms.PlainForm,
    "serve-notice": forms.ServiceForm,
    "defence": forms.TextForm,
    "answer": forms.TextForm,
    "review": forms.OpinionForm,
    "decide-district": forms.RemarkForm,
    "decide-city": forms.PlainForm,
    "serve-decision": forms.ServiceForm,
    "serve-removal": forms.ServiceForm,
    "serve-repair": forms.ServiceForm,
    "serve-objection": forms.ServiceForm,
    "publish": forms.PlainForm,
    "drop": forms.WhyForm,
}


def form_for(name: str, case: Case, answers: Sequence[Any], data: Any = None) -> Any:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    # What is sent back from the list concerns the file: nobody goes to the door again.
    to_door = rules.is_visit_question(case.state)
    extra = {"questions": answers if to_door else ()} if name == "return" else {}
    return FORMS[name](data, case=case, auto_id=f"{name}-%s", **extra)


def _serve(kind: str) -> Callable[[Case, Any, Actor], Any]:
    return lambda case, form, by: actions.record_service(to_serve(case, kind), form.receipt(), by=by)


def _return(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.return_case(case, given["why"], given.get("fields_asked", []), by=by, at=form.at_state)


def _inspect(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    officers = (given["officer_1"], given["officer_2"])
    return file_inspection(case, officers, given["why"], by=by, at=form.at_state)


def _propose(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.propose_listing(
        case, given["ground"], given["facts"], circumstances=form.circumstances(), by=by, at=form.at_state
    )


def _mend(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.correct_listing(case, given["facts"], given["remark"], by=by, at=form.at_state)


PERFORM: Mapping[str, Callable[[Case, Any, Actor], Any]] = {
    "approve": lambda case, form, by: actions.approve_case(
        case, by=by, remark=form.cleaned_data["remark"], at=form.at_state
    ),
    "return": _return,
    "correct": lambda case, form, by: actions.correct_case(
        case, None, form.cleaned_data["remark"], by=by, at=form.at_state
    ),
    "mend": _mend,
    "withdraw": lambda case, form, by: actions.withdraw_case(
        case, form.cleaned_data["why"], by=by, at=form.at_state
    ),
    "urge": lambda case, form, by: actions.issue_notice(case, NoticeKind.URGING, by=by),
    "serve-urging": _serve(NoticeKind.URGING),
    "send-urging": lambda case, form, by: send_to_door(to_serve(case, NoticeKind.URGING), by=by),
    "recall-urging": lambda case, form, by: recall_from_door(to_serve(case, NoticeKind.URGING), by=by),
    "inspect": _inspect,
    "propose": _propose,
    "notice": lambda case, form, by: actions.give_listing_notice(case, by=by),
    "serve-notice": _serve(NoticeKind.LISTING_NOTICE),
    "defence": lambda case, form, by: actions.record_defence(case, form.cleaned_data["text"], by=by),
    "answer": lambda case, form, by: actions.answer_defence(case, form.cleaned_data["text"], by=by),
    "review": lambda case, form, by: actions.review_listing(
        case, form.cleaned_data["opinion"], by=by, at=form.at_state
    ),
    "decide-district": lambda case, form, by: actions.decide_district(
        case, by=by, remark=form.cleaned_data["remark"], at=form.at_state
    ),
    "decide-city": lambda case, form, by: actions.decide_city(case, by=by, at=form.at_state),
    "serve-decision": _serve(NoticeKind.LISTING_DECISION),
    "serve-removal": _serve(NoticeKind.REMOVAL),
    "serve-repair": _serve(NoticeKind.REPAIR_DECISION),
    "serve-objection": _serve(NoticeKind.OBJECTION_ANSWER),
    "publish": lambda case, form, by: actions.publish_listing(case, by=by, at=form.at_state),
    "drop": lambda case, form, by: actions.drop_listing(
        case, form.cleaned_data["why"], by=by, at=form.at_state
    ),
}
