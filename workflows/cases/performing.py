"""From a filled-in form to one action: the table of what the case page can do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grid.scope import Actor
from workflows.cases import actions, forms, rules
from workflows.cases.models import Case
from workflows.cases.offers import OFFERS, WAYS_OUT, File, Offer
from workflows.notices.doorstep import recall_from_door, send_to_door
from workflows.notices.models import NoticeKind
from workflows.notices.queries import to_serve

Perform = Callable[[Case, Any, Actor], Any]

# Of this room; what others do on the page of a case they add (`join_page`).
FORMS: dict[str, type[forms.ActForm]] = {
    "approve": forms.RemarkForm,
    "return": forms.ReturnForm,
    "correct": forms.CorrectForm,
    "withdraw": forms.WhyForm,
    "urge": forms.PlainForm,
    "serve-urging": forms.ServiceForm,
    "send-urging": forms.PlainForm,
    "recall-urging": forms.PlainForm,
}


def form_for(name: str, case: Case, answers: Sequence[Any], data: Any = None) -> Any:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    # What is sent back from the list concerns the file: nobody goes to the door again.
    to_door = rules.is_visit_question(case.state)
    extra = {"questions": answers if to_door else ()} if name == "return" else {}
    return FORMS[name](data, case=case, auto_id=f"{name}-%s", **extra)


def serving(kind: str) -> Callable[[Case, Any, Actor], Any]:
    return lambda case, form, by: actions.record_service(to_serve(case, kind), form.receipt(), by=by)


def _return(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.return_case(case, given["why"], given.get("fields_asked", []), by=by, at=form.at_state)


PERFORM: dict[str, Perform] = {
    "approve": lambda case, form, by: actions.approve_case(
        case, by=by, remark=form.cleaned_data["remark"], at=form.at_state
    ),
    "return": _return,
    "correct": lambda case, form, by: actions.correct_case(
        case, None, form.cleaned_data["remark"], by=by, at=form.at_state
    ),
    "withdraw": lambda case, form, by: actions.withdraw_case(
        case, form.cleaned_data["why"], by=by, at=form.at_state
    ),
    "urge": lambda case, form, by: actions.issue_notice(case, by=by),
    "serve-urging": serving(NoticeKind.URGING),
    "send-urging": lambda case, form, by: send_to_door(to_serve(case, NoticeKind.URGING), by=by),
    "recall-urging": lambda case, form, by: recall_from_door(to_serve(case, NoticeKind.URGING), by=by),
}


@dataclass(frozen=True)
class Acts:
    """What another room does on the page of a case: its offers with their forms and what they do, how it ends a case
    where that stands, and what it shows there besides."""

    offers: Sequence[Offer]
    forms: Mapping[str, type[forms.ActForm]]
    perform: Mapping[str, Perform]
    ways_out: Callable[[File], Iterator[Offer]] = lambda file: iter(())
    shows: Mapping[str, Callable[[Case], Any]] = field(default_factory=dict)


SHOWS: dict[str, Callable[[Case], Any]] = {}


def join_page(acts: Acts) -> None:
    """Called once for each room when Django is ready, in the order in which a page names their acts."""
    OFFERS.extend(acts.offers)
    WAYS_OUT.append(acts.ways_out)
    FORMS.update(acts.forms)
    PERFORM.update(acts.perform)
    SHOWS.update(acts.shows)
