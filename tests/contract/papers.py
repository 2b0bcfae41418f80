"""Whether a paper would stand before a court: nothing its law demands is missing, and nothing it says is contradicted by
the record, by the table of the law, or by itself.

    faults_of_paper(notice) → the faults, in words; none where it may be served
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from grid.calendar.now import day_of, today
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.law.rules.asked import _table as asked_table
from grid.law.rules.mandate import cited as named
from grid.registers.actions import Meaning, import_delivery
from grid.scope import Actor
from grid.subjects.models import Subject
from tests.reading import words_of
from workflows.inspections import documents as penalties
from workflows.inspections.models import Inspection
from workflows.listing.models import Ground
from workflows.notices.documents import STATUTES, Citation, Document, citation, cited
from workflows.notices.letters import letters
from workflows.notices.models import Notice
from workflows.notices.models import NoticeKind as K
from workflows.notices.queries.checklist import missing_in
from workflows.remedies.models import Remedy

# The duties an audit finds broken (workflows/audits/rules.py: breached).
AUDITED = ("社会保险法第五十八条第一款", "社会保险法第六十条第一款")
DAY = r"\d{4}-\d\d-\d\d"
# What shows that the paper was set from something that was not there, or was meant for nobody outside.
INTERNAL = re.compile(r"待法制审核|正式使用前|预览|None|\{\w*\}|〓")
PADDED = re.compile(r"年0\d月|月0\d日|〕0\d*号")
TWICE = re.compile(r"(《[^《》]+》)第[^《》。；，]{1,24}?[、和]\1第")
SUM = re.compile(r"(?<![\d,.])(-?[\d,]*\d(?:\.\d+)?)元")
ONE_WAY = re.compile(r"-?\d{1,3}(,\d{3})*\.\d\d")
# Of a table's cell the figure stands right behind that of the cell before.
ENDS_SO = re.compile(ONE_WAY.pattern + "$")
SHORT = re.compile(f"《({'|'.join(STATUTES)})》")
UNHEARD, UNCHALLENGED = "没有提出陈述、申辩", re.compile(r"没有申请行政复议|没有提起行政诉讼")
UNCORRECTED = re.compile(r"仍未|至今未")
PAPER = re.compile(rf"《[^《》]+》(\S+?〔\d{{4}}〕\d+号)(?:及(送达回证)|（({DAY}) 送达）)")


def faults_of_paper(notice: Notice) -> list[str]:
    values = notice.values
    found = chain(
        (f"缺{element.what}（{element.field}）" for element in missing_in(notice.kind, values)),
        _words(values),
        _clauses(notice),
        _sums(values),
        _days(values),
        _cited_papers(notice),
        _record(notice),
    )
    return [f"{notice.number} {notice.get_kind_display()}：{fault}" for fault in found]


def faults_in_print(notice: Notice) -> list[str]:
    """What only the set page shows; half a second for ten of them."""
    text = words_of((Path(settings.FILES) / notice.path).read_bytes())
    # The number of each page stands between two lines.
    text = re.sub(r"—\d+—", "", text.replace("示例数据", ""))
    wrong = [f"印出“{hit}”" for hit in {*INTERNAL.findall(text), *PADDED.findall(text)}]
    wrong += [f"条文两次冠名：{found[0]}" for found in TWICE.finditer(text)]
    wrong += [f"数额写法：{sum_}元" for sum_ in SUM.findall(text) if not ENDS_SO.search(sum_)]
    wrong += [f"法名不全：{name}" for name in SHORT.findall(text)]
    # The sheet of a filing has boxes that are filled in by hand.
    wrong += ["印出“—”"] if notice.kind != K.FILING and re.search(r"(?<!—)—(?!—)", text) else []
    return [f"{notice.number} {notice.get_kind_display()}：{fault}" for fault in wrong]


def values_of(data: Document) -> dict[str, Any]:
    """A paper's values as they are kept."""
    kept: dict[str, Any] = json.loads(json.dumps(asdict(data), cls=DjangoJSONEncoder))
    return kept


def known_to_the_market(unit: Subject, folder: Path, *, by: Actor) -> None:
    """The business register says where the unit is and who represents it."""
    head = "统一社会信用代码,企业名称,登记状态,企业类型,住所,成立日期,法定代表人"
    row = f"{unit.credit_code},{unit.name},存续,有限责任公司,{unit.address},2015-03-01,张建国"
    file = folder / "市场监管.csv"
    file.write_text(f"{head}\n{row}\n", encoding="utf8")
    import_delivery(Meaning("market", settings.CITY, today()), file, by=by)


# --- the words ---------------------------------------------------------------------------------------


def strings_of(values: Any) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, Mapping):
        for name, value in values.items():
            if name != "code":
                yield from strings_of(value)
    elif isinstance(values, list):
        for value in values:
            yield from strings_of(value)


def _words(values: Any) -> Iterator[str]:
    for text in strings_of(values):
        if INTERNAL.search(text) or PADDED.search(text):
            yield f"内部标记或者未写完的字：{text}"
        if TWICE.search(text):
            yield f"条文两次冠名：{text}"


def _sums(values: Mapping[str, Any]) -> Iterator[str]:
    if {"fine", "surcharge", "paid", "total"} <= values.keys():
        fine, added, paid, total = (Decimal(values[name]) for name in ("fine", "surcharge", "paid", "total"))
        if total != max(fine + added - paid, 0):
            yield f"合计 {total} 不是 {fine}＋{added}－{paid}"
        if added > fine:
            yield f"加处罚款 {added} 超出罚款 {fine}"
    arrears = values.get("arrears")
    if arrears and len(arrears["steps"]) > 1:
        *parts, whole = (Decimal(step["amount"]) for step in arrears["steps"])
        if sum(parts) != whole or ("owed" in values and Decimal(values["owed"]) != whole):
            yield f"测算合计 {whole}，各项之和 {sum(parts)}"


ORDERED = (
    ("filed_on", "letter.issued_on"), ("decided_on", "served_on"), ("served_on", "letter.issued_on"),
    ("listed_on", "removed_on"), ("listed_on", "applied_on"), ("about_on", "filed_on"), ("starts_on", "ends_on"),
    ("requested_on", "letter.issued_on"), ("ended_on", "letter.issued_on"), ("decided_on", "letter.issued_on"),
)  # fmt: skip


def _days(values: Mapping[str, Any]) -> Iterator[str]:
    """Nothing lies before what it follows."""
    flat = {**values, "letter.issued_on": values["letter"]["issued_on"]}
    for first, then in ORDERED:
        if flat.get(first) and flat.get(then) and flat[first] > flat[then]:
            yield f"日期颠倒：{first} {flat[first]} 晚于 {then} {flat[then]}"
    told = [text for name in ("heard", "evidence", "course") for text in values.get(name, ())]
    late = {day for text in told for day in re.findall(DAY, text) if day > flat["letter.issued_on"]}
    if late:
        yield f"所述日期晚于成文日期：{sorted(late)}"


# --- the law -----------------------------------------------------------------------------------------


def citations_in(values: Any) -> Iterator[Citation]:
    if isinstance(values, Mapping):
        if {"law", "article"} <= values.keys():
            yield Citation(values["law"], values["article"])
        for value in values.values():
            yield from citations_in(value)
    elif isinstance(values, list):
        for value in values:
            yield from citations_in(value)


def _clauses(notice: Notice) -> Iterator[str]:
    said = list(citations_in(notice.values))
    for clause in said:
        if clause not in _shipped() and clause not in _in_rows():
            yield f"法规参数以外的条文：《{clause.law}》{clause.article}"
    for name in ("breached", "basis"):
        cites = list(citations_in(notice.values.get(name, [])))
        if len(cites) != len({(clause.law, clause.article) for clause in cites}):
            yield f"同一条文引了两次：{name}"
    if notice.kind in (K.ORDER, K.PENALTY_NOTICE, K.PENALTY_DECISION) and not _belongs(notice):
        yield "义务和依据不属于同一个违法行为"


def _belongs(notice: Notice) -> bool:
    """Whether duty and power stand in one row of the table of violations."""
    power = "order" if notice.kind == K.ORDER else "punish"
    table = the_law(day_of(notice.issued_at))["inspection.violations"].value
    return any(
        [_bare(clause) for clause in citations_in(notice.values["breached"])]
        == [_bare(clause) for clause in cited(row["breached"])]
        and [_bare(clause) for clause in citations_in(notice.values["basis"])]
        == [_bare(clause) for clause in cited(row[power])]
        for row in table.values()
    )


def _bare(clause: Citation) -> Citation:
    return Citation(clause.law, clause.article)


@cache
def _shipped() -> frozenset[Citation]:
    """What stands in code: the defaults of every shape, and what the rooms choose from."""
    defaults = (
        field.default
        for letter in letters()
        for field in fields(letter.shape)
        if field.default is not MISSING
    )
    chosen = (penalties.SPARED_FOR, penalties.TRANSFERRED_FOR, [penalties.IS_SPARED])
    return frozenset(map(_bare, chain(_all_in(defaults), _all_in(chosen), cited(AUDITED))))


def _in_rows() -> frozenset[Citation]:
    """What the rows of the law and the grounds of the list say."""
    texts = [
        text for value in Provision.objects.values_list("value", flat=True) for text in strings_of(value)
    ]
    texts += [clause for rows in asked_table().values() for row in rows for clause in named(row["basis"])]
    texts += list(Ground.objects.values_list("basis", flat=True))
    return frozenset(_bare(citation(text)) for text in texts)


def _all_in(things: Any) -> Iterator[Citation]:
    if isinstance(things, Citation):
        yield things
    elif is_dataclass(things):
        yield from _all_in([getattr(things, field.name) for field in fields(things)])
    elif isinstance(things, Mapping):
        yield from _all_in(things.values())
    elif not isinstance(things, str) and hasattr(things, "__iter__"):
        for thing in things:
            yield from _all_in(thing)


# --- the record --------------------------------------------------------------------------------------


def _cited_papers(notice: Notice) -> Iterator[str]:
    """A paper said to be served was, on that day; a slip that is cited lies there."""
    served = {
        paper.number: paper.service
        for paper in notice.case.notices.filter(service__isnull=False).select_related("service")
    }
    for text in notice.values.get("evidence", ()):
        for number, slip, on in PAPER.findall(text):
            service = served.get(number)
            if service is None:
                yield f"所引文书没有送达：{number}"
            elif slip and not service.slip_sha256:
                yield f"所引送达回证不在卷：{number}"
            elif on and on != service.served_on.isoformat():
                yield f"所引送达日期不符：{number} {on}"
    for paper in notice.values.get("served", ()):
        service = served.get(paper["number"])
        if service is None or service.effective_on.isoformat() != paper["on"]:
            yield f"所列文书没有这样送达：{paper['number']}"


def _record(notice: Notice) -> Iterator[str]:
    issued_on, case, values = day_of(notice.issued_at), notice.case, notice.values
    text = "".join(strings_of(values))
    is_healed = case.healed_on is not None and case.healed_on <= issued_on
    if notice.kind in (K.DEMAND, K.COURT_APPLICATION):
        against = Remedy.objects.filter(case=case, target="penalty", filed_on__lte=issued_on)
        if UNCHALLENGED.search(text) and against.exists():
            yield "称未复议、未诉讼，而卷内有"
        if any(remedy.decided_on is None or remedy.decided_on > issued_on for remedy in against):
            yield "复议或者诉讼未终结"
    if is_healed and _denies_correction(notice):
        yield f"称仍未改正，而名册显示 {case.healed_on} 已经改正"
    inspection = _inspection_of(notice)
    if inspection is not None:
        yield from _of_inspection(notice, inspection, text, issued_on)
    if notice.kind == K.LISTING_DECISION and (UNHEARD in text) is bool(
        _said_by(case.listing.defence_on, issued_on)
    ):
        yield "申辩的记载与卷内不符"
    if notice.kind == K.AUDIT_OPINION:
        audit = case.audits.latest("pk")
        if ("没有提出意见" in text) is bool(_said_by(audit.answer_on, issued_on)):
            yield "答复的记载与卷内不符"


def _denies_correction(notice: Notice) -> bool:
    """An order asks for what is done; the others say that it is not."""
    says = (K.PENALTY_NOTICE, K.PENALTY_DECISION, K.LISTING_NOTICE, K.LISTING_DECISION)
    found = "".join(notice.values.get("found", ()))
    return notice.kind == K.ORDER or (notice.kind in says and bool(UNCORRECTED.search(found)))


def _said_by(on: date | None, until: date) -> bool:
    return on is not None and on <= until


def _inspection_of(notice: Notice) -> Inspection | None:
    """The newest that was filed by the day of the paper."""
    rows = notice.case.inspections.filter(filed_on__lte=day_of(notice.issued_at))
    return rows.order_by("-pk").first()


def _of_inspection(notice: Notice, inspection: Inspection, text: str, issued_on: date) -> Iterator[str]:
    if notice.kind in (K.PENALTY_NOTICE, K.PENALTY_DECISION):
        evidence = [record for record in inspection.records.all() if record.is_evidence]
        if not [record for record in evidence if record.on <= issued_on]:
            yield "没有两名执法人员签名的调查记录"
        if not notice.values["evidence"][-1].startswith("线索来源"):
            yield "网格走访不在证据之末"
    if notice.kind == K.PENALTY_NOTICE and inspection.hearing_owed is not bool(notice.values["hearing"]):
        yield "听证的告知与数额不符"
    if notice.kind == K.PENALTY_DECISION:
        if (UNHEARD in text) is bool(_said_by(inspection.statement_on, issued_on)):
            yield "陈述申辩的记载与卷内不符"
        if ("举行听证" in text) is not bool(_said_by(inspection.hearing_held_on, issued_on)):
            yield "听证的记载与卷内不符"
        if inspection.noticed_fine is not None and Decimal(notice.values["fine"]) > inspection.noticed_fine:
            yield "比告知的更重"
        days = [
            inspection.filed_on, inspection.ordered_on, inspection.order_expired_on, inspection.noticed_on,
            inspection.reported_on, inspection.decided_on, inspection.served_on, inspection.due_on,
        ]  # fmt: skip
        known = [day for day in days if day]
        if any(first > then for first, then in pairwise(known)):
            yield f"程序的日期颠倒：{known}"
