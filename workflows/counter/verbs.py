"""The acts of workflows/counter as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class CounterVerb(Verb):
    EMPLOYER_ENTERED = "employer.entered", _("用人单位凭验证码进入办事窗口[，文书 {number}]")
    SUBMISSION_ARRIVED = (
        "submission.arrived",
        _(
            "收到用人单位提交的{kind_name}[，回执 {receipt}][，材料 {files} 份][，{late}][，{answer_due} 前答复]"
        ),
    )
    SUBMISSION_TAKEN = (
        "submission.taken",
        _("接办了用人单位提交的{kind_name}[，回执 {receipt}][，{entered}][，说明：{reason}]"),
    )
    SUBMISSION_ANSWERED = "submission.answered", _("答复了用人单位提交的{kind_name}[，回执 {receipt}]")
    SUBMISSION_OVERDUE = (
        "submission.overdue",
        _("用人单位提交的{kind_name}逾期未答复[，回执 {receipt}][，期限 {answer_due}]"),
    )
