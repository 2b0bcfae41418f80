"""The refusals of tasks/rounds; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NothingPlaced(Problem):
    code = "nothing-placed"
    status = 409
    title = _("没有一户可派：都未归格")
    template = _("“{round}”选中的 {n} 户都还没有归入网格，派不到人。")
    advice = _("请先在“待归格”里把它们归入网格，再回来派发。")
    leads_to = ("pool", _("去待归格"))


class NothingToDispatch(Problem):
    code = "nothing-to-dispatch"
    status = 409
    title = _("没有一户可派")
    template = _("“{round}”现在一户也派不出：{why}。")
    advice = _("请看试算里的原因，处理之后再派发；不再需要的，请撤回这个轮次。")


class NotAWorker(Problem):
    code = "not-a-worker"
    status = 422
    title = _("不是在岗网格员")
    template = _("{name}现在不是在岗网格员，不能接收核查任务。")
    advice = _("请选择在岗的网格员。")


class NoWorkerThere(Problem):
    code = "no-worker-there"
    status = 409
    title = _("没有在岗的网格员")
    template = _("“{name}”所在网格没有在岗的网格员，不能派发现场核查。")
    advice = _("请先安排岗位或归格。")


class ListTooLong(Problem):
    code = "list-too-long"
    status = 422
    title = _("名单太长")
    template = _("一份名单最多 {most} 行。")
    advice = _("请分成几份名单，一个选法里可以选几份。")


class ChoiceNameTaken(Problem):
    code = "choice-name-taken"
    status = 409
    title = _("已有同名的选法")
    template = _("这个范围里已有名为“{name}”的选法。")
    advice = _("请换一个名称，或者先停用原来的。")


class ChoiceRetired(Problem):
    code = "choice-retired"
    status = 409
    title = _("已停用")
    template = _("“{name}”已经停用。")
    advice = _("请刷新页面再看。")


class SamePlan(Problem):
    code = "same-plan"
    status = 422
    title = _("是同一个方案")
    template = _("两边是同一个轮次、同一个上限，没有什么可比。")
    advice = _("请选另一个轮次，或者给一边换一个每人上限。")
