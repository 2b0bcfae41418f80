"""The refusals of workflows/certificates; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class CertificateUnfit(Problem):
    code = "certificate-unfit"
    status = 422
    title = _("证件与岗位不符")
    template = _("{name}没有{role}岗位，不登记{kind}。")
    advice = _("请先安排岗位，再登记证件。")


class CertificateWrong(Problem):
    code = "certificate-wrong"
    status = 422
    title = _("证件资料不对")
    template = _("证件“{number}”：{why}。")


class CertificateTaken(Problem):
    code = "certificate-taken"
    status = 409
    title = _("证件号已经登记")
    template = _("证件号“{number}”已登记为{name}的{kind}。")
    advice = _("请核对证件号；确实换发的，请先终止原来的登记。")


class CertificateGap(Problem):
    code = "certificate-gap"
    status = 409
    title = _("有效期不衔接")
    template = _("证件“{number}”原来有效至 {until}，换证后的有效期须与之衔接并且更长。")
    advice = _("中断以后重新取得的，请以新的证件号登记；要提前终止的，请用“终止”。")


class CertificateEnded(Problem):
    code = "certificate-ended"
    status = 409
    title = _("证件已经终止")
    template = _("证件“{number}”的有效期是 {first} 至 {last}，终止日须在其中。")


class HolderUnknown(Problem):
    code = "certificate-holder-unknown"
    status = 422
    title = _("没有这个人")
    template = _("没有登录名为“{username}”、姓名为“{name}”的人员。")
    advice = _("请核对登录名和姓名；新来的请先在“人员”页新增。")
