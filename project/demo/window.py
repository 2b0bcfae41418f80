"""Employers of the demo city at the window: a phone left with the first letter, proof handed in, a defence said."""

from grid.scope import Actor
from workflows.cases.models import Case
from workflows.counter.actions import answer_submission, hand_in, take_submission
from workflows.counter.models import Kind, Submission, SubmissionState
from workflows.notices.models import Notice
from workflows.reminders.actions import note_phone

SIGNER = "示例经办人，人事"
PROOF = "已为全部职工办理参保登记并补缴，请核对社保名册。"


def leave_phone(case: Case, *, by: Actor) -> None:
    """Whoever signs for the letter leaves a number: no real one, and nothing is sent to it."""
    note_phone(case.subject, f"1990473{case.pk % 10_000:04d}", SIGNER, "告知书送达回证所留电话", by=by)


def show_proof(case: Case) -> None:
    _hand_in(case, Kind.CORRECTION, PROOF)


def defend(case: Case, text: str, *, by: Actor) -> None:
    """Said at the window, entered in the file by the inspector."""
    take_submission(_hand_in(case, Kind.STATEMENT, text), by=by)


def _hand_in(case: Case, kind: str, text: str) -> Submission:
    notice: Notice = case.notices.exclude(service=None).latest("pk")
    return hand_in(notice, kind, text, SIGNER)[0]


def answer(case: Case, text: str, *, by: Actor) -> None:
    """Answers whatever the employer of `case` waits for."""
    for one in Submission.objects.filter(case=case).exclude(state=SubmissionState.ANSWERED):
        if one.state == SubmissionState.ARRIVED:
            take_submission(one, by=by, answer=text)
        else:
            answer_submission(one, text, by=by)
