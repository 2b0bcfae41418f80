"""The refusals of workflows/notices; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class FontMissing(Problem):
    """Nothing was issued: documents are set before they are numbered for good."""

    code = "font-missing"
    status = 503
    title = _("文书字体没有装好")
    template = _("服务器上没有文书字体“{font}”，文书排不出来；这一次没有发出，也没有占用文号。")
    advice = _(
        "请系统管理员装好字体：随系统附带的运行 make packages，另选的装到本机或改 PRINT_FONT；"
        "装好后 grid-manage doctor 的“字体”一项为 ✓，再办一次即可。"
    )


class PartyUnknown(Problem):
    code = "party-unknown"
    status = 409
    title = _("没有查明施工总承包单位")
    template = _(
        "“{project}”是工程项目，不是用人单位，不能作为文书的当事人；施工总承包单位的名称或者统一社会信用代码还没有查明。"
    )
    advice = _(
        "请退回补正，由社区在“补正后报回”按公示牌或施工许可证补填施工总承包单位；已过审批的，先由区级撤回同意。"
    )


class NoticeUnserved(Problem):
    code = "notice-already-issued"
    status = 409
    title = _("文书已制发")
    template = _("{kind}（{number}）已经制发、尚未送达，不必重复制发。")
    advice = _("请先送达并登记送达情况。")


class NoticeServed(Problem):
    code = "notice-already-served"
    status = 409
    title = _("送达情况已登记")
    template = _("{number} 已于 {on} 送达，不能重复登记。")


class NoticeWithdrawn(Problem):
    code = "notice-withdrawn"
    status = 409
    title = _("文书已撤回")
    template = _("{number} 已撤回，不能再送达。")


class DaysOutside(Problem):
    code = "days-outside"
    status = 422
    title = _("期限天数不在范围内")
    template = _("本件的改正期限应在 {least} 到 {most} 日之间。")
    advice = _("范围按涉及人数定，见法规参数“改正期限的天数范围”。")


class PaperUnapproved(Problem):
    code = "paper-unapproved"
    status = 409
    title = _("文书尚未签发")
    template = _("{kind}（{number}）还没有签发，不能交付、送达；待{who}签发。")
    advice = _("请待签发后再送达；拟稿人本人不能签发（党政机关公文处理工作条例第22条）。")


class PaperUnsealed(Problem):
    code = "paper-unsealed"
    status = 409
    title = _("文书尚未用印")
    template = _("{kind}（{number}）已经签发，还没有登记用印，不能交付、送达。")
    advice = _("请印章保管人在用印登记簿登记用印。")


class PaperApproved(Problem):
    code = "paper-approved"
    status = 409
    title = _("文书已签发")
    template = _("{number} 已由{who}于 {on} 签发。")


class PaperSealed(Problem):
    code = "paper-sealed"
    status = 409
    title = _("用印已登记")
    template = _("{number} 已于 {on} 登记用印。")


class NotForWorkers(Problem):
    code = "not-for-workers"
    status = 409
    title = _("不能请网格员送达")
    template = _("{kind}须由执法人员送达，网格员只可作见证人。")
    advice = _("请由两名执法人员送达，并登记送达情况（行政处罚法第42条）。")


class NoDoorToServe(Problem):
    code = "no-door-to-serve"
    status = 409
    title = _("没有在岗网格员负责此户")
    template = _("“{name}”不在任何在岗网格员的走访清单上，不能请网格员送达。")
    advice = _("请自行送达并登记，或先派发核查任务。")


class NoticeMissing(Problem):
    code = "notice-missing"
    status = 409
    title = _("尚未制发文书")
    template = _("请先制发{kind}，再登记送达。")


class WrongServiceDate(Problem):
    code = "service-date-wrong"
    status = 422
    title = _("送达日期有误")
    template = _("送达日期应在制发日 {issued_on} 与今天之间。")


class ReceiverMissing(Problem):
    code = "receiver-missing"
    status = 422
    title = _("缺少签收人")
    template = _("{way}须写明签收人。")
    advice = _("用人单位的法定代表人、主要负责人或者收发人员可以签收（民事诉讼法第88条）。")


class WitnessMissing(Problem):
    code = "witness-missing"
    status = 422
    title = _("缺少见证人")
    template = _("{way}须有见证人，并写明姓名（民事诉讼法第89条）。")


class ServiceUnproved(Problem):
    code = "service-unproved"
    status = 422
    title = _("送达凭据不全")
    template = _("{way}还须写明：{lacks}。")
    advice = _("每种送达方式都要留下法律要求的凭据（民事诉讼法第87至95条）。")


class SlipFiled(Problem):
    code = "slip-filed"
    status = 409
    title = _("送达回证已归档")
    template = _("{number} 的送达回证已经归档，不能更换。")
    advice = _("归档有误的，请把更正后的回证连同说明另行入卷。")


class SlipTooEarly(Problem):
    code = "slip-too-early"
    status = 409
    title = _("尚未登记送达")
    template = _("{number} 还没有登记送达，不能归档送达回证。")
    advice = _("请先登记送达情况，再交回签收后的回证扫描件。")


class TooManyMaterials(Problem):
    code = "too-many-materials"
    status = 422
    title = _("材料太多")
    template = _("一次最多提交 {most} 个文件，其余的请另行提交一次。")


class MaterialTooLarge(Problem):
    code = "material-too-large"
    status = 413
    title = _("材料太大")
    template = _("“{name}”超过 {limit} MB。")
    advice = _("请压缩或者分次提交。")


class MaterialRefused(Problem):
    code = "material-refused"
    status = 422
    title = _("材料格式不能接收")
    template = _("“{name}”不能接收：{why}。")
    advice = _("请换成 JPG、PNG 图片或普通的 PDF；不能换的，请拍照或截图后提交。")


class ReissueRefused(Problem):
    code = "reissue-refused"
    status = 409
    title = _("不能换发")
    template = _("{number} 已于 {on} 送达，只有补正笔误才能换发。")
    advice = _("内容有变的，请撤销后按程序重新作出。")


class NothingToMend(Problem):
    code = "nothing-to-mend"
    status = 422
    title = _("没有找到要补正的文字")
    template = _("文书中没有“{wrong}”。")
    advice = _("请照文书上的原文填写要补正的文字。")


class PreviewIncomplete(Problem):
    code = "preview-incomplete"
    status = 422
    title = _("预览前请先填写")
    template = _("预览{kind}还缺：{lacks}。")
    advice = _("请在案件页填好这一项，再点“预览”。")


class NothingToPreview(Problem):
    code = "nothing-to-preview"
    status = 409
    title = _("现在没有可预览的文书")
    template = _("这一步不制发{kind}。")
    advice = _("请在案件页查看当前可以办理的事项。")


class NoSuchDocument(Problem):
    code = "no-such-document"
    status = 404
    title = _("查无此文书")
    template = _("本系统没有发出过核验码为“{code}”的文书。")
    advice = _("请核对文书上的核验码；如确认无误，该文书可能是伪造的，请拨打12333核实。")
