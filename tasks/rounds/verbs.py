"""The acts of tasks/rounds as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class RoundVerb(Verb):
    ROUND_PLANNED = "round.planned", _("制定了摸排轮次[“{title}”][，选取 {subjects} 户]")
    ROUND_CHANGED = "round.changed", _("修改了摸排轮次[“{title}”]")
    ROUND_SUBMITTED = "round.submitted", _("提交了摸排轮次[“{title}”]待审批")
    ROUND_APPROVED = "round.approved", _("同意了摸排轮次[“{title}”][，环节：{step}]")
    ROUND_RETURNED = "round.returned", _("退回了摸排轮次[“{title}”][，理由：{reason}]")
    ROUND_WITHDRAWN = "round.withdrawn", _("撤回了摸排轮次[“{title}”][，理由：{reason}]")
    ROUND_DISPATCH_STARTED = "round.dispatch_started", _("开始派发摸排轮次[“{title}”]")
    ROUND_DISPATCHED = "round.dispatched", _("派发了摸排轮次[“{title}”][，核查任务 {tasks} 件]")
    ROUND_CLOSED = "round.closed", _("结束了摸排轮次[“{title}”][，完成 {done} 件][，未完成 {open} 件]")
    TASK_DISPATCHED = "task.dispatched", _("派发了核查任务[给{worker}][，原因：{why}]")
    TASK_HANDED_OVER = "task.handed_over", _("转派了核查任务[，由{from}][转给{to}][，理由：{reason}]")
    TASK_WITHDRAWN = "task.withdrawn", _("撤回了核查任务[，理由：{reason}]")
    TASK_JOINED = "task.joined", _("后来归格的加入了摸排轮次，派发核查任务[给{worker}][，原因：{why}]")
    ROUND_JOINING = "round.joining", _("定了摸排轮次[“{title}”]是否接收后来归格的[：{joining}]")
    ROUND_REMINDED = (
        "round.reminded",
        _("提醒了{worker}：摸排轮次[“{title}”]还有 {doors} 户未走访[，{due_on} 截止]"),
    )
    ROUND_CHOSEN = "round.chosen", _("定了摸排轮次[“{title}”]的走访对象[：{words}][；{joining}]")
    CHOICE_SAVED = "choice.saved", _("保存了走访选法[“{name}”][：{words}]")
    CHOICE_RETIRED = "choice.retired", _("停用了走访选法[“{name}”]")
    CODES_LISTED = "codes.listed", _("上传了走访名单[“{name}”][，共 {lines} 行][，认出 {meant} 户]")
    CODES_RETIRED = "codes.retired", _("停用了走访名单[“{name}”]")
