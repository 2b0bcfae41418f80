"""The refusals in the matter of a responsible person; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class PersonUnproved(Problem):
    code = "person-unproved"
    status = 422
    title = _("没有证明其责任的证据")
    template = _("认定责任人员须有两名执法人员签认、载明其职责的调查取证记录（行政处罚法第40、42条）。")
    advice = _("请先登记并签认询问笔录等记录，再认定责任人员。")


class PersonNamed(Problem):
    code = "person-named"
    status = 409
    title = _("已经认定")
    template = _("这一公民身份号码的责任人员在 {inspection} 中已经认定。")


class PersonNumberWrong(Problem):
    code = "person-number-wrong"
    status = 422
    title = _("公民身份号码有误")
    template = _("填写的不是有效的公民身份号码。")


class PersonsNotLiable(Problem):
    code = "persons-not-liable"
    status = 422
    title = _("不处罚责任人员的违法行为")
    template = _("“{violation}”没有对责任人员处罚款的规定。")


class EmployerFirst(Problem):
    code = "employer-first"
    status = 409
    title = _("先办理单位的处罚")
    template = _("{inspection} 对单位的处罚还没有到这一步，责任人员的处罚随后办理（社会保险法第84条）。")
    advice = _("告知责任人员之前先告知单位，处罚责任人员之前先作出对单位的处罚决定。")


class PersonHearingOwed(Problem):
    code = "person-hearing-owed"
    status = 422
    title = _("达到听证标准")
    template = _(
        "对个人罚款 {fine} 元达到较大数额，须告知并举行听证，不能按这一程序办理（行政处罚法第63条）。"
    )
    advice = _("请在听证标准以下确定数额，或者线下办理后存卷。")


class PersonNotReady(Problem):
    code = "person-not-ready"
    status = 409
    title = _("这一步现在不能办理")
    template = _("责任人员的办理现为“{stands}”，不能“{act}”。")
