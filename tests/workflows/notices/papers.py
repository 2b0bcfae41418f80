"""One filled-in example of every printed document, as the demo city would issue it."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from grid.codes import Purpose, fresh_code, fresh_premise_code
from tests.workflows.notices.papers_due import DUE
from tests.workflows.notices.parts import (
    DECLARE,
    FACTS,
    FOUND,
    LIST,
    LISTING,
    OFFICERS,
    PENALTY,
    REGISTER,
    REMEDIES,
    letter,
)
from workflows.cases.documents import Urging
from workflows.inspections.documents import InspectionOrder, PenaltyNotice
from workflows.listing.documents import ListingDecision, ListingNotice, RemovalDecision
from workflows.notices.documents import (
    Citation,
    Document,
    DoorLabel,
    DoorLabels,
    Enrolment,
    Paper,
    ServiceSlip,
    Term,
)
from workflows.notices.models import NoticeKind


def with_party(data: Document, **changes: str) -> Document:
    """The same document to somebody else."""
    changed = replace(data.letter.party, **changes)
    return replace(data, letter=replace(data.letter, party=changed))


EXAMPLES: dict[str, Any] = {
    NoticeKind.URGING: Urging(
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
    NoticeKind.ORDER: InspectionOrder(
        letter=letter("乌人社监令〔2026〕1号", 2, date(2026, 2, 10)),
        found=(
            *FOUND,
            "我局于2026年1月15日送达督促参保缴费告知书（乌人社告〔2026〕1号），期限届满后经核对仍未办理。",
        ),
        facts=FACTS,
        breached=(REGISTER, DECLARE),
        basis=(PENALTY, Citation("劳动保障监察条例", "第十八条第一款第（二）项")),
        orders=("为9名职工申请办理社会保险登记；", "如实申报应缴纳的社会保险费数额。"),
        term=Term(15, "d", reviewed=False),
        officers=OFFICERS,
        consequences=("逾期不改正的，将依据《中华人民共和国社会保险法》第八十四条处以罚款。",),
        remedies=REMEDIES,
    ),
    NoticeKind.PENALTY_NOTICE: PenaltyNotice(
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
    NoticeKind.LISTING_NOTICE: ListingNotice(
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
    NoticeKind.LISTING_DECISION: ListingDecision(
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
    NoticeKind.REMOVAL: RemovalDecision(
        letter=letter("乌人社移决〔2027〕1号", 7, date(2027, 6, 2)),
        list_name=LIST,
        listed_number="乌人社列决〔2026〕1号",
        listed_on=date(2026, 6, 2),
        reasons=("列入期限于2027年6月1日届满。",),
        basis=(replace(LISTING, article="第九条"),),
        removed_on=date(2027, 6, 2),
        effects=("停止公布、共享和使用列入信息；", "同时解除因列入采取的各项措施。"),
    ),
    "service_slip": ServiceSlip(
        letter=letter("乌人社证〔2026〕1号", 8),
        case="HBW-2026-000123",
        papers=(Paper("督促参保缴费告知书", "乌人社告〔2026〕1号"), Paper("责令改正参考样式", "附件1", 2)),
    ),
    "door_labels": DoorLabels(
        authority="乌海市海勃湾区人力资源和社会保障局",
        area_name="凤凰岭街道和平社区第一网格",
        printed_on=date(2026, 1, 5),
        labels=tuple(
            DoorLabel(fresh_premise_code(Random(n)), f"新华西街{n}号{'底商' * (n % 3)}") for n in range(1, 24)
        ),
        sample=True,
    ),
    "enrolment": Enrolment(
        authority="乌海市海勃湾区人力资源和社会保障局",
        person="王建国",
        role="网格员",
        area_name="凤凰岭街道和平社区第一网格",
        code=fresh_code(Purpose.ENROLMENT, Random(9)),
        until="2026年1月5日 18:00",
        printed_on=date(2026, 1, 5),
        sample=True,
    ),
} | DUE
