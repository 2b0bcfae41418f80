"""Employers of the demo city at the window: proof handed in, a defence said, a hearing asked for."""

from grid.scope import Actor
from workflows.cases.models import Case
from workflows.counter.actions import answer_submission, hand_in, take_submission
from workflows.counter.models import Kind, Submission, SubmissionState
from workflows.notices.models import Notice

SIGNER = "示例经办人，人事"
WORDS = {
    Kind.CORRECTION: "已为全部职工办理参保登记并补缴，请核对社保名册。",
    Kind.COMMITMENT: "承诺按月如实申报参保人数和缴费基数，配合核定。",
    Kind.STATEMENT: "部分人员为劳务派遣，已要求派遣公司补正，请求从轻处理。",
    Kind.HEARING: "对人数认定和罚款数额有异议，要求举行听证。",
}


def hand_in_for(case: Case, kind: str, text: str = "") -> Submission:
    """As if from the newest document that was served."""
    notice: Notice = case.notices.exclude(service=None).latest("pk")
    return hand_in(notice, kind, text or WORDS[Kind(kind)], SIGNER)[0]


def take(case: Case, *, by: Actor, kind: str = "") -> None:
    """Whatever lies there, or what of one kind, is entered in the file."""
    rows = Submission.objects.filter(case=case, state=SubmissionState.ARRIVED)
    for submission in rows.filter(kind=kind) if kind else rows:
        take_submission(submission, by=by)


def answer(case: Case, text: str, *, by: Actor, kind: str = "") -> None:
    """Answers whatever the employer of `case` waits for, or what of one kind."""
    rows = Submission.objects.filter(case=case).exclude(state=SubmissionState.ANSWERED)
    for submission in rows.filter(kind=kind) if kind else rows:
        if submission.state == SubmissionState.ARRIVED:
            take_submission(submission, by=by, answer=text)
        else:
            answer_submission(submission, text, by=by)
