"""What an employer hands in: kept once, with a receipt and a clock, late or not."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as Upload

from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from tests.papers import pdf
from tests.workflows.conftest import noon
from workflows.cases.models import CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.counter import actions
from workflows.counter.models import Kind, Material, Submission
from workflows.listing.models import Ground
from workflows.notices.reading import LARGEST


def receipt_page(employer, answer):
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return employer.browser.get(answer.headers["Location"]).content.decode()


def test_the_page_says_what_is_asked_and_until_when(at_window):
    employer = at_window(CaseState.TERM)
    page = employer.sees()
    clock = employer.case.clocks.get()
    assert "请为全部职工办理参保登记" in page and "在岗 12 人,自报参保 0 人" in page
    assert f"{clock.due_on.year}年{clock.due_on.month}月{clock.due_on.day}日" in page and "还有" in page
    assert "社会保险法第五十七条" in page and clock.basis in page
    assert employer.notice.number in page and "真实有效" in page and "tel:" in page


@pytest.mark.once
def test_proof_of_correction_gets_a_receipt_a_clock_and_an_entry(at_window, papers):
    employer = at_window(CaseState.TERM)
    files = [Upload("缴费.jpg", papers.jpeg), Upload("登记.pdf", papers.pdf)]
    page = receipt_page(employer, employer.hands_in("correction", "已为12人办理参保登记", files))
    made = Submission.objects.get()
    assert made.receipt in page and "已收到，待接办" in page and "缴费.jpg" in page
    assert made.kind == Kind.CORRECTION and made.is_late is False and made.due_on
    assert employer.case.clocks.get(kind="counter.correction").due_on == made.answer_due
    entry = Entry.objects.get(verb="submission.arrived")
    assert entry.case == employer.case.code and entry.actor is None and entry.actor_name == "用人单位"
    assert "张三" not in str(entry.data) and entry.personal
    assert made.receipt in employer.sees()


def test_words_and_names_are_not_readable_in_the_database(at_window, django_db_blocker):
    from django.db import connection

    employer = at_window(CaseState.TERM)
    employer.hands_in("correction", "已为12人办理")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, signer FROM workflows_submission")
        row = "".join(cursor.fetchone())
    assert "办理" not in row and "张三" not in row


def test_the_same_thing_twice_is_one(at_window, papers):
    employer = at_window(CaseState.TERM)
    first = employer.hands_in("correction", "已办理", [Upload("a.png", papers.png)])
    again = employer.hands_in("correction", " 已办理 ", [Upload("b.png", papers.png)])
    assert first.headers["Location"] == again.headers["Location"]
    assert "不必重复提交" in employer.browser.get(again.headers["Location"]).content.decode()
    assert Submission.objects.count() == Material.objects.count() == 1
    employer.hands_in("correction", "已办理", [Upload("a.jpg", papers.jpeg)])
    assert Submission.objects.count() == 2
    assert employer.case.clocks.filter(kind="counter.correction").count() == 1


def test_the_same_words_after_an_answer_are_said_anew(at_window, cast):
    employer = at_window(CaseState.TERM)
    employer.hands_in("correction", "已办理")
    employer.hands_in("correction", "另附名册")
    first = Submission.objects.earliest("pk")
    actions.take_submission(first, by=cast.by.zhao, answer="名册未见，请补正")
    employer.hands_in("correction", "另附名册")
    assert Submission.objects.count() == 2, "this one still waits"
    for _ in range(2):
        employer.hands_in("correction", "已办理")
    assert Submission.objects.count() == 3


def test_late_is_marked_told_and_kept(at_window):
    employer = at_window(CaseState.TERM)
    last = employer.case.clocks.get().due_on
    with moved_to(noon(last + timedelta(days=1))):
        employer.enters()
        form = employer.browser.get(employer.at("matter/correction/")).content.decode()
        page = receipt_page(employer, employer.hands_in("correction", "刚刚办好"))
    assert "届满" in form and "仍然收下并核实" in form
    assert "逾期提出" in page and "仍然收下并核实" in page
    made = Submission.objects.get()
    assert made.is_late and made.due_on == last


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("缴费.pdf", b"MZ program"), ("a.svg", b"<svg onload=1/>"), ("a.html", b"<html>"),
        ("a.pdf", pdf(b"/OpenAction << /S /JavaScript /JS (1) >>")),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_and_the_words_stay(at_window, name, content):
    employer = at_window(CaseState.TERM)
    answer = employer.hands_in("correction", "我写的话", [Upload(name, content)])
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and "不能接收" in page
        and "请拍照或截图后提交" in page
        and "我写的话" in page
    )
    assert Submission.objects.count() == 0


def test_too_large_is_refused(at_window, papers, monkeypatch):
    employer = at_window(CaseState.TERM)
    answer = employer.hands_in("correction", "", [Upload("a.png", papers.png + b"\x00" * LARGEST)])
    assert answer.status_code == 422 and "超过 10 MB" in answer.content.decode()
    monkeypatch.setattr("workflows.counter.views.employer.LARGEST_REQUEST", 100)
    assert employer.hands_in("correction", "x" * 200).status_code == 413
    assert Submission.objects.count() == 0


def test_nothing_is_nothing(at_window):
    employer = at_window(CaseState.TERM)
    assert employer.hands_in("correction").status_code == 422
    assert employer.hands_in("commitment", "承诺如实申报").status_code == 422  # without agreeing to it
    assert employer.hands_in("commitment", "承诺如实申报", agreed="on").status_code == 302


def test_what_is_not_lawful_now_is_not_offered(at_window):
    employer = at_window(CaseState.TERM)
    for kind in ("statement", "hearing", "objection", "repair"):
        assert employer.browser.get(employer.at(f"matter/{kind}/")).status_code == 409
        assert employer.hands_in(kind, "内容", agreed="on").status_code == 409
        assert employer.at(f"matter/{kind}/") not in employer.sees()
    assert employer.browser.get(employer.at("matter/other/")).status_code == 404


def test_a_statement_before_a_listing(at_window):
    employer = at_window(CaseState.DEFENCE)
    assert "您有权陈述和申辩" in employer.sees()
    page = receipt_page(employer, employer.hands_in("statement", "已经改正，不应列入"))
    assert "不会因为您申辩而加重处理" in page


def test_an_objection_and_a_repair_to_a_public_entry(at_window, cast):
    employer = at_window(CaseState.PUBLISHED)
    page = employer.sees()
    assert "最早" not in page and employer.at("matter/objection/") in page
    assert employer.hands_in("repair", "已改正", agreed="on").status_code == 409
    # A period longer than the shortest may be cut by a repair.
    Ground.objects.filter(code="5-1").update(months=36)
    assert "最早" in employer.sees()
    assert employer.hands_in("repair", "已改正", agreed="on").status_code == 409
    assert employer.hands_in("objection", "名称写错").status_code == 302


def test_an_unserved_document_is_not_shown_before_its_service(at_window, cast):
    from workflows.listing import actions as listings

    employer = at_window(CaseState.LISTING_PROPOSED)
    waiting = listings.give_listing_notice(employer.case, by=cast.by.ma)
    assert waiting.number not in employer.sees()
    assert employer.browser.get(employer.at(f"documents/{waiting.pk}.pdf")).status_code == 404


def test_an_answer_not_given_in_time_is_told_once(at_window):
    employer = at_window(CaseState.TERM)
    employer.hands_in("correction", "已办理")
    made = Submission.objects.get()
    with moved_to(noon(made.answer_due + timedelta(days=1))):
        fire_due_clocks()
        fire_due_clocks()
    assert Entry.objects.filter(verb="submission.overdue").count() == 1


def test_queries_do_not_grow_with_what_was_handed_in(at_window, django_assert_max_num_queries):
    employer = at_window(CaseState.TERM)
    for number in range(4):
        employer.hands_in("correction", f"第{number}次")
    with django_assert_max_num_queries(16):
        employer.sees()


def test_nobody_fills_the_disk(at_window, monkeypatch):
    employer = at_window(CaseState.TERM)
    monkeypatch.setattr("workflows.counter.rules.MOST_A_DAY", 2)
    assert [employer.hands_in("correction", f"{n}").status_code for n in range(3)] == [302, 302, 429]
    with moved_to(now() + timedelta(hours=25)):
        assert employer.enters().hands_in("correction", "第二天").status_code == 302


def test_receipts_are_numbered_without_a_gap(at_window):
    employer = at_window(CaseState.TERM)
    for number in range(3):
        employer.hands_in("correction", f"第{number}次")
        employer.hands_in("statement", "不在期限")
    numbers = list(Submission.objects.order_by("pk").values_list("receipt", flat=True))
    assert numbers == [f"SJ-150302-{today().year}-{n:06d}" for n in (1, 2, 3)]
