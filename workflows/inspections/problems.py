"""The refusals of workflows/inspections; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class CertificateInvalid(Problem):
    code = "certificate-invalid"
    status = 422
    title = _("没有有效的执法证件")
    template = _("{name}在 {on} 没有有效的执法证件，不能办理（行政处罚法第42条、劳动保障监察条例第15条）。")
    advice = _("请登记执法证件，或者另选执法人员。")


class OfficerUnfit(Problem):
    code = "officer-unfit"
    status = 422
    title = _("不是本地的监察员")
    template = _("{name}没有本案所在地的劳动监察岗位，不能作为本案执法人员。")


class AuditedBefore(Problem):
    code = "audited-before"
    status = 409
    title = _("稽核过本案")
    template = _(
        "{name}稽核过本案，不能再作为监察执法人员调查（社会保险经办条例第44条：经办机构移交社会保险行政部门）。"
    )
    advice = _("请指定没有参加本案稽核的执法人员。")


class ChairUnfit(Problem):
    code = "chair-unfit"
    status = 422
    title = _("不能主持听证")
    template = _("听证由作出处罚决定的机关从事法制工作、没有参加本案调查的人员主持，{name}不是。")
    advice = _("请选择本机关的法制审核员；还没有的，请联系组织人事安排。")


class NotTheChair(Problem):
    code = "not-the-chair"
    status = 403
    title = _("不是听证主持人")
    template = _("听证报告由听证主持人{name}提出，其他人不能代为登记。")


class ReviewerUnfit(Problem):
    code = "reviewer-unfit"
    status = 403
    title = _("不能法制审核")
    template = _("{name}不是作出决定的机关具备法律职业资格的法制审核人员（行政处罚法第58条第2款）。")
    advice = _("请由本机关已登记法律职业资格的法制审核员审核。")


class NotAHead(Problem):
    code = "not-a-head"
    status = 422
    title = _("不是行政机关负责人")
    template = _("集体讨论由作出处罚决定的机关的负责人进行，{name}不是（行政处罚法第57条第2款）。")
    advice = _("请召集本机关岗位上标明“行政机关负责人”的同事。")


class NotMilder(Problem):
    code = "not-milder"
    status = 422
    title = _("没有从轻")
    template = _("结论为从轻、减轻的，请填写低于“{told}”的倍数或者数额。")


class DecidedTogether(Problem):
    code = "decided-together"
    status = 409
    title = _("与集体讨论不符")
    template = _("集体讨论的结论是“{outcome}”，决定应当与它一致（行政处罚法第57条第2款）。")
    advice = _("需要另行决定的，请退回，审核和讨论重新进行。")


class OfficerExcluded(Problem):
    code = "officer-recused"
    status = 409
    title = _("须回避")
    template = _("{name}在本案中已决定回避，不能再参与办理（行政处罚法第43条）。")


class OrderFirst(Problem):
    code = "order-first"
    status = 409
    title = _("须先责令改正")
    template = _("{inspection} 还没有责令改正期满，不能告知处罚（社会保险法第84条）。")


class ViolationUnfit(Problem):
    code = "violation-unfit"
    status = 422
    title = _("违法行为与查明的事项不符")
    template = _("本案发现的事项（{measures}）不能认定为“{violation}”。")
    advice = _("请按发现的事项选择违法行为；查明新事实的，先更正核查记录。")


class NoViolation(Problem):
    code = "no-violation"
    status = 409
    title = _("没有可以查处的违法行为")
    template = _("本案发现的事项（{measures}）不是用人单位的违法行为，不能立案查处。")
    advice = _("请继续督促、提醒，或者撤案。")


class TooLongAgo(Problem):
    code = "violation-too-long-ago"
    status = 422
    title = _("超过二年未被发现")
    template = _(
        "违法行为已于 {on} 终了，发现时已超过 {months} 个月，不再给予处罚（行政处罚法第36条、劳动保障监察条例第20条）。"
    )
    advice = _("违法行为仍在继续的请改选；依法仍可查处的，请写明理由。")


class OrderedOtherwise(Problem):
    code = "ordered-otherwise"
    status = 409
    title = _("责令改正的不是这一违法行为")
    template = _("指令书责令改正的是“{ordered}”，不能以“{violation}”逾期不改正处罚。")
    advice = _("请按指令书认定的违法行为告知。")


class TaxOrderFirst(Problem):
    code = "tax-order-first"
    status = 422
    title = _("税务机关没有责令限期缴纳")
    template = _(
        "未按时足额缴纳社会保险费的，须税务机关责令限期缴纳、逾期仍不缴纳才能处罚（社会保险法第86条）。"
    )
    advice = _("请填写税务机关限期缴纳通知的文号、送达日期和期限届满日期；没有的，先移送税务机关征收。")


class TaxOrderRuns(Problem):
    code = "tax-order-runs"
    status = 422
    title = _("税务机关的缴纳期限未满")
    template = _("税务机关责令限期缴纳的期限至 {on}，期满仍不缴纳才能处罚（社会保险法第86条）。")


class NothingToPunish(Problem):
    code = "nothing-to-punish"
    status = 409
    title = _("期限内已改正，不能处罚")
    template = _("“{violation}”在期限内已经改正，逾期不改正的处罚条件不成立（社会保险法第84、86条）。")
    advice = _("请报请负责人撤销立案（劳动保障监察条例第18条第1款第3项）。")


class CorrectedOnRecord(Problem):
    code = "corrected-on-record"
    status = 409
    title = _("名册显示已经改正")
    template = _("社保名册显示该单位已于 {on} 改正，不能认定为至今未改正。")
    advice = _("请按改正情况重新拟定，或者报请不予处罚、撤销立案。")


class NotAnOfficer(Problem):
    code = "not-an-officer"
    status = 403
    title = _("不是本案执法人员")
    template = _("调查取证由 {inspection} 的两名执法人员办理（行政处罚法第42条）。")


class EvidenceMissing(Problem):
    code = "evidence-missing"
    status = 409
    title = _("还没有调查取证记录")
    template = _(
        "{inspection} 立案以后还没有由两名执法人员签认的调查取证记录，不能告知处罚（行政处罚法第40、42、54条）。"
    )
    advice = _("请到现场检查、询问或者调取证据，登记笔录并附扫描件，由另一名执法人员签认后再告知。")


class RecordFileMissing(Problem):
    code = "record-file-missing"
    status = 422
    title = _("没有附件")
    template = _(
        "调查取证记录须附笔录、清单的扫描件或者照片、录音录像、电子数据的截图（行政处罚法第47、55条）。"
    )


class CardsNotShown(Problem):
    code = "cards-not-shown"
    status = 422
    title = _("没有出示执法证件")
    template = _("调查取证应当主动出示执法证件；没有出示的，记录不能作为证据（行政处罚法第55条）。")
    advice = _("请出示执法证件后重新调查，并在笔录中写明。")


class WrongRecordDay(Problem):
    code = "record-day-wrong"
    status = 422
    title = _("取证日期有误")
    template = _("取证日期应在 {first} 与 {last} 之间：立案以后，由现在的两名执法人员办理的日子。")


class NothingToSecond(Problem):
    code = "nothing-to-second"
    status = 409
    title = _("没有等待您签认的记录")
    template = _("这份记录不存在、已经签认，或者应由另一名执法人员签认。")


class CorrectionUnproved(Problem):
    code = "correction-unproved"
    status = 409
    title = _("改正没有证据")
    template = _(
        "{inspection} 的卷内没有所选的改正证据，不能以已经改正为由结案（行政处罚法第33、40、46条）。"
    )
    advice = _("请选择社会保险登记信息、两名执法人员签认的记录或者单位提交的整改证明。")


class ReportMissing(Problem):
    code = "report-missing"
    status = 409
    title = _("还没有调查终结报告")
    template = _(
        "{inspection} 告知以后还没有由两名执法人员签认的案件调查终结报告，不能送法制审核（行政处罚法第57、58条）。"
    )
    advice = _("请由一名执法人员提交案件调查终结报告，另一名签认。")


class HeavierAfterStatement(Problem):
    code = "heavier-after-statement"
    status = 422
    title = _("不得加重处罚")
    template = _("已告知罚款 {told} 元，当事人陈述申辩后不得给予更重的处罚（行政处罚法第45条）。")
    advice = _("查明新的违法事实的，请写明事实后重新告知。")


class StatementMissing(Problem):
    code = "statement-missing"
    status = 409
    title = _("没有陈述申辩")
    template = _("还没有记录陈述申辩，没有可答复的内容。")


class StatementUnanswered(Problem):
    code = "statement-unanswered"
    status = 409
    title = _("陈述申辩尚未复核")
    template = _("当事人的陈述申辩还没有复核答复，不能进入下一步（行政处罚法第45条）。")


class StatementTermRuns(Problem):
    code = "statement-term-runs"
    status = 409
    title = _("陈述申辩期未满")
    template = _("陈述申辩、听证申请期限至 {on}，期满才能送法制审核。")


class HearingNotOwed(Problem):
    code = "hearing-not-owed"
    status = 409
    title = _("不属于听证范围")
    template = _("拟罚款数额未达到听证标准（行政处罚法第63条）。")
    advice = _("当事人的意见可以作为陈述申辩记录。")


class HearingTermOver(Problem):
    code = "hearing-term-over"
    status = 409
    title = _("听证申请期限已过")
    template = _("听证应当在告知后 {days} 个工作日内提出（行政处罚法第64条）。")


class HearingTooSoon(Problem):
    code = "hearing-too-soon"
    status = 422
    title = _("听证通知不足七日")
    template = _("听证通知书须在听证七个工作日前送达，最早可在 {on} 举行（行政处罚法第64条）。")


class HearingUnready(Problem):
    code = "hearing-not-held"
    status = 409
    title = _("听证尚未举行")
    template = _("听证通知书尚未送达，或者还没有到听证日期。")


class HearingUnrecorded(Problem):
    code = "hearing-unrecorded"
    status = 409
    title = _("没有听证笔录")
    template = _("{inspection} 的听证笔录还没有入卷，不能登记听证报告（行政处罚法第65条）。")


class DiscussionTooSmall(Problem):
    code = "discussion-too-small"
    status = 422
    title = _("集体讨论人数不足")
    template = _("集体讨论须有承办人员以外的至少 {n} 人参加（行政处罚法第57条）。")


class DiscussionOpen(Problem):
    code = "discussion-open"
    status = 409
    title = _("还有人没有发表意见")
    template = _("{who}还没有发表讨论意见。")


class NotCalled(Problem):
    code = "not-called"
    status = 403
    title = _("不是讨论成员")
    template = _("您不在本案集体讨论成员之列，或者已经发表过意见。")


class PenaltyNotOverdue(Problem):
    code = "penalty-not-overdue"
    status = 409
    title = _("缴纳期限未到")
    template = _("罚款缴纳期限至 {on}，期满未缴才能催告（行政处罚法第67条、行政强制法第54条）。")


class HeadNumberMissing(Problem):
    code = "head-number-missing"
    status = 422
    title = _("缺少经营者的公民身份号码")
    template = _("{name}是个体工商户，强制执行申请书须写明经营者的姓名和公民身份号码，登记信息中没有。")
    advice = _("请按核对过的身份证件填写；只印在决定书和申请书上，加密保存。")


class CourtTooSoon(Problem):
    code = "court-too-soon"
    status = 409
    title = _("还不能申请强制执行")
    template = _("复议、诉讼期限或者催告期限至 {on}，期满才能申请（行政强制法第53、54条）。")


class CourtTooLate(Problem):
    code = "court-too-late"
    status = 409
    title = _("申请强制执行的期限已过")
    template = _("应当在 {on} 以前申请人民法院强制执行（行政强制法第53条）。")


class PenaltyChallenged(Problem):
    code = "penalty-challenged"
    status = 409
    title = _("复议或诉讼尚未结束")
    template = _("处罚决定正在{kind}（{body}），期间不能{act}（行政处罚法第73条、行政强制法第53条）。")
    advice = _("请在登记复议或诉讼结果以后办理。")


class ChangedFineMissing(Problem):
    code = "changed-fine-missing"
    status = 422
    title = _("没有填写变更后的罚款")
    template = _("结果是变更处罚决定的，须填写变更后的罚款数额。")


class HeavierOnRemedy(Problem):
    code = "heavier-on-remedy"
    status = 422
    title = _("复议、诉讼不得加重处罚")
    template = _("原处罚为 {fine} 元，变更后不得高于原处罚（行政复议法第63条、行政诉讼法第77条）。")


class PaymentWrong(Problem):
    code = "payment-wrong"
    status = 422
    title = _("缴款信息不对")
    template = _("缴款日期不能早于处罚决定，也不能晚于今天；票据号不能为空，也不能重复登记。")


class AmountMissing(Problem):
    code = "amount-missing"
    status = 422
    title = _("没有写明数额")
    template = _("请写明应缴未缴的数额和欠缴之日；日期不能晚于今天。")


class OfficersMissing(Problem):
    code = "two-officers"
    status = 422
    title = _("须有两名执法人员")
    template = _("须由不少于两名执法人员办理，并写明姓名和证件号（行政处罚法第42条）。")
    advice = _("请另选一名持有效执法证的同事。")


class NoTier(Problem):
    code = "no-tier"
    status = 409
    title = _("没有对应的裁量档次")
    template = _("现行裁量基准没有覆盖本案的情形，不能推定。")
    advice = _("请法制机构在法规参数中补充裁量档次。")


class OutsideTier(Problem):
    code = "outside-tier"
    status = 422
    title = _("超出裁量档次")
    template = _("“{tier}”档次的幅度为 {low} 至 {high}。")
    advice = _("请在幅度内选择；认为档次不当的，请更正案件事实。")
