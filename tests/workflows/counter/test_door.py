"""Getting in: a code to the registered phone, a few tries, a short while; nothing to be learnt from outside."""

import re
from datetime import timedelta
from time import monotonic

import pytest
from django.test import Client

from grid.calendar.now import moved_to, now
from grid.codes import Purpose, fresh_code
from grid.ledger.models import Entry
from tests.workflows.counter.conftest import Employer
from workflows.cases.models import CaseState
from workflows.counter.models import EntryCode
from workflows.counter.rules import ASKING_SECONDS, MOST_TRIES, PER_ADDRESS, PER_EMPLOYER
from workflows.counter.sweeping import forget_codes
from workflows.reminders.actions import retire_phone
from workflows.reminders.models import Message, Phone


@pytest.fixture
def outside(make_case, walk, with_phone):
    return Employer(with_phone(walk.to(make_case(), CaseState.TERM)))


def plain(answer):
    """A page without what changes from one load to the next."""
    changing = r'(value|X-CSRFToken)[^>]*?"[A-Za-z0-9]{64}"|编号：[0-9a-f]{10}'
    return re.sub(changing, "", answer.content.decode())


def test_the_code_on_the_phone_lets_in_once(outside):
    assert outside.asks().headers["Location"] == outside.at() + "?asked=1"
    code = outside.read()
    assert outside.types(code).headers["Location"] == outside.at("matter/")
    assert "要求您做什么" in outside.sees()
    assert Entry.objects.filter(verb="employer.entered", case=outside.case.code).count() == 1
    another = Client()
    assert another.post(outside.at(), {"code": code}).status_code == 422


def test_the_code_is_kept_nowhere_in_the_open(outside):
    outside.asks()
    code, row = outside.read(), EntryCode.objects.get()
    assert code not in f"{row.digest}{row.salt}{row.address}"
    told = "".join(str(entry.data) for entry in Entry.objects.filter(case=outside.case.code))
    assert code not in told and "13804730012" not in told


def test_what_is_kept_of_a_code_goes_after_a_week_though_nobody_asks_again(outside):
    outside.asks()
    row = EntryCode.objects.get()
    assert forget_codes(row.asked_at - timedelta(seconds=1)) == 0
    assert forget_codes(row.asked_at + timedelta(seconds=1)) == 1 and not EntryCode.objects.exists()


def test_the_verify_page_leads_to_the_door(outside):
    page = outside.browser.get(f"/v/{outside.notice.code}").content.decode()
    assert outside.at() in page


def test_five_wrong_tries_and_the_right_one_is_worth_nothing(outside):
    outside.asks()
    code = outside.read()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(MOST_TRIES):
        assert outside.types(wrong).status_code == 422
    assert outside.types(code).status_code == 422
    assert outside.browser.get(outside.at("matter/")).status_code == 302


def test_a_code_is_over_after_ten_minutes_and_when_a_newer_one_came(outside):
    outside.asks()
    first = outside.read()
    with moved_to(now() + timedelta(minutes=11)):
        assert outside.types(first).status_code == 422
        outside.asks()
        second = outside.read()
        if first != second:
            assert outside.types(first).status_code == 422
        assert outside.types(second).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "1234567", "' OR 1"])
def test_what_is_no_code_is_refused(outside, typed):
    outside.asks()
    assert outside.types(typed).status_code == 422


def test_without_a_phone_everything_looks_the_same(make_case, walk, with_phone, settings):
    known = Employer(with_phone(walk.to(make_case(), CaseState.TERM)))
    unknown = Employer(walk.to(make_case(), CaseState.TERM), address="10.0.0.2")
    settings.DEMO = False  # the demo alone shows the code
    pages = []
    for employer in (known, unknown):
        asked = employer.asks()
        after, wrong = employer.browser.get(employer.at() + "?asked=1"), employer.types("000000")
        pages.append([
            asked.status_code, after.status_code, wrong.status_code,
            *(plain(page).replace(employer.notice.code, "").replace(employer.notice.number, "") for page in (after, wrong)),
        ])  # fmt: skip
    assert pages[0] == pages[1]
    assert "电话" in pages[1][3] and "地址" in pages[1][3]
    assert Message.objects.filter(subject=unknown.case.subject).count() == 0


def test_asking_takes_as_long_whether_a_phone_is_on_file_or_not(make_case, walk, with_phone, monkeypatch):
    """What is left to wait is slept: whoever measures finds the floor, and the work below it stays unseen."""
    waited = []
    monkeypatch.setattr("workflows.counter.views.employer.sleep", waited.append)
    for employer in (
        Employer(with_phone(walk.to(make_case(), CaseState.TERM))),
        Employer(walk.to(make_case(), CaseState.TERM), address="10.0.0.2"),
    ):
        started = monotonic()
        employer.asks()
        spent = monotonic() - started
        assert spent + waited[-1] >= ASKING_SECONDS
    assert len(waited) == 2


def test_no_code_opens_where_no_phone_is_on_file(make_case, walk, monkeypatch):
    employer = Employer(walk.to(make_case(), CaseState.TERM))
    monkeypatch.setattr("workflows.counter.actions.entering.secrets.randbelow", lambda most: 123456)
    employer.asks()
    assert employer.types("123456").status_code == 422


def test_a_number_out_of_use_gets_nothing(outside, cast):
    retire_phone(Phone.objects.get(), "换号", by=cast.by.zhao)
    outside.asks()
    assert Message.objects.count() == 0


def test_asking_has_a_limit_for_the_employer_from_wherever(outside):
    for number in range(PER_EMPLOYER):
        assert Employer(outside.case, address=f"10.1.0.{number}").asks().status_code == 302
    refused = Employer(outside.case, address="10.1.1.1").asks()
    assert refused.status_code == 429 and "分钟后再试" in refused.content.decode()
    with moved_to(now() + timedelta(minutes=61)):
        assert outside.asks().status_code == 302


def test_asking_has_a_limit_for_the_address_about_whomever(outside, make_case, walk):
    EntryCode.objects.bulk_create(
        EntryCode(
            notice=outside.notice, subject=outside.case.subject, salt="", digest="", is_sent=False,
            address=_where(outside), asked_at=now(), expires_at=now(),
        )
        for _ in range(PER_ADDRESS)
    )  # fmt: skip
    other = walk.to(make_case(), CaseState.TERM)
    assert Employer(other).asks().status_code == 429
    assert Employer(other, address="10.2.0.1").asks().status_code == 302


def _where(employer):
    from grid.privacy import blind_index

    return blind_index(employer.browser.defaults["REMOTE_ADDR"], "address")


def test_the_header_of_a_proxy_is_believed_only_behind_one(outside, settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    outside.browser.post(outside.at("code/"), headers={"X-Forwarded-For": "9.9.9.9"})
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    outside.browser.post(outside.at("code/"), headers={"X-Forwarded-For": "9.9.9.9"})
    assert len(set(EntryCode.objects.values_list("address", flat=True))) == 2


def test_half_an_hour_and_the_door_is_shut(at_window):
    employer = at_window(CaseState.TERM)
    with moved_to(now() + timedelta(minutes=31)):
        for path in (
            "matter/",
            "matter/correction/",
            "receipts/SJ-1/",
            f"documents/{employer.notice.pk}.pdf",
        ):
            assert employer.browser.get(employer.at(path)).headers["Location"] == employer.at()
        late = employer.hands_in("correction", "写了很久的<说明>")
    assert late.status_code == 403 and "写了很久的&lt;说明&gt;" in late.content.decode()


def test_leaving_shuts_the_door(at_window):
    employer = at_window(CaseState.TERM)
    employer.browser.post(employer.at("leave/"))
    assert employer.browser.get(employer.at("matter/")).status_code == 302


def test_who_came_in_for_one_employer_sees_nothing_of_another(at_window):
    one, other = at_window(CaseState.TERM), at_window(CaseState.TERM)
    given = one.hands_in("correction", "已办理").headers["Location"]
    receipt = given.rstrip("/").rsplit("/", 1)[1]
    assert other.browser.get(one.at("matter/")).headers["Location"] == one.at()
    assert other.browser.get(given).headers["Location"] == one.at()
    assert other.browser.get(other.at(f"receipts/{receipt}/")).status_code == 404
    assert other.browser.get(other.at(f"documents/{one.notice.pk}.pdf")).status_code == 404
    assert other.browser.get(other.at(f"documents/{other.notice.pk}.pdf")).status_code == 200


def test_an_unknown_a_wrong_and_an_unserved_code_are_the_same_404(outside, client, db):
    unknown = fresh_code(Purpose.NOTICE)
    pages = set()
    for code in (unknown, unknown[:-1], "ABCDEFGHJKLM", "x"):
        for path in ("", "matter/", "matter/correction/", "receipts/1/", "documents/1.pdf"):
            answer = client.get(f"/v/{code}/unit/{path}")
            assert answer.status_code == 404
            pages.add(plain(answer))
        assert client.post(f"/v/{code}/unit/code/").status_code == 404
    assert len(pages) == 1


def test_a_posted_form_needs_its_token(outside):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(outside.at("code/")).status_code == 403
    assert browser.post(outside.at(), {"code": "123456"}).status_code == 403
    browser.cookies = outside.enters().browser.cookies
    assert browser.post(outside.at("matter/correction/"), {"text": "x", "signer": "x"}).status_code == 403


def test_pages_are_nobodys_search_result_and_stay_in_no_cache(at_window):
    employer = at_window(CaseState.TERM)
    for path in ("matter/", "matter/correction/", f"documents/{employer.notice.pk}.pdf"):
        answer = employer.browser.get(employer.at(path))
        assert "noindex" in answer.headers["X-Robots-Tag"] and answer.headers["Cache-Control"] == "no-store"


def test_the_session_changes_its_id_at_the_door(outside):
    outside.asks()
    before = outside.browser.session.session_key
    outside.types(outside.read())
    assert outside.browser.session.session_key != before


def test_the_demo_shows_the_code_and_nobody_else(outside, settings):
    outside.asks()
    assert outside.read() in outside.browser.get(outside.at() + "?asked=1").content.decode()
    settings.DEMO = False
    outside.asks()
    assert outside.read() not in outside.browser.get(outside.at() + "?asked=1").content.decode()
