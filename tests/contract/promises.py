"""What the sentences after “接下来” promise, clause by clause, and how one sees whether it came about.

A clause that is not here is a promise nobody checks, and fails the test that reads it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from grid.calendar.now import today
from workflows.audits.models import Audit
from workflows.cases.models import Case
from workflows.clocks.models import Clock
from workflows.inspections.models import Inspection
from workflows.inspections.queries import weighing
from workflows.listing.models import Listing
from workflows.notices.models import Notice, Service

# What the names of terms mean in the sentences.
TERMS = {
    "整改期限": "urging.term", "责令改正期限": ("order.term", "audit.correction"), "缴纳期限": "penalty.payment",
    "复议诉讼期限": "inspection.remedy", "催告期限": "inspection.demand", "听证申请期": "inspection.hearing_request",
    "陈述申辩期": ("listing.defence", "inspection.statement"), "答复期": "audit.answer",
    "提出意见的期限": "audit.opinion_days",
}  # fmt: skip


@dataclass
class Look:
    """A case with all its rooms as they stand at one moment."""

    matter: Any
    case: Case
    notices: dict[int, Notice]
    services: dict[int, Service]
    clocks: dict[int, Clock]

    @classmethod
    def at(cls, matter: Any) -> "Look":
        fresh = type(matter).objects.get(pk=matter.pk)
        case = Case.objects.get(pk=fresh.pk if isinstance(fresh, Case) else fresh.case_id)
        return cls(
            fresh,
            case,
            {notice.pk: notice for notice in case.notices.all()},
            {service.pk: service for service in Service.objects.filter(notice__case=case)},
            {clock.pk: clock for clock in case.clocks.all()},
        )

    @property
    def inspection(self) -> Inspection:
        return self.matter if isinstance(self.matter, Inspection) else self.case.inspections.latest("pk")

    @property
    def audit(self) -> Audit:
        return self.matter if isinstance(self.matter, Audit) else self.case.audits.latest("pk")

    @property
    def listing(self) -> Listing:
        return Listing.objects.get(case=self.case)


@dataclass
class Change:
    """What one act did. `offered` reads what is open to anybody afterwards."""

    before: Look
    after: Look
    offered: Callable[[], set[str]] = field(default=set)

    @property
    def outcome(self) -> str:
        """How the newest review or suit of the case ended."""
        newest = self.after.case.remedies.order_by("pk").last()
        return newest.outcome if newest else ""

    @property
    def issued(self) -> list[Notice]:
        return [notice for pk, notice in self.after.notices.items() if pk not in self.before.notices]

    @property
    def withdrawn(self) -> list[Notice]:
        then = self.before.notices
        return [notice for pk, notice in self.after.notices.items()
                if notice.withdrawn_at and pk in then and not then[pk].withdrawn_at]  # fmt: skip

    @property
    def served(self) -> Service | None:
        new = [service for pk, service in self.after.services.items() if pk not in self.before.services]
        return new[0] if new else None

    @property
    def started(self) -> dict[str, Clock]:
        return {clock.kind: clock for pk, clock in self.after.clocks.items() if pk not in self.before.clocks}

    @property
    def stopped(self) -> set[str]:
        then = self.before.clocks
        return {clock.kind for pk, clock in self.after.clocks.items()
                if clock.stopped_at and pk in then and not then[pk].stopped_at}  # fmt: skip

    def is_issued(self, title: str) -> bool:
        return any(title in str(paper.get_kind_display()) and paper.number for paper in self.issued)

    def begins(self, names: str) -> bool:
        """Each of the terms named runs from the day on which the service counts."""
        kinds = [TERMS[name] for name in re.split("[、和]", names)]
        wanted = [(kind,) if isinstance(kind, str) else kind for kind in kinds]
        day = self.served.effective_on if self.served else None
        found = {kind for kind, clock in self.started.items() if clock.started_on == day}
        return all(set(any_of) & found for any_of in wanted)


def _case_is(state: str) -> Callable[..., bool]:
    return lambda change, _said: bool(change.after.case.state == state)


def _matter_is(*states: str) -> Callable[..., bool]:
    return lambda change, _said: change.after.matter.state in states


def _starts(kind: str) -> Callable[..., bool]:
    return lambda change, _said: kind in change.started


def _refused(*acts: str) -> Callable[..., bool]:
    return lambda change, _said: not set(acts) & change.offered()


def _offers(act: str) -> Callable[..., bool]:
    return lambda change, _said: act in change.offered()


def _is_over(change: Change, _said: Any) -> bool:
    return not change.after.case.is_open


def _back(change: Change, said: re.Match[str]) -> bool:
    """Back to the step, or where the facts have changed back to the notice."""
    again = change.after.case.state == "listing_proposed"
    return bool(again or str(change.after.case.get_state_display()) == said[1])


def _extended(change: Change, said: re.Match[str]) -> bool:
    kind = "inspection.investigation"
    (one,) = [
        c for c in change.after.clocks.values() if c.kind == kind and not c.stopped_at and not c.fired_at
    ]
    return one.due_on > change.before.clocks[one.pk].due_on and f"{one.extension.length} " in said[1] + " "


def _paid(change: Change, _said: Any) -> bool:
    one = change.after.inspection
    return (one.state == "performed") == weighing.is_settled(one)


def _quashed(change: Change, said: re.Match[str]) -> bool:
    if change.outcome != "quashed":
        return True
    over = "监察终结" not in said[1] or change.after.matter.state == "quashed"
    back = "退回案件处置" not in said[1] or change.after.case.state == "escalated"
    return over and back


def _still(change: Change, _said: Any) -> bool:
    return any(clock.kind == "penalty.payment" and clock.is_still for clock in change.after.clocks.values())


def _always(_change: Change, _said: Any) -> bool:
    """Says what somebody has to do, or what holds anyway; nothing to see at once."""
    return True


PROMISES: dict[str, Callable[[Change, Any], bool]] = {
    # --- where it goes
    "转区级审批": _case_is("district_approval"),
    "制发并送达督促参保缴费告知书": _case_is("urging"),
    "报区主管批准后由两名执法人员调查": lambda c, _: c.after.inspection.state == "filing",
    "先告知当事人并听取陈述申辩": _case_is("listing_proposed"),
    "仍未改正的可以提请列入": lambda c, _: c.after.case.state != "penalised" or "propose" in c.offered(),
    "已经改正的不再列入": _always,
    "附信用修复告知书": lambda c, _: c.is_issued("信用修复告知书"),
    "告知书和决定书逐件写明": lambda c, _: c.after.case.proofs.exists(),
    "转区级列入决定": _case_is("listing_district"),
    "转市级列入决定": _case_is("listing_city"),
    "送达后公示": _case_is("listing_service"),
    "送达生效后可以公示": _case_is("publication"),
    "在公开网页公示至期满": lambda c, _: c.after.case.state == "published" and "listing.period" in c.started,
    "期满自动移出": _always,
    "退回补正": _case_is("correction"),
    "点名的问题会出现在网格员的手机上": lambda c, _: c.after.case.finding.visit.task.state == "returned",
    "由(?:社区复核员说明|劳动监察员补正列入材料)后报回": _case_is("correction"),
    "(?:其余)?回到“(.+)”": _back,
    "事实有变的重新告知": _always,
    "案件终止|案件结案|结案": _is_over,
    "不列入名单": _case_is("not_listed"),
    "案件退回处置": _case_is("escalated"),
    "案件回到待处置": _case_is("escalated"),
    "可以申请立案": lambda c, _: c.after.case.state == "escalated",
    "监察终结|监察办理结束": lambda c, _: not c.after.matter.is_open,
    "维持的继续履行": lambda c, _: c.outcome != "upheld" or c.after.matter.is_open,
    "撤销处罚决定的(.+)": _quashed,
    "维持的不变": lambda c, _: c.outcome != "upheld" or c.after.matter.state == c.before.matter.state,
    "处罚不停止执行|结果登记前处罚决定照常有效": lambda c, _: c.after.matter.state == c.before.matter.state,
    "送法制审核": _matter_is("legal_review"),
    "并须集体讨论": lambda c, _: weighing.is_weighty(c.after.inspection, _law()),
    "转集体讨论": _matter_is("collective"),
    "转负责人决定": _matter_is("deciding"),
    "退回调查或者重新听取陈述申辩": _matter_is("investigating", "noticed"),
    "审核和讨论重新进行": lambda c, _: c.after.matter.reviewed_at is None,
    "调查终结": _matter_is("legal_review"),
    "另行通知听证": _matter_is("hearing"),
    "向人民法院提交": _matter_is("court"),
    "缴清即履行完毕": _paid,
    "送达满规定天数后": lambda c, _: c.served and c.after.matter.held_on > c.served.effective_on,
    "按通知的日期开始稽核": _matter_is("examining"),
    "报区级审批": _offers("approve"),
    "回到稽核人员": _offers("draft"),
    "收到答复后可以提出稽核意见": _offers("draft"),
    "稽核和案件以已改正办结": lambda c, _: c.after.audit.state == "corrected" and not c.after.case.is_open,
    "稽核和案件办结": lambda c, _: c.after.audit.closed_at is not None and not c.after.case.is_open,
    "等待答复": lambda c, _: c.after.case.transfers.latest("pk").is_open,
    "移送征收机构": lambda c, _: c.is_issued("欠费移送函"),
    "不再等待税务答复": lambda c, _: not c.after.case.transfers.latest("pk").is_open,
    # --- documents
    "(?:编号并)?生成(.+书)": lambda c, said: c.is_issued(said[1]),
    "打印后送达": lambda c, _: any(paper.pk not in {s.notice_id for s in c.after.services.values()} for paper in c.issued),
    "立案审批表存卷": lambda c, _: c.is_issued("立案审批表"),
    "已制发的文书一并撤回": lambda c, _: c.withdrawn and all(notice.withdrawn_at for notice in c.after.notices.values()),
    "列入文书一并撤回": lambda c, _: any("列入" in str(paper.get_kind_display()) for paper in c.withdrawn),
    "撤回原通知书": lambda c, _: bool(c.withdrawn),
    "重新编号制发": lambda c, _: c.is_issued("听证通知书"),
    "送达情况存卷": lambda c, _: c.served is not None,
    # --- terms
    "(.+)自送达次日起算": lambda c, said: c.begins(said[1]),
    "调查期限自今日起算": lambda c, _: c.started["inspection.investigation"].started_on == today(),
    "作出决定的期限起算": _starts("inspection.decision"),
    ".+内送达": _starts("inspection.service"),
    "听证申请期停止计算": lambda c, _: "inspection.hearing_request" in c.stopped,
    "陈述申辩期照常": lambda c, _: "inspection.statement" not in c.stopped,
    "送达期限停止计算": lambda c, _: bool(c.stopped),
    "延长 (.+)": _extended,
    "只能一次": _refused("extend"),
    "至复议或诉讼结束前缴纳期限中止": _still,
    "(?:至复议或诉讼结束前)?不催告": _refused("demand"),
    "(?:期间)?不申请强制执行": _refused("court"),
    # --- what is kept
    "出现在网格员手机的这一户": lambda c, _: any(notice.asked_at for notice in c.after.notices.values()),
    "从网格员手机上撤下": lambda c, _: not any(notice.asked_at for notice in c.after.notices.values()),
    "改由本人送达并登记": _offers("serve-urging"),
    "须逐条答复": lambda c, _: bool(c.after.listing.defence_on),
    "申辩期满后随材料送法制审核|随材料由法制审核": lambda c, _: bool(c.after.listing.defence_answer),
    "须复核并答复": _offers("answer"),
    "(?:重新告知后)?随案卷(?:送|由)法制审核": lambda c, _: bool(c.after.matter.statement_answer),
    "按裁量档次计算罚款": lambda c, _: c.after.matter.fine is not None and bool(c.after.matter.tier),
    "由参加人各自发表意见": lambda c, _: c.after.matter.opinions.filter(said_at=None).exists(),
    "记入集体讨论记录": lambda c, _: c.after.matter.opinions.exclude(said_at=None).exists(),
    "(.+) 举行听证": lambda c, said: said[1] == str(c.after.matter.hearing_on) and bool(c.after.matter.hearing_noticed_on),
    "改由另一名执法人员办理": lambda c, _: c.after.matter.officers != c.before.matter.officers,
    "工作记录、询问笔录或者调取资料": _always,
    "由另一名执法人员签认后作为证据|由另一名执法人员签认后可以送法制审核": _offers("second"),
    "两名执法人员均已签名": lambda c, _: c.after.matter.records.exclude(seconded_at=None).exists(),
    "入卷": lambda c, _: c.after.matter.records.exists(),
    "按险种登记人数和基数": lambda c, _: c.after.matter.findings.exists(),
    "欠缴金额自动计算": lambda c, _: c.after.matter.findings.latest("noted_at").reckoning is not None,
    "再次登记以新的为准": _always,
    "加密入卷": lambda c, _: bool(c.after.matter.roster),
    "作为文书附件只送达单位": _always,
    "单独告知、单独处罚": lambda c, _: c.after.matter.persons.exists(),
    "期限与单位分开计算": lambda c, _: not c.started and not c.stopped,
    "写明拒绝、阻碍的经过": lambda c, _: bool(c.after.audit.closed_why),
    "回避或者调离": lambda c, _: c.after.matter.auditors != c.before.matter.auditors,
    "指定两名稽核人员": lambda c, _: len(set(c.after.audit.auditors)) == 2,
    # --- duties and rights that hold anyway
    "上门送达后登记|有疑问的由您核定|单位在窗口可以看到|不得因此加重处罚|不能更改|(?:仍)?须在听证 .+前送达|"
    "送达后 .+仍不履行|复议、诉讼期限也已届满的|可以申请强制执行|加处罚款停止计算|生效后登记|送有权处理的机关": _always,
}  # fmt: skip


def _law() -> Any:
    from grid.law.queries import the_law

    return the_law(today())


def clauses_of(sentence: str) -> list[str]:
    return [clause for clause in re.split("[，；。]", sentence) if clause]


def broken(sentence: str, change: Change) -> Iterator[str]:
    """The clauses that nobody checks, and those that did not come about."""
    for clause in clauses_of(sentence):
        found = [(said, keeps) for form, keeps in PROMISES.items() if (said := re.fullmatch(form, clause))]
        if not found:
            yield f"a promise nobody checks: {clause}"
        elif not all(keeps(change, said) for said, keeps in found):
            yield f"promised and not kept: {clause}"
