"""What the confirmation of a finding will do to the case of its subject, told before and done by the same rule."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tasks.coverage.states import CoverState
from tasks.findings.models import Finding
from tasks.visits.states import FindingState
from workflows.cases import rules
from workflows.cases.models import ENDED, Case
from workflows.cases.rules import Confirming, OpenCase


@dataclass(frozen=True)
class Outlook:
    """What a confirmation would do now, and the open case of the subject, if it has one."""

    doing: Confirming
    case: Case | None
    settles: str
    is_ungrounded: bool

    @property
    def key(self) -> str:
        """Two outlooks with the same key promise the same."""
        case = self.case
        return f"{self.doing}:{case.code}:{case.state}:{case.returned_to}" if case else str(self.doing)

    @property
    def words(self) -> str:
        """What follows, as the page says it before and the message after."""
        case = self.case
        known = {"settles": self.settles}
        if case:
            known |= {
                "case": case.code, "state": case.get_state_display(), "step": case.get_returned_to_display(),
            }  # fmt: skip
        words = _("不作结论，这一户仍待查") if self.is_ungrounded else WORDS[self.doing]().format(**known)
        return words + (_("；在办案件照常办理") if self._goes_on else "")

    @property
    def _goes_on(self) -> bool:
        return self.doing == Confirming.SETTLES and self.case is not None


WORDS = {
    Confirming.OPENS: lambda: _("立案，送街道审批"),
    Confirming.JOINS: lambda: _("并入该案 {case}（{state}），不另立案"),
    Confirming.RESTS: lambda: _("在办案件 {case}（{state}）改以这次发现为依据"),
    Confirming.CORRECTS: lambda: _("案件 {case} 以新的发现补正，报回“{step}”"),
    Confirming.WITHDRAWS: lambda: _("没有发现问题，案件 {case} 撤案"),
    Confirming.INFORMS: lambda: _("新的发现归入案件 {case}，由劳动监察员补正后报回"),
    Confirming.SETTLES: lambda: _("计为“{settles}”"),
}


def running_case(subject: int) -> Case | None:
    """The open case of a subject: there is at most one. For who was let to the subject already."""
    running = Case.objects.filter(subject=subject).exclude(state__in=ENDED).select_related("finding__visit")
    return running.order_by("pk").first()


def outlook_of(finding: Finding, case: Case | None) -> Outlook:
    """Expects the subject and the visit at hand. `case`: the subject's open case (`running_case`)."""
    is_ungrounded = finding.is_ungrounded
    doing = rules.confirming(
        has_measures=bool(finding.measures),
        is_person=finding.subject.is_person,
        is_ungrounded=is_ungrounded,
        case=OpenCase(case.state, case.returned_to, _is_corrected(case.finding, finding)) if case else None,
    )
    return Outlook(doing, case, str(CoverState(finding.settles).label), is_ungrounded)


def _is_corrected(held: Finding, finding: Finding) -> bool:
    """Whether what a case rests on is corrected already, or will be by confirming this: a visit to the same door, or
    one that takes its place (tasks/findings/actions.py:confirm_finding)."""
    if held.state == FindingState.CORRECTED:
        return True
    visit, before = finding.visit, held.visit
    is_same_door = visit.task_id is not None and visit.task_id == before.task_id
    takes_place = is_same_door or visit.replaces_id == before.pk
    return held.state == FindingState.CONFIRMED and held.pk != finding.pk and takes_place
