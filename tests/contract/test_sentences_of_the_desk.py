"""What the desks' pages say will follow, read from the page, done through its form, and looked at clause by clause.

The sentences stand in desk_sentences.py; those to an employer are tried in test_sentences_of_the_window.py, those of
a step in test_sentences_of_signing.py.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.registers.models import Row
from grid.scope import Role
from grid.subjects.models import Subject
from grid.territory.models import Posting
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask, TaskState
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.approving import approved
from tests.contract.desk_sentences import (
    READ_ELSEWHERE,
    ROOMS,
    SENTENCES,
    TEMPLATES,
    VARIABLE,
    kept,
    read,
    said,
    send,
    templates,
    written_in,
)
from tests.contract.promises import clauses_of
from tests.contract.room_promises import ROOM_PROMISES
from tests.contract.world import a_lead
from tests.doors import arrival, make_round, make_task, push
from tests.papers import PDF
from tests.tasks.visits.test_deciding_pages import tell
from tests.workflows import makers
from tests.workflows.conftest import Walk
from tests.workflows.listing.conftest import listed, measures
from tests.workflows.merging.test_pages import page_of, pair
from tests.workflows.notices.test_doorstep import asked, device, handing, take, urging
from workflows.announcements import actions as announcing
from workflows.announcements.models import Announcement
from workflows.announcements.rules import quarter_of
from workflows.cases.models import Case, CaseState
from workflows.clocks.models import Clock
from workflows.inspections.models import InspectionState
from workflows.listing.models import Ground, Listing
from workflows.notices.actions import reissue_notice
from workflows.notices.models import DoorService, Fate, Notice, NoticeKind, Service
from workflows.remedies.actions import note_remedy
from workflows.remedies.rules import Challenge
from workflows.sanctions import problems as sanctions_problems
from workflows.sanctions.actions import order_sanctions
from workflows.sanctions.models import SanctionOrder
from workflows.sanctions.queries import measure_at, selectable

__all__ = ["asked", "device", "listed", "measures", "pair", "urging"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
HERE = Path(__file__).resolve().parent
# The line that opens an act, and the form of the act right after it.
_OPENS = re.compile(
    r'class="follows">(?:(?!</summary>).)*接下来(?:(?!</summary>).)*</summary>\s*<form', re.DOTALL
)


# --- 惩戒措施 -------------------------------------------------------------------------------------


def test_another_basis_of_a_measure(
    cast: Any, listed: Callable[..., Listing], measures: dict[str, Any], client: Client
) -> None:
    Posting.objects.filter(person=cast.zheng).update(role=Role.LEGAL)
    listing = listed()
    order_sanctions(listing, [measures["3"]], by=cast.by.ma)
    before = measures["3"].basis

    def edit(code: str, **given: Any) -> str:
        page = read(client, cast.zheng, address := reverse("sanction-measure", args=[code]))
        send(client, page, address, why="新法施行", **given)
        return said(page, address)

    sentence = edit("1", basis="新法第一条", in_national_list="on")
    edit("3", basis="新法第三条")
    edit("26", basis="", in_national_list="on")
    made = order_sanctions(listing, [measure_at("1")], by=cast.by.ma)
    for code in ("3", "26"):
        with pytest.raises(sanctions_problems.SanctionUnbased):
            order_sanctions(listing, [measure_at(code)], by=cast.by.ma)
    clauses = {
        "自今日起下达的按新依据": made and {sanction.basis for sanction in made} == {"新法第一条"},
        "没有依据或者不在清单内的不能再选用": not selectable().filter(code__in=["3", "26"]).exists(),
        "已下达的措施仍按下达时的依据": SanctionOrder.objects.filter(
            sanction__code="3", basis=before
        ).exists(),
    }
    kept("sanctions/measure.html", sentence, clauses)


# --- 合并对象 -------------------------------------------------------------------------------------


def test_the_other_one_found(cast: Any, pair: tuple[Subject, Subject], client: Client) -> None:
    first, second = pair
    page = read(client, cast.zhao, f"{page_of(first)}?q=汽车修理")
    words = re.search(r"接下来：([^<]*)<", page)
    beside = read(client, cast.zhao, page_of(first, second))
    assert words and f"?other={second.pk}" in page
    clauses = {
        "两户并排核对": first.name in beside and second.name in beside and "第二户" in beside,
        "再定保留哪一个": all(re.search(rf'name="kept" value="{subject.pk}"', beside) for subject in pair),
    }
    kept("merging/search.html", words[1], clauses)


def also_of(subject: Subject, lead: Lead, rule: str) -> Lead:
    """A lead of the same comparison about another subject."""
    given = {
        "comparison": lead.comparison,
        "left": lead.left,
        "area": subject.area,
        "found_on": lead.found_on,
    }
    return Lead.objects.create(subject=subject, rule=rule, why="登记12人", clause="", **given)


def test_two_made_one(
    cast: Any, pair: tuple[Subject, Subject], make_employer: Callable[..., Subject], client: Client
) -> None:
    first, second = pair
    tell(second, "social", insured=3)
    tell(second, "market", employees=12)
    # Of one round each has a task, of the other the duplicate alone; the same of registers and of leads.
    shared, own = make_round(cast.qian), make_round(cast.qian)
    make_task(shared, first, cast.post.wang)
    twice = make_task(shared, second, cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(make_task(own, second, cast.post.wang)))
    stays = a_lead(first)
    known, moves = (also_of(second, stays, rule) for rule in ("R1", "R2"))
    page = read(client, cast.zhao, page_of(first, second))
    sentence = said(page, page_of(first))
    code = second.legacy_code
    given = {"other": second.pk, "kept": first.pk, "why": "同一家店", "sure": "on"}
    send(client, page, page_of(first), **given)
    for row in (first, second, twice, known, moves, stays):
        row.refresh_from_db()
    with_code = make_employer("老王汽配")
    old = make_employer("老王轮胎", credit_code=None, legacy_code="150302600054321")
    busy = make_employer("老王修车", credit_code=None, local_code="L-1")
    makers.make_case(cast, busy, cast.by.zhao)

    def hindered(subject: Subject, by: str) -> bool:
        answer = client.post(page_of(first), given | {"other": subject.pk})
        return answer.status_code == 409 and by in answer.content.decode()

    stands = set(Row.objects.filter(until=None).values_list("subject", "register", "line"))
    clauses = {
        "被并入一方的统一社会信用代码、注册号、名册记录、走访、任务和线索归到保留的一方":
            first.legacy_code == code and (first.pk, "social", 2) in stands and second.pk not in {pk for pk, *_ in stands}
            and Visit.objects.get(task__round=own).subject == Finding.objects.get(visit__task__round=own).subject == first
            and CheckTask.objects.get(round=own).subject == first and moves.subject == first,
        "保留的一方已有同一名册、同一轮次任务或者同类线索的以其为准":
            (first.pk, "market", 2) not in stands and twice.state == TaskState.CANCELLED
            and known.state == LeadState.DISMISSED and stays.state == LeadState.OPEN,
        "被并入一方不再计入应扩面对象": Span.objects.get(subject=second, until=None).state == "ended",
        "以往的记录不删除": Row.objects.filter(subject=second, register="social").exclude(until=None).exists()
            and Entry.objects.filter(subject=second.pk, verb="visit.recorded").exists(),
        "两户各有统一社会信用代码或者各有注册号的不能合并": hindered(with_code, "两个单位") and hindered(old, "两个单位"),
        "被并入一方有在办案件的先办结": hindered(busy, "先办结"),
    }  # fmt: skip
    kept("merging/pair.html", sentence, clauses)
    assert "合并不能撤销" in page and "不能再合并" in read(client, cast.zhao, page_of(second))


# --- 文书 -----------------------------------------------------------------------------------------


def test_a_document_issued_anew(cast: Any, urging: Notice, client: Client) -> None:
    page = read(client, cast.zhao, reverse("notice", args=[urging.pk]))
    sentence = said(page, address := reverse("notice-reissue", args=[urging.pk]))
    send(client, page, address, why="打印件损毁")
    new = Notice.objects.get(replaces=urging)
    urging.refresh_from_db()
    checked = client.get(reverse("verify", args=[urging.code])).content.decode()
    clauses = {
        "原文书撤回": urging.withdrawn_at and "已撤回" in checked,
        "核验时显示由新文号替代": re.search(rf"由此文书替代：\s*<a[^>]*>{re.escape(new.number)}<", checked),
    }
    kept("notices/notice.html", sentence, clauses)


def test_a_slip_filed(cast: Any, make_case: Callable[..., Case], walk: Walk, client: Client) -> None:
    one = walk.inspection_at(make_case(), InspectionState.ORDER_EXPIRED)
    order = one.case.notices.get(kind=NoticeKind.ORDER)
    page = read(client, cast.zhou, reverse("notice", args=[order.pk]))
    sentence = said(page, address := reverse("notice-slip-file", args=[order.pk]))
    client.post(address, {"scan": SimpleUploadedFile("回证.pdf", PDF)})
    walk.inspection_order_expired(one.case, one)
    told = one.case.notices.get(kind=NoticeKind.PENALTY_NOTICE)
    again = client.post(address, {"scan": SimpleUploadedFile("另一份.pdf", PDF)})
    clauses = {
        "归档后不能更换": again.status_code == 409
        and address not in read(client, cast.zhou, reverse("notice", args=[order.pk])),
        "文书引用送达回证": f"{order.number}及送达回证" in str(told.values["evidence"]),
    }
    kept("notices/notice.html", sentence, clauses)


def test_a_corrected_document_served(cast: Any, urging: Notice, walk: Walk, client: Client) -> None:
    walk.serve(urging, cast.by.zhao)
    new = approved(reissue_notice(urging, "人数笔误", by=cast.by.zhao, clerical=True))
    before = list(Clock.objects.values("pk", "started_on", "due_on"))
    page = read(client, cast.zhao, reverse("notice", args=[new.pk]))
    sentence = said(page, address := reverse("notice-serve", args=[new.pk]))
    given = {
        "way": "direct",
        "served_on": today().isoformat(),
        "receiver": "张三",
        "receiver_role": "法定代表人",
    }
    page = send(client, page, address, **given)
    clauses = {
        "存卷": Service.objects.get(notice=new).receiver == "张三" and "张三" in page,
        "期限仍自原文书送达次日起算": list(Clock.objects.values("pk", "started_on", "due_on")) == before
            and before[0]["started_on"] == Service.objects.get(notice=urging).effective_on,
    }  # fmt: skip
    kept("notices/notice.html", sentence, clauses)


def adopt(client: Client, who: Any, taken: DoorService, number: str) -> str:
    """Takes the visit for the service of a document, as the page says; the sentence it said."""
    page = read(client, who, reverse("door-service", args=[taken.visit.code]))
    address = reverse("adopt-service", args=[taken.visit.code])
    day = today().isoformat()
    send(client, page, address, number=number, way="direct", served_on=day, receiver="张三", why="当面核实")
    return said(page, address)


def test_a_visit_taken_for_service(cast: Any, asked: Notice, device: Any, client: Client) -> None:
    (taken,) = take(device, handing(asked, answers={"way": "direct"}, photos=()))
    sentence = adopt(client, cast.zhao, taken, asked.number)
    service, clock = Service.objects.get(), Clock.objects.get(case=asked.case)
    begun = (clock.kind, clock.started_on) == ("urging.term", service.effective_on) and clock.due_on > today()
    new = approved(reissue_notice(asked, "人数笔误", by=cast.by.zhao, clerical=True))
    (again,) = take(device, handing(new))
    adopt(client, cast.zhao, again, new.number)
    after = Clock.objects.get(case=asked.case)
    clauses = {
        "登记送达": service.notice_id == asked.pk and service.visit_id == taken.visit_id,
        "整改期限自送达次日起算": begun,
        "补正后再次送达的": Service.objects.filter(notice=new, visit=again.visit).exists(),
        "期限仍自原文书送达次日起算": (after.pk, after.started_on, after.due_on)
            == (clock.pk, clock.started_on, clock.due_on),
    }  # fmt: skip
    kept("notices/door_service.html", sentence, clauses)


def test_a_visit_laid_aside(cast: Any, asked: Notice, device: Any, client: Client) -> None:
    (taken,) = take(device, handing(asked, recorded_at=now() + timedelta(days=3)))
    page = read(client, cast.zhao, there := reverse("door-service", args=[taken.visit.code]))
    sentence = said(page, address := reverse("lay-service-aside", args=[taken.visit.code]))
    send(client, page, address, why="时间不实")
    taken.refresh_from_db()
    clauses = {
        "不作为送达": not Service.objects.exists() and taken.fate == Fate.ASIDE,
        "走访和影像存卷": taken.visit.evidence.exists() and "签名" in read(client, cast.sun, there),
    }
    kept("notices/door_service.html", sentence, clauses)


# --- 社会公布 -------------------------------------------------------------------------------------


@pytest.fixture
def propose(
    cast: Any, make_case: Callable[..., Case], walk: Walk, grounds: dict[str, Ground]
) -> Callable[[], Any]:
    def make() -> Announcement:
        penalised = walk.to(make_case(), CaseState.PENALISED)
        said = {"head": "王五", "facts": "未办理社会保险登记", "handling": "罚款30000元"}
        return announcing.propose_announcement(penalised, grounds["17-1"], **said, by=cast.by.zhou)

    return make


def test_an_announcement_proposed(
    cast: Any, make_case: Callable[..., Case], walk: Walk, grounds: dict[str, Ground], client: Client
) -> None:
    penalised = walk.to(make_case(), CaseState.PENALISED)
    page = read(client, cast.zhou, address := reverse("announcement-propose", args=[penalised.code]))
    given = {"ground": grounds["17-1"].pk, "head": "王五", "facts": "未办理登记", "handling": "罚款30000元"}
    send(client, page, address, **given)
    entry = Announcement.objects.get()
    there, decide = (reverse(name, args=args) for name, args in (
        ("announcement", [entry.code]), ("announcement-act", [entry.code, "decide"]),
    ))  # fmt: skip
    deciding = {who for who in ("zhou", "qian", "ma") if decide in read(client, getattr(cast, who), there)}
    announcing.decide_announcement(entry, by=cast.by.ma)
    batch = announcing.publish_batch("150302", by=cast.by.qian)
    entry.refresh_from_db()
    clauses = {
        "由区级或市级决定": deciding == {"qian", "ma"},
        "决定公布的": entry.batch == batch,
        "按季度公布": (batch.year, batch.quarter) == quarter_of(today()),
    }
    kept("announcements/propose.html", said(page, address), clauses)


def test_a_batch_published(cast: Any, propose: Callable[[], Any], client: Client) -> None:
    decided, stayed, undecided = propose(), propose(), propose()
    for announcement in (decided, stayed):
        announcing.decide_announcement(announcement, by=cast.by.qian)
    note_remedy(
        stayed.case, Challenge("review", "乌海市人民政府", today(), stay_number="停1号"), by=cast.by.zhou
    )
    page = read(client, cast.qian, reverse("announcements"))
    sentence = said(page, address := reverse("announcements-publish"))
    send(client, page, address, office="150302", media="乌海日报")
    for announcement in (decided, stayed, undecided):
        announcement.refresh_from_db()
    clauses = {
        "所选机关辖区内已决定、尚未公布的条目一并公布": decided.is_published and not undecided.is_published,
        "编批次号": decided.batch.number and decided.batch.office == "150302",
        "处罚停止执行期间的除外": stayed.batch is None,
    }
    kept("announcements/list.html", sentence, clauses)


# --- the law --------------------------------------------------------------------------------------


def test_no_sentence_stands_in_no_table() -> None:
    assert set(templates()) == {*SENTENCES, *READ_ELSEWHERE}
    for template, known in SENTENCES.items():
        place, words = VARIABLE.get(template, ("", ()))
        found = [said for said in written_in(template) if said != place] + [str(word) for word in words]
        assert sorted(found) == sorted(known), template
        assert not place or place in written_in(template), template


def test_every_sentence_has_its_test() -> None:
    text = "".join(path.read_text(encoding="utf8") for path in sorted(HERE.glob("test_sentences_of_*.py")))
    for template, known in SENTENCES.items():
        for sentence, test in known.items():
            body = re.search(rf"^def {test}\(.*?(?=^def |\Z)", text, re.DOTALL | re.MULTILINE)
            assert body and "kept(" in body[0], (template, sentence)


def test_what_is_read_elsewhere_is_read_there() -> None:
    """It stands where those tests look for it, before the form of its act, in words they know."""
    for template, reader in READ_ELSEWHERE.items():
        text, found = (TEMPLATES / template).read_text(encoding="utf8"), written_in(template)
        assert (HERE.parent.parent / reader).exists()
        assert len(_OPENS.findall(text)) == len(found), template
        fixed = [sentence for sentence in found if not sentence.startswith("{{")] if reader == ROOMS else []
        clauses = {
            clause for sentence in fixed for clause in clauses_of(re.sub(r"\{\{[^}]*\}\}", "15", sentence))
        }
        unread = [
            clause for clause in clauses if not any(re.fullmatch(form, clause) for form in ROOM_PROMISES)
        ]
        assert not unread, (template, unread)
