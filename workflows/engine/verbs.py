"""The acts of workflows/engine as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class EngineVerb(Verb):
    STEP_OVERDUE = (
        "step.overdue",
        _("办理超时，报请上级督办[：{step}][，应于 {due_on} 前办理][，报{superior}]"),
    )
    STEP_REOPENED = "step.reopened", _("系统重新打开了中断的环节[：{step}][，原因：{reason}]")
    STEP_HANDED_OVER = "step.handed_over", _("转办了“{step}”[，交{to}办理][，事由：{reason}]")
    STEP_DELEGATED = "step.delegated", _("委派准备“{step}”[，由{to}准备][，事由：{reason}]")
    STEP_PREPARED = "step.prepared", _("交回了委派准备的“{step}”[：{reason}]")
    SIGNER_ASKED = "signer.asked", _("加签“{step}”[，请{to}发表意见][，事由：{reason}]")
    COUNTERSIGN_ASKED = "countersign.asked", _("会签“{step}”[，请{to}表态][，事由：{reason}]")
    SIGNER_ANSWERED = "signer.answered", _("就“{step}”发表意见[：{answer}][，{reason}]")
    SIGNER_LAPSED = "signer.lapsed", _("“{step}”的意见逾期未答复[：{to}]")
    MOVE_RECALLED = "move.recalled", _("收回了“{step}”的{way_name}[，原请{to}][，理由：{reason}]")
    MOVE_VACATED = "move.vacated", _("“{step}”的{way_name}因离岗失效[，原请{to}]，由有权岗位办理")
    ACT_TAKEN_BACK = "act.taken_back", _("撤回了自己办理的“{step}”[，理由：{reason}]")
