"""The refusals of workflows/listing; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class GroundNotInForce(Problem):
    code = "ground-not-in-force"
    status = 422
    title = _("列入情形不在有效期内")
    template = _("列入情形“{ground}”在 {on} 没有有效的法律依据，不能据此列入。")


class PenaltyFirst(Problem):
    code = "penalty-first"
    status = 409
    title = _("须先处罚且仍未改正")
    template = _("列入情形“{ground}”须先有行政处罚决定，案件中没有记录。")


class PunishedOtherwise(Problem):
    code = "ground-of-other-penalty"
    status = 422
    title = _("处罚的不是这一列入情形的违法行为")
    template = _("处罚决定针对的是“{violation}”，不能以“{ground}”列入。")
    advice = _("请另选与查明的违法行为相符、证据在卷的列入情形；没有的，不能列入。")


class AlreadyRectified(Problem):
    code = "already-rectified"
    status = 409
    title = _("已经整改")
    template = _("社保名册显示该单位已于 {on} 整改，不能再以此为由列入。")


class TermRunning(Problem):
    code = "penalty-term-running"
    status = 409
    title = _("处罚决定的履行期限未满")
    template = _("处罚决定要求履行的期限至 {over_on}，此前不能认定“仍不改正”。")
    advice = _("请在期满后由两名执法人员复查，登记复查记录再提请。")


class LookMissing(Problem):
    code = "look-missing"
    status = 409
    title = _("没有复查记录")
    template = _("处罚决定的履行期限于 {over_on} 届满，此后没有两名执法人员的复查记录，“仍不改正”没有证据。")
    advice = _("请到场复查，登记复查记录后再办理。")


class LookTooEarly(Problem):
    code = "look-too-early"
    status = 422
    title = _("复查早于期满")
    template = _("复查日期 {on} 不晚于履行期限的最后一日 {over_on}，不能证明“仍不改正”。")


class LookInFuture(Problem):
    code = "proof-in-future"
    status = 422
    title = _("日期在今天之后")
    template = _("{on} 还没有到，不能登记。")


class SeenCorrected(Problem):
    code = "look-shows-correction"
    status = 409
    title = _("复查时已经改正")
    template = _("{on} 的复查记录写明已经改正，不能再以“仍不改正”列入。")


class ProofMissing(Problem):
    code = "listing-proof-missing"
    status = 409
    title = _("没有列入依据文书")
    template = _(
        "列入情形“{ground}”须有处罚决定书、责令退回决定书、生效裁判文书或者当事人签名的笔录在卷，只填写情节不够。"
    )
    advice = _("请先附卷依据文书。")


class ProofIncomplete(Problem):
    code = "listing-proof-incomplete"
    status = 422
    title = _("依据文书不完整")
    template = _("须写明作出机关；除笔录外须写明文号。")


class DefenceMissing(Problem):
    code = "defence-missing"
    status = 409
    title = _("没有陈述申辩")
    template = _("当事人没有提出陈述申辩，无需答复。")


class DefenceUnanswered(Problem):
    code = "defence-unanswered"
    status = 409
    title = _("陈述申辩尚未答复")
    template = _("当事人的陈述申辩须先逐条答复，才能通过法制审核。")


class NotServedYet(Problem):
    code = "service-not-effective"
    status = 409
    title = _("送达尚未生效")
    template = _("列入决定书的送达自 {on} 生效，此前不能公示。")


class GroundUnfit(Problem):
    code = "ground-does-not-fit"
    status = 422
    title = _("情形不适用于该主体")
    template = _("列入情形“{ground}”不适用于{kind}。")


class GroundNotForListing(Problem):
    code = "ground-not-for-listing"
    status = 422
    title = _("该情形不能列入名单")
    template = _("“{ground}”不是列入名单的法定情形，应转重大劳动保障违法行为社会公布。")
    advice = _("请在案件处理完毕后，按社会公布办法提请公布。")


class ConditionsUnmet(Problem):
    code = "ground-conditions-unmet"
    status = 422
    title = _("在卷事实不符合列入条件")
    template = _("下列条件没有在卷事实支持：{conditions}。")
    advice = _("请补充查明的情节及其证据，或者选择其他情形。")


class RemedyPending(Problem):
    code = "remedy-pending"
    status = 409
    title = _("复议或诉讼尚未结束")
    template = _("处罚决定正在{kind}（{body}），结果作出前不决定列入。")


class ObjectionOpen(Problem):
    code = "objection-open"
    status = 409
    title = _("已有异议正在处理")
    template = _("{code} 已有 {on} 提出的异议正在核查，答复后可以再次提出。")


class ObjectionClosed(Problem):
    code = "objection-answered"
    status = 409
    title = _("异议已答复")
    template = _("{who} 已于 {on} 答复该异议。")


class RepairTooEarly(Problem):
    code = "repair-too-early"
    status = 409
    title = _("尚未到可以申请修复的日期")
    template = _("严重失信信息公示满最短期限后方可申请修复，最早为 {on}。")
    advice = _("请先改正违法行为、履行法定义务，到期后再申请。")


class RepairNeedless(Problem):
    code = "repair-needless"
    status = 409
    title = _("期满自动移出，无需修复")
    template = _("公示期就是最短公示期，至 {on} 期满后自动移出，无需申请信用修复。")


class RepairProofMissing(Problem):
    code = "repair-proof-missing"
    status = 422
    title = _("修复材料不齐")
    template = _("申请信用修复须有改正和履行义务的证明，并作出信用承诺。")


class RepairOpen(Problem):
    code = "repair-open"
    status = 409
    title = _("已有修复申请正在审核")
    template = _("{code} 已有 {on} 的修复申请正在审核。")


class RepairClosed(Problem):
    code = "repair-decided"
    status = 409
    title = _("修复申请已决定")
    template = _("{who} 已于 {on} 对该修复申请作出决定。")


class RepairUninspected(Problem):
    code = "repair-not-inspected"
    status = 409
    title = _("现场核查尚未完成")
    template = _("准予修复前须经网格员现场核查并由复核员确认。")


class RepairUnfounded(Problem):
    code = "repair-not-corrected"
    status = 409
    title = _("现场核查仍有问题")
    template = _("现场核查仍发现：{found}。不能准予修复。")


class FeedNotYours(Problem):
    code = "feed-not-yours"
    status = 401
    title = _("没有共享权限")
    template = _("名单共享接口只向信用平台开放，请核对令牌。")


class FeedCursorUnknown(Problem):
    code = "feed-cursor-unknown"
    status = 422
    title = _("游标无效")
    template = _("游标“{cursor}”不是本接口给出的，请从 0 开始。")


class TooManyLookups(Problem):
    code = "too-many-lookups"
    status = 429
    title = _("查询过于频繁")
    template = _("请在 {seconds} 秒后再查询。")


class SearchByName(Problem):
    code = "search-by-name"
    status = 422
    title = _("请按名称或代码查询")
    template = _("名单不提供全部翻阅，请输入单位名称或统一社会信用代码查询。")
