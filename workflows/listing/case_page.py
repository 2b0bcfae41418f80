"""What this room does on the page of a case: from the proposal to the publication, and the service of its papers."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.scope import Actor, Right
from workflows.cases import forms as case_forms
from workflows.cases import states
from workflows.cases.models import Case
from workflows.cases.models import CaseState as S
from workflows.cases.offers import File, Offer, Text, is_about_the_visit, lacks, waits_for
from workflows.cases.performing import Acts, Perform, serving
from workflows.listing import actions, forms
from workflows.notices.models import NoticeKind

_LISTED = (S.PUBLISHED, S.REMOVED)


def _listers(file: File) -> tuple[int | None, ...]:
    listing = file.listing
    return (listing.proposed_by_id, listing.reviewed_by_id, listing.district_by_id) if listing else ()


def _heard(file: File) -> bool:
    return file.listing is not None and file.listing.defence_on is not None


def _is_effective(file: File) -> bool:
    served_on = file.listing.served_on if file.listing else None
    return served_on is not None and served_on <= today() and file.case.healed_on is None


def _mended(file: File) -> Text:
    words = _("事实有变的重新告知，其余回到“{step}”")
    return words.format(step=file.case.get_returned_to_display())


def _answered(file: File) -> Text:
    return _("申辩期满后随材料送法制审核") if file.case.state == S.DEFENCE else _("随材料由法制审核")


def _dropped(file: File) -> Text:
    listing = (NoticeKind.LISTING_NOTICE, NoticeKind.LISTING_DECISION)
    issued = any(notice.kind in listing and not notice.withdrawn_at for notice in file.notices)
    return _("结案，不列入名单，列入文书一并撤回") if issued else _("结案，不列入名单")


OFFERS = (
    Offer("mend", _("补正列入材料"), _mended, Right.INSPECT, (S.CORRECTION,),
          fits=lambda file: not is_about_the_visit(file)),
    Offer("propose", _("提请列入严重失信名单"), _("先告知当事人并听取陈述申辩"), Right.INSPECT, (S.PENALISED,)),
    Offer("notice", _("制发列入告知书"), _("编号并生成列入告知书，打印后送达"), Right.INSPECT, (S.LISTING_PROPOSED,),
          fits=lacks(NoticeKind.LISTING_NOTICE)),
    Offer("serve-notice", _("登记列入告知书送达"), _("陈述申辩期自送达次日起算"), Right.INSPECT, (S.LISTING_PROPOSED,),
          fits=waits_for(NoticeKind.LISTING_NOTICE)),
    Offer("defence", _("记录陈述申辩"), _("须逐条答复"), Right.INSPECT, (S.DEFENCE,), fits=lambda file: not _heard(file)),
    Offer("answer", _("答复陈述申辩"), _answered, Right.INSPECT, (S.DEFENCE, S.LISTING_REVIEW), fits=_heard),
    Offer("review", _("法制审核通过"), _("转区级列入决定"), Right.LEGAL_REVIEW, (S.LISTING_REVIEW,), done_before=_listers),
    Offer("decide-district", _("同意列入"), _("转市级列入决定"), Right.DECIDE_DISTRICT, (S.LISTING_DISTRICT,),
          done_before=_listers),
    Offer("decide-city", _("决定列入"), _("编号并生成列入决定书，送达后公示"), Right.DECIDE_CITY, (S.LISTING_CITY,),
          danger=True, done_before=_listers),
    Offer("serve-decision", _("登记列入决定书送达"), _("送达生效后可以公示"), Right.SERVE, (S.LISTING_SERVICE,),
          fits=waits_for(NoticeKind.LISTING_DECISION)),
    Offer("serve-removal", _("登记移出决定书送达"), _("送达情况存卷"), Right.SERVE, (S.REMOVED,),
          fits=waits_for(NoticeKind.REMOVAL)),
    Offer("serve-repair", _("登记信用修复决定书送达"), _("送达情况存卷，单位在窗口可以看到"), Right.SERVE, _LISTED,
          fits=waits_for(NoticeKind.REPAIR_DECISION)),
    Offer("serve-objection", _("登记异议处理答复书送达"), _("送达情况存卷，单位在窗口可以看到"), Right.SERVE, _LISTED,
          fits=waits_for(NoticeKind.OBJECTION_ANSWER)),
    Offer("publish", _("公示"), _("在公开网页公示至期满，期满自动移出"), Right.DECIDE_CITY, (S.PUBLICATION,), danger=True,
          fits=_is_effective),
)  # fmt: skip


def ways_out(file: File) -> Iterator[Offer]:
    """Not listing the unit, after all."""
    case = file.case
    if states.may(case, "drop"):
        right = actions.dropping_right(case)
        yield Offer("drop", states.label_of("drop"), _dropped, right, (case.state,), danger=True)


FORMS: Mapping[str, type[case_forms.ActForm]] = {
    "mend": forms.MendForm,
    "propose": forms.ProposeForm,
    "notice": case_forms.PlainForm,
    "serve-notice": case_forms.ServiceForm,
    "defence": case_forms.TextForm,
    "answer": case_forms.TextForm,
    "review": case_forms.OpinionForm,
    "decide-district": case_forms.RemarkForm,
    "decide-city": case_forms.PlainForm,
    "serve-decision": case_forms.ServiceForm,
    "serve-removal": case_forms.ServiceForm,
    "serve-repair": case_forms.ServiceForm,
    "serve-objection": case_forms.ServiceForm,
    "publish": case_forms.PlainForm,
    "drop": case_forms.WhyForm,
}


def _propose(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.propose_listing(
        case, given["ground"], given["facts"], circumstances=form.circumstances(), by=by, at=form.at_state
    )


def _mend(case: Case, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.correct_listing(case, given["facts"], given["remark"], by=by, at=form.at_state)


PERFORM: Mapping[str, Perform] = {
    "mend": _mend,
    "propose": _propose,
    "notice": lambda case, form, by: actions.give_listing_notice(case, by=by),
    "serve-notice": serving(NoticeKind.LISTING_NOTICE),
    "defence": lambda case, form, by: actions.record_defence(case, form.cleaned_data["text"], by=by),
    "answer": lambda case, form, by: actions.answer_defence(case, form.cleaned_data["text"], by=by),
    "review": lambda case, form, by: actions.review_listing(
        case, form.cleaned_data["opinion"], by=by, at=form.at_state
    ),
    "decide-district": lambda case, form, by: actions.decide_district(
        case, by=by, remark=form.cleaned_data["remark"], at=form.at_state
    ),
    "decide-city": lambda case, form, by: actions.decide_city(case, by=by, at=form.at_state),
    "serve-decision": serving(NoticeKind.LISTING_DECISION),
    "serve-removal": serving(NoticeKind.REMOVAL),
    "serve-repair": serving(NoticeKind.REPAIR_DECISION),
    "serve-objection": serving(NoticeKind.OBJECTION_ANSWER),
    "publish": lambda case, form, by: actions.publish_listing(case, by=by, at=form.at_state),
    "drop": lambda case, form, by: actions.drop_listing(
        case, form.cleaned_data["why"], by=by, at=form.at_state
    ),
}

ACTS = Acts(OFFERS, FORMS, PERFORM, ways_out)
