"""Stages of a proceeding, each taken by the desks whose steps they are."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grid.calendar.now import today
from tests.journeys.way import Way, at, remembered
from tests.papers import PDF
from tests.workflows.conftest import heads_of_the_district
from workflows.cases.models import Case

# A fine of 30,000: no hearing is owed, nothing to discuss. Four times as much owes both.
ARREARS, WEIGHTY = Decimal(20000), Decimal(80000)
MEMBERS = ("钱卫东", "顾平", "沈丽")
SOURCE = "社会保险经办机构核定表〔2026〕1号"


@remembered
def escalated(way: Way, case: Case) -> None:
    """Urged in vain."""
    way.urges(case)
    way.waits(case, "urging.term")


# --- the inspection ---------------------------------------------------------------------------------


@remembered
def proposed(way: Way, case: Case) -> None:
    way.zhou.does(at.case(case), "inspect", officer_1="周正", officer_2="何敏", why="督促期满仍未改正")


def filed(way: Way, case: Case) -> None:
    proposed(way, case)
    filing_approved(way, case)


@remembered
def filing_approved(way: Way, case: Case) -> None:
    way.qian.does(at.inspection(case), "file", remark="同意立案")


def gathered(way: Way, case: Case) -> None:
    """One officer records what was found and said, the other signs."""
    way.zhou.does(
        at.inspection(case), "record", kind="现场检查笔录", place="单位办公室", text="在岗12人，未办理社会保险登记",
        cards_shown="on", papers=SimpleUploadedFile("笔录.pdf", PDF),
    )  # fmt: skip
    way.he.does(at.inspection(case), "second", record="现场检查笔录", read="on")


def reports(way: Way, case: Case) -> None:
    """The draft of the page is taken over, and signed by the other."""
    way.zhou.does(at.inspection(case), "report")
    way.he.does(at.inspection(case), "second", record="案件调查终结报告", read="on")


@remembered
def ordered(way: Way, case: Case) -> None:
    """The two officers have been there; the order to correct is served, its term runs."""
    gathered(way, case)
    way.zhou.does(at.inspection(case), "order")
    way.zhou.serves(at.inspection(case), "serve-order")


@remembered
def told(way: Way, case: Case, arrears: Decimal = ARREARS, **found: Any) -> None:
    """The order's term is over, and the party is told what it is to be fined."""
    way.waits(case, "order.term")
    since = today() - timedelta(days=90)
    given = {"arrears": arrears, "source": SOURCE, "since": since, "heads": 12}
    way.zhou.does(at.inspection(case), "notice", **(given | found))
    way.zhou.serves(at.inspection(case), "serve-notice")
    reports(way, case)


@remembered
def reviewed(way: Way, case: Case) -> None:
    way.shi.does(at.inspection(case), "review", opinion="事实清楚，程序合法")


@remembered
def heard(way: Way, case: Case) -> None:
    """The party asks for a hearing, which shi chairs and reports."""
    page = at.inspection(case)
    way.zhou.does(page, "hearing", text="要求举行听证")
    day = today() + timedelta(days=20)
    way.zhou.does(page, "call", on=day, place="监察大队会议室", chair="石磊", clerk="书记员")
    way.zhou.serves(page, "serve-hearing")
    way.goes_to(day)
    way.shi.does(page, "minutes", recorder="书记员", papers=SimpleUploadedFile("听证笔录.pdf", PDF))
    way.shi.does(page, "hold", report="双方陈述、质证完毕", opinion="建议维持", accepted="不予采纳，理由如上")


@remembered
def discussed(way: Way, case: Case) -> None:
    """Those called give their opinions one by one, and the head sums up."""
    page = at.inspection(case)
    way.brings_in(*heads_of_the_district())
    way.qian.does(page, "members", members=list(MEMBERS))
    for desk in (way.qian, way.gu, way.shen):
        desk.does(page, "opinion", opinion="同意拟处罚意见")
    way.qian.does(page, "conclude", opinion="一致同意", outcome="同意拟处罚意见")


@remembered
def decided(way: Way, case: Case) -> None:
    """Decided by the head, served, and made public: the fine is owed."""
    way.qian.does(at.inspection(case), "decide", remark="同意")
    way.zhou.serves(at.inspection(case), "serve-decision")
    publishes(way, case)


def publishes(way: Way, case: Case) -> None:
    way.qian.does(_published_at(case), "publish")


def withdraws(way: Way, case: Case, why: str) -> None:
    """What fell is withdrawn, and the public reads why."""
    way.qian.does(_published_at(case), "withdraw", why=why)


def _published_at(case: Case) -> str:
    return reverse("disclosure", args=[case.inspections.latest("pk").code])


def penalised(way: Way, case: Case) -> None:
    """From the filing to the served decision of a fine of 30,000 yuan."""
    filed(way, case)
    ordered(way, case)
    told(way, case)
    way.waits(case, "inspection.statement")
    reviewed(way, case)
    decided(way, case)


@remembered
def pays(way: Way, case: Case, amount: int, slip: str = "缴-0001") -> None:
    way.zhou.does(at.inspection(case), "pay", amount=amount, slip=slip)


# --- the audit --------------------------------------------------------------------------------------


@remembered
def audited(way: Way, case: Case) -> None:
    """The audit is opened, its notice served, and its day has come: tang and jiang examine."""
    way.tang.does(at.audit(case), "open", auditor_1="唐静", auditor_2="蒋伟")
    way.tang.serves(at.audit(case), "serve-notice")
    way.goes_to(case.audits.latest("pk").held_on)


@remembered
def examined(way: Way, case: Case, insured: int = 4) -> None:
    """What was looked at, and what was found of one insurance: twelve heads, and who of them is insured."""
    way.tang.does(at.audit(case), "record", kind="work", text="查阅工资表十个月")
    way.jiang.does(
        at.audit(case), "finding", insurance="工伤", month_from="2026-01", month_to="2026-10", heads_due=12,
        heads_insured=insured, base_due=6000, base_declared=6000,
    )  # fmt: skip


@remembered
def informed(way: Way, case: Case) -> None:
    """The unit was told what was found, and answered."""
    way.tang.does(at.audit(case), "findings")
    way.tang.serves(at.audit(case), "serve-findings")
    way.tang.does(at.audit(case), "answer", text="两人已离职")


@remembered
def ordered_to_correct(way: Way, case: Case) -> None:
    """The opinion is approved and served: the term to correct runs."""
    way.tang.does(at.audit(case), "draft", heard="不影响认定")
    way.qian.does(at.audit(case), "approve", remark="同意")
    way.jiang.serves(at.audit(case), "serve-opinion")


def opined(way: Way, case: Case) -> None:
    """From the opening of the audit to the running term to correct."""
    audited(way, case)
    examined(way, case)
    informed(way, case)
    ordered_to_correct(way, case)
