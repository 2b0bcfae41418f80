"""One filled-in example of every printed document, as the demo city would issue it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from grid.codes import Purpose, fresh_code, fresh_premise_code
from workflows.notices.documents import (
    Calculation,
    Citation,
    Contact,
    DocumentKind,
    DoorLabel,
    DoorLabels,
    Enrolment,
    FactTable,
    InspectionOrder,
    Letter,
    ListingDecision,
    ListingNotice,
    Officer,
    Paper,
    Party,
    PenaltyNotice,
    PenaltyRecord,
    Remedies,
    RemovalDecision,
    ServiceSlip,
    Step,
    Term,
    Urging,
)
from workflows.notices.documents_audit import (
    AuditFindings,
    AuditNotice,
    AuditOpinion,
    PenaltyProposal,
    Reminder,
    TaxTransfer,
)
from workflows.notices.documents_listing import ObjectionAnswer, RepairDecision
from workflows.notices.documents_penalty import (
    CaseWithdrawn,
    CourtApplication,
    Demand,
    Filing,
    HearingNotice,
    NoPenalty,
    Opinion,
    PenaltyDecision,
    ServedPaper,
)
from workflows.notices.shapes import DocumentData

LAW = "中华人民共和国社会保险法"
LIST = "社会保险领域严重失信人名单"
REGISTER = Citation(
    LAW,
    "第五十八条第一款",
    "用人单位应当自用工之日起三十日内为其职工向社会保险经办机构申请办理社会保险登记。",
)
DECLARE = Citation(
    LAW,
    "第六十条第一款",
    "用人单位应当自行申报、按时足额缴纳社会保险费，非因不可抗力等法定事由不得缓缴、减免。",
)
PENALTY = Citation(LAW, "第八十四条")
LISTING = Citation("社会保险领域严重失信人名单管理暂行办法", "第五条第一项", reviewed=False)
OFFICERS = (Officer("周正", "蒙C-0312"), Officer("何敏", "蒙C-0318"))
REMEDIES = Remedies("乌海市人民政府", 60, "海勃湾区人民法院", 6)
FACTS = FactTable(
    columns=("核对事项", "市场监管登记", "税务申报", "社会保险参保", "走访核实"),
    rows=(
        ("经营状态", "存续", "正常申报", "已登记", "正常经营"),
        ("从业人数", "—", "12人", "3人", "12人"),
        ("数据时点", "2025年12月31日", "2025年12月", "2025年12月", "2026年1月9日"),
    ),
    note="各部门数据口径不同，仅作核对之用；如与实际不符，以核实结果为准。",
)
FOUND = (
    "税务部门登记你单位2025年12月代扣代缴个人所得税的从业人员12人，同期你单位参加社会保险的职工3人，相差9人。",
    "2026年1月9日网格工作人员走访时，你单位确认在岗职工12人，其中9人未办理社会保险登记。",
)


def letter(number: str, seed: int, issued_on: date = date(2026, 1, 15)) -> Letter:
    return Letter(
        authority="乌海市海勃湾区人力资源和社会保障局",
        number=number,
        issued_on=issued_on,
        party=Party(
            "乌海市示例商贸有限责任公司", "91150302MA0NEXAMP5", "海勃湾区凤凰岭街道新华西街15号", "张示例"
        ),
        code=fresh_code(Purpose.NOTICE, Random(seed)),
        contact=Contact("海勃湾区社会保险事业服务中心", "0473-2000000", "海勃湾区人民北路1号", "李示例"),
        sample=True,
    )


def example(kind: DocumentKind) -> DocumentData:
    return EXAMPLES[kind]


def with_party(data: DocumentData, **changes: str) -> DocumentData:
    """The same document to somebody else."""
    changed = replace(data.letter.party, **changes)
    return replace(data, letter=replace(data.letter, party=changed))


ARREARS = Calculation(
    steps=(
        Step("应缴社会保险费", "9人×月缴费基数4,907.40元×29%×3个月", Decimal("38423.94")),
        Step("滞纳金", "38,423.94元×0.05%×92日（2025年10月16日至2026年1月15日）", Decimal("1767.50")),
    ),
    note="费率、基数以税务机关核定为准。",
    reviewed=False,
)
RECKONED = Calculation(
    steps=(
        Step("应缴社会保险费", "9人×月缴费基数4,907.40元×29%×3个月", Decimal("38423.94")),
        Step(
            "裁量档次",
            "较重：涉及5人以上、逾期不改正，处应缴社会保险费一倍以上二倍以下罚款",
            Decimal("38423.94"),
        ),
        Step("罚款", "38,423.94元×1.5倍", Decimal("57635.91")),
    ),
    note="裁量档次依据内蒙古自治区人力资源社会保障行政处罚裁量基准。",
    reviewed=False,
)
AUDITORS = (Officer("孙宁", "社稽-1021"), Officer("钱青", "社稽-1022"))
AGENCY = "海勃湾区社会保险事业服务中心"


def agency_letter(number: str, seed: int, issued_on: date) -> Letter:
    return replace(letter(number, seed, issued_on), authority=AGENCY)


EXAMPLES: dict[DocumentKind, DocumentData] = {
    DocumentKind.URGING: Urging(
        letter=letter("乌人社告〔2026〕1号", 1),
        found=FOUND,
        facts=FACTS,
        asked=(
            "为尚未参保的9名职工向社会保险经办机构申请办理社会保险登记；",
            "向税务机关如实申报缴费工资，按时足额缴纳养老、工伤、失业保险费；",
            "将办理结果告知本告知书载明的联系人。",
        ),
        basis=(REGISTER, DECLARE),
        term=Term(15, "d", reviewed=False),
        consequences=("逾期未办理又未说明理由的，将移送劳动保障监察机构依法处理。",),
    ),
    DocumentKind.INSPECTION_ORDER: InspectionOrder(
        letter=letter("乌人社监令〔2026〕1号", 2, date(2026, 2, 10)),
        found=(
            *FOUND,
            "我局于2026年1月15日送达督促参保缴费告知书（乌人社告〔2026〕1号），期限届满后经核对仍未办理。",
        ),
        facts=FACTS,
        breached=(REGISTER, DECLARE),
        basis=(PENALTY, Citation("劳动保障监察条例", "第十八条")),
        orders=("为9名职工申请办理社会保险登记；", "如实申报并足额缴纳应缴的社会保险费。"),
        term=Term(15, "d", reviewed=False),
        officers=OFFICERS,
        consequences=("逾期不改正的，将依据《中华人民共和国社会保险法》第八十四条处以罚款。",),
        remedies=REMEDIES,
    ),
    DocumentKind.PENALTY_NOTICE: PenaltyNotice(
        letter=letter("乌人社罚告〔2026〕1号", 3, date(2026, 3, 5)),
        found=FOUND,
        evidence=(
            "税务部门提供的个人所得税扣缴明细；",
            "社会保险参保登记查询单；",
            "2026年1月9日走访记录及询问笔录。",
        ),
        breached=(REGISTER,),
        basis=(PENALTY,),
        proposed=("对你单位处应缴社会保险费数额一倍的罚款，计人民币38,416.50元。",),
        statement=Term(5, "wd", reviewed=False),
        hearing=Term(5, "wd"),
        officers=OFFICERS,
    ),
    DocumentKind.PENALTY_RECORD: PenaltyRecord(
        letter=letter("乌人社罚记〔2026〕1号", 4, date(2026, 3, 20)),
        decided_by="乌海市海勃湾区人力资源和社会保障局",
        decision_number="乌人社罚决〔2026〕1号",
        decided_on=date(2026, 3, 19),
        found=FOUND,
        breached=(REGISTER,),
        basis=(PENALTY,),
        fine=Decimal("38416.50"),
        payment=Term(15, "d"),
        payee="凭缴款书到指定银行或者通过电子支付系统缴纳",
        remedies=REMEDIES,
    ),
    DocumentKind.LISTING_NOTICE: ListingNotice(
        letter=letter("乌人社列告〔2026〕1号", 5, date(2026, 5, 11)),
        list_name=LIST,
        ground="用人单位不依法办理社会保险登记，经行政处罚后，仍不改正的。",
        found=(
            "你单位因不办理社会保险登记于2026年3月19日受到行政处罚（乌人社罚决〔2026〕1号），至今仍未改正。",
        ),
        facts=FACTS,
        basis=(LISTING,),
        measures=("作为重点监督检查对象，提高检查频次；", "限制申请财政补助补贴性资金。"),
        period="一年",
        defence=Term(10, "wd", reviewed=False),
    ),
    DocumentKind.LISTING_DECISION: ListingDecision(
        letter=letter("乌人社列决〔2026〕1号", 6, date(2026, 6, 2)),
        list_name=LIST,
        ground="用人单位不依法办理社会保险登记，经行政处罚后，仍不改正的。",
        found=(
            "你单位因不办理社会保险登记于2026年3月19日受到行政处罚（乌人社罚决〔2026〕1号），至今仍未改正。",
        ),
        heard=(
            "我局于2026年5月12日送达列入告知书（乌人社列告〔2026〕1号），你单位在期限内未提出陈述、申辩。",
        ),
        basis=(LISTING,),
        starts_on=date(2026, 6, 2),
        ends_on=date(2027, 6, 1),
        published=("乌海市人力资源和社会保障局网站", "信用中国（内蒙古）"),
        measures=("作为重点监督检查对象，提高检查频次；", "限制申请财政补助补贴性资金。"),
        repair=("列入期间改正违法行为、履行全部义务并满最短公示期限的，可以通过信用中国网站申请信用修复。",),
        remedies=REMEDIES,
    ),
    DocumentKind.REMOVAL_DECISION: RemovalDecision(
        letter=letter("乌人社移决〔2027〕1号", 7, date(2027, 6, 2)),
        list_name=LIST,
        listed_number="乌人社列决〔2026〕1号",
        listed_on=date(2026, 6, 2),
        reasons=("列入期限于2027年6月1日届满。",),
        basis=(replace(LISTING, article="第九条"),),
        removed_on=date(2027, 6, 2),
        effects=("停止公布、共享和使用列入信息；", "同时解除因列入采取的各项措施。"),
    ),
    DocumentKind.SERVICE_SLIP: ServiceSlip(
        letter=letter("乌人社证〔2026〕1号", 8),
        case="HBW-2026-000123",
        papers=(Paper("督促参保缴费告知书", "乌人社告〔2026〕1号"), Paper("责令改正参考样式", "附件1", 2)),
    ),
    DocumentKind.REMINDER: Reminder(
        letter=agency_letter("乌海勃社保参提〔2026〕1号", 11, date(2026, 10, 9)),
        found=("你单位职工基本养老保险缴费记录自2026年7月起中断，涉及职工2人。",),
        asked=("恢复缴费，并补缴中断期间应缴的社会保险费；", "如职工已经离职，请办理减员登记。"),
        basis=(DECLARE,),
        until=date(2026, 12, 31),
        until_why="本缴费年度结束，逾期可能无法补缴",
        facts=FACTS,
    ),
    DocumentKind.AUDIT_NOTICE: AuditNotice(
        letter=agency_letter("乌海勃社保稽通〔2026〕1号", 12, date(2026, 2, 10)),
        reasons=("督促参保缴费告知书（乌人社告〔2026〕1号）期限届满，经核对仍有9名职工未参保。",),
        scope=("参保登记情况；", "缴费基数申报情况；", "社会保险费缴纳情况。"),
        period="2025年1月至2026年1月",
        materials=("职工名册和劳动合同；", "工资发放表和会计凭证；", "个人所得税扣缴申报表。"),
        place="你单位办公场所（海勃湾区凤凰岭街道新华西街15号）",
        held_on=date(2026, 2, 24),
        term=Term(3, "wd", reviewed=False),
        auditors=AUDITORS,
        basis=(Citation("社会保险经办条例", "第四十三条", reviewed=False),),
    ),
    DocumentKind.AUDIT_FINDINGS: AuditFindings(
        letter=agency_letter("乌海勃社保稽告〔2026〕1号", 13, date(2026, 3, 2)),
        audit_number="乌海勃社保稽通〔2026〕1号",
        period="2025年1月至2026年1月",
        found=FOUND,
        evidence=("工资发放表12页；", "询问笔录2份。"),
        breached=(REGISTER, DECLARE),
        statement=Term(5, "wd", reviewed=False),
        auditors=AUDITORS,
        facts=FACTS,
        arrears=ARREARS,
    ),
    DocumentKind.AUDIT_OPINION: AuditOpinion(
        letter=agency_letter("乌海勃社保稽意〔2026〕1号", 14, date(2026, 3, 12)),
        audit_number="乌海勃社保稽通〔2026〕1号",
        period="2025年1月至2026年1月",
        found=FOUND,
        heard=("我单位于2026年3月3日送达稽核情况告知书，你单位在期限内没有提出意见。",),
        breached=(REGISTER, DECLARE),
        basis=(Citation("社会保险经办条例", "第四十四条"),),
        orders=("为9名职工申请办理社会保险登记；", "如实申报并足额缴纳应缴的社会保险费。"),
        term=Term(15, "d", reviewed=False),
        auditors=AUDITORS,
        remedies=REMEDIES,
        consequences=("逾期不改正的，提请社会保险行政部门依法处理。",),
        facts=FACTS,
        arrears=ARREARS,
    ),
    DocumentKind.PENALTY_PROPOSAL: PenaltyProposal(
        letter=agency_letter("乌海勃社保稽建〔2026〕1号", 15, date(2026, 4, 1)),
        to="乌海市海勃湾区人力资源和社会保障局",
        found=FOUND,
        course=(
            "2026年2月11日送达社会保险稽核通知书；",
            "2026年3月13日送达稽核意见书，责令十五日内改正，逾期未改正。",
        ),
        evidence=("工资发放表12页；", "询问笔录2份。"),
        breached=(REGISTER,),
        basis=(Citation("社会保险经办条例", "第四十四条"), PENALTY),
        proposed=("依法责令限期改正；", "逾期不改正的，依法给予罚款的行政处罚。"),
        auditors=AUDITORS,
        enclosures=("稽核案卷复印件一册", "稽核意见书及送达回证复印件"),
        facts=FACTS,
    ),
    DocumentKind.TAX_TRANSFER: TaxTransfer(
        letter=agency_letter("乌海勃社保欠移〔2026〕1号", 16, date(2026, 4, 1)),
        to="国家税务总局乌海市海勃湾区税务局",
        found=FOUND,
        basis=(Citation(LAW, "第六十三条"), Citation(LAW, "第八十六条")),
        asked=("依法核定应缴社会保险费，责令限期缴纳，并将办理结果函复我单位。",),
        answer=Term(15, "wd", reviewed=False),
        owed=Decimal("38423.94"),
        arrears=ARREARS,
        enclosures=("稽核意见书复印件", "欠缴明细表"),
        facts=FACTS,
    ),
    DocumentKind.FILING: Filing(
        letter=letter("乌海勃人社监立〔2026〕1号", 17, date(2026, 4, 7)),
        case="HBW-2026-000123",
        source="社会保险经办机构提请（乌海勃社保稽建〔2026〕1号）",
        found=FOUND,
        breached=(REGISTER, DECLARE),
        basis=(Citation("中华人民共和国行政处罚法", "第五十四条"), Citation("劳动保障监察条例", "第十七条")),
        officers=OFFICERS,
        opinions=(
            Opinion("承办人意见", "符合立案条件，建议立案调查。", "周正、何敏", date(2026, 4, 7)),
            Opinion("承办机构负责人意见"),
            Opinion("行政机关负责人审批意见"),
        ),
        phone="0473-3000000",
    ),
    DocumentKind.HEARING_NOTICE: HearingNotice(
        letter=letter("乌海勃人社听通〔2026〕1号", 18, date(2026, 5, 6)),
        about="《行政处罚事先告知书》（乌海勃人社罚告〔2026〕1号）拟作出的行政处罚",
        requested_on=date(2026, 4, 30),
        held_at="2026年5月20日 9:30",
        place="海勃湾区人力资源和社会保障局三楼会议室",
        is_public=True,
        host="冯琳",
        clerk="陈默",
        officers=OFFICERS,
        basis=(
            Citation("中华人民共和国行政处罚法", "第六十三条"),
            Citation("中华人民共和国行政处罚法", "第六十四条"),
        ),
    ),
    DocumentKind.PENALTY_DECISION: PenaltyDecision(
        letter=letter("乌海勃人社罚决〔2026〕1号", 19, date(2026, 6, 8)),
        found=FOUND,
        evidence=("税务部门提供的个人所得税扣缴明细；", "社会保险参保登记查询单；", "询问笔录2份。"),
        heard=(
            "2026年4月28日送达行政处罚事先告知书，告知了陈述、申辩和要求听证的权利。",
            "2026年5月20日举行听证，你单位提出已在办理参保登记。经复核，至今仍有9人未登记，该意见不予采纳。",
        ),
        breached=(REGISTER,),
        basis=(PENALTY,),
        discretion=("涉及职工5人以上且逾期不改正，属于“较重”档次，处一倍以上二倍以下罚款。",),
        imposed=("对你单位处应缴社会保险费数额一点五倍的罚款，计人民币57,635.91元。",),
        fine=Decimal("57635.91"),
        payment=Term(15, "d"),
        payee="凭缴款书到指定的银行或者通过电子支付系统缴纳",
        surcharge="到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。",
        remedies=REMEDIES,
        calculation=RECKONED,
        facts=FACTS,
        published="乌海市人力资源和社会保障局网站",
    ),
    DocumentKind.NO_PENALTY: NoPenalty(
        letter=letter("乌海勃人社不罚〔2026〕1号", 20, date(2026, 6, 8)),
        found=FOUND,
        evidence=("社会保险参保登记查询单。",),
        heard=("你单位提出，9名职工已于2026年5月25日全部办理社会保险登记，经核实属实，予以采纳。",),
        reasons=("初次违法、危害后果轻微并及时改正。",),
        basis=(
            Citation(
                "中华人民共和国行政处罚法",
                "第三十三条第一款",
                "初次违法且危害后果轻微并及时改正的，可以不予行政处罚。",
            ),
        ),
        remedies=REMEDIES,
        duties=("按时足额缴纳社会保险费。",),
    ),
    DocumentKind.CASE_WITHDRAWN: CaseWithdrawn(
        letter=letter("乌海勃人社撤立〔2026〕1号", 21, date(2026, 5, 28)),
        filing_number="乌海勃人社监立〔2026〕1号",
        filed_on=date(2026, 4, 7),
        found=("责令改正期限内，你单位已为9名职工办理社会保险登记并补缴社会保险费。",),
        reasons=("违法情节轻微，且已经改正。",),
        basis=(Citation("劳动保障监察条例", "第十八条", "对情节轻微且已改正的，撤销立案。"),),
    ),
    DocumentKind.DEMAND: Demand(
        letter=letter("乌海勃人社催告〔2026〕1号", 22, date(2027, 1, 4)),
        decision_number="乌海勃人社罚决〔2026〕1号",
        decided_on=date(2026, 6, 8),
        served_on=date(2026, 6, 10),
        fine=Decimal("57635.91"),
        surcharge=Decimal("57635.91"),
        paid=Decimal("10000"),
        total=Decimal("105271.82"),
        duties=("为9名职工申请办理社会保险登记。",),
        term=Term(10, "wd"),
        payee="凭缴款书到指定的银行或者通过电子支付系统缴纳",
        basis=(
            Citation("中华人民共和国行政强制法", "第五十四条"),
            Citation("中华人民共和国行政处罚法", "第七十二条"),
        ),
        calculation=Calculation(
            (Step("加处罚款", "57,635.91元×3%×193日，超出罚款数额，按罚款数额计", Decimal("57635.91")),)
        ),
    ),
    DocumentKind.COURT_APPLICATION: CourtApplication(
        letter=letter("乌海勃人社强申〔2027〕1号", 23, date(2027, 1, 28)),
        court="乌海市海勃湾区人民法院",
        head="马局长（示例）",
        decision_number="乌海勃人社罚决〔2026〕1号",
        decided_on=date(2026, 6, 8),
        requests=("强制执行被申请人未缴纳的罚款和加处罚款。",),
        reasons=("被申请人在法定期限内不申请行政复议、不提起行政诉讼，经催告仍不履行处罚决定。",),
        served=(
            ServedPaper("行政处罚决定书", "乌海勃人社罚决〔2026〕1号", "直接送达", date(2026, 6, 10)),
            ServedPaper("履行催告书", "乌海勃人社催告〔2027〕1号", "邮寄送达", date(2027, 1, 6)),
        ),
        fine=Decimal("57635.91"),
        surcharge=Decimal("57635.91"),
        total=Decimal("105271.82"),
        basis=(Citation("中华人民共和国行政强制法", "第五十三条"),),
        enclosures=("行政处罚决定书及送达回证", "履行催告书及送达回证", "当事人陈述意见记录"),
        property="经查询，被申请人名下有银行账户一个（示例）。",
    ),
    DocumentKind.REPAIR_DECISION: RepairDecision(
        letter=letter("乌人社信修〔2027〕1号", 24, date(2027, 6, 20)),
        list_name=LIST,
        listed_number="乌人社失信决〔2026〕1号",
        listed_on=date(2026, 6, 2),
        applied_on=date(2027, 6, 4),
        granted=True,
        evidence=("参保登记证明和缴费凭证；", "罚款缴款书；", "守信承诺书。"),
        checked=("2027年6月12日现场核查，在岗职工12人全部参保，无欠费。",),
        reasons=("失信行为已经纠正，法定义务已经履行，公示已满最短期限。",),
        basis=(Citation("信用修复管理办法", "", reviewed=False),),
        effects=("停止公示、共享和使用该条失信信息；", "同时解除依据该条信息采取的惩戒措施。"),
        remedies=REMEDIES,
    ),
    DocumentKind.OBJECTION_ANSWER: ObjectionAnswer(
        letter=letter("乌人社异答〔2026〕1号", 25, date(2026, 7, 1)),
        list_name=LIST,
        about_number="乌人社失信决〔2026〕1号",
        about_on=date(2026, 6, 2),
        filed_on=date(2026, 6, 15),
        objection=("未登记的职工应为7人而不是9人。",),
        checked=("经核对劳动合同和工资表，2名职工于2026年1月10日离职，未登记职工为7人。",),
        upheld=True,
        outcome="列入决定书认定的人数予以更正，列入决定不变。",
        reasons=("更正后仍符合列入情形。",),
        basis=(LISTING,),
        effects=("更正公示信息中的人数；", "将更正结果告知共享该信息的部门。"),
        remedies=REMEDIES,
    ),
    DocumentKind.DOOR_LABELS: DoorLabels(
        authority="乌海市海勃湾区人力资源和社会保障局",
        area_name="凤凰岭街道和平社区第一网格",
        printed_on=date(2026, 1, 5),
        labels=tuple(
            DoorLabel(fresh_premise_code(Random(n)), f"新华西街{n}号{'底商' * (n % 3)}") for n in range(1, 24)
        ),
        sample=True,
    ),
    DocumentKind.ENROLMENT: Enrolment(
        authority="乌海市海勃湾区人力资源和社会保障局",
        person="王建国",
        role="网格员",
        area_name="凤凰岭街道和平社区第一网格",
        code=fresh_code(Purpose.ENROLMENT, Random(9)),
        until="2026年1月5日 18:00",
        printed_on=date(2026, 1, 5),
        sample=True,
    ),
}
