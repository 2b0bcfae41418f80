"""The acts of an entry to be announced: what there is to know of each, said once."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from workflows.announcements import actions, forms
from workflows.announcements.models import Announcement
from workflows.announcements.queries import File
from workflows.engine.acts import Act


def _undecided(file: File) -> bool:
    return not file.entry.decided_at and not file.entry.refused_at


def _may_be_decided(file: File) -> bool:
    """A stayed penalty waits."""
    return _undecided(file) and file.stay is None


def _may_be_objected_to(file: File) -> bool:
    entry = file.entry
    return entry.is_published and (not entry.objected_on or bool(entry.answered_at))


def _is_objected_to(file: File) -> bool:
    entry = file.entry
    return bool(entry.objected_on) and not entry.answered_at and not entry.removed_at


def _because(act: Callable[..., object]) -> Callable[[Announcement, forms.WhyForm, Actor], object]:
    return lambda announcement, form, by: act(announcement, form.cleaned_data["why"], by=by)


def _answer(announcement: Announcement, form: forms.AnswerForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.answer_announcement(
        announcement, given["answer"], correction=given["correction"], remove=given["remove"], by=by
    )


DISTRICT, CITY = Right.DECIDE_DISTRICT, Right.DECIDE_CITY
ACTS = (
    Act(
        name="decide", label=_("决定公布"), follows=_("待公布，列入下一公布批次"), right=DISTRICT, others=(CITY,),
        not_by=lambda file: (file.entry.proposed_by_id,), fits=_may_be_decided, form=forms.PlainForm,
        do=lambda announcement, form, by: actions.decide_announcement(announcement, by=by),
    ),
    Act(
        name="refuse", label=_("不予公布"), follows=_("存卷，不公布"), right=DISTRICT, others=(CITY,), fits=_undecided,
        form=forms.WhyForm, do=_because(actions.refuse_announcement),
    ),
    Act(
        name="object", label=_("登记异议"), follows=_("限期核查答复"), right=Right.INSPECT, fits=_may_be_objected_to,
        form=forms.ObjectForm,
        do=lambda announcement, form, by: actions.object_to_announcement(announcement, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="answer", label=_("答复异议"), follows=_("更正内容与条目一并公布；成立的撤下"), right=DISTRICT, others=(CITY,),
        not_by=lambda file: (file.entry.objection_by_id,), fits=_is_objected_to, form=forms.AnswerForm, do=_answer,
    ),
    Act(
        name="remove", label=_("撤下条目"), follows=_("不再公布，存卷"), right=DISTRICT, others=(CITY,),
        fits=lambda file: file.entry.is_published, form=forms.WhyForm, do=_because(actions.remove_announcement),
    ),
)  # fmt: skip
