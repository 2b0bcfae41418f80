"""Strangers at the sign-in page: they shut nobody out, learn nothing, and guess a bounded number of times."""

import csv
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver

from grid.accounts import rules, sessions
from grid.accounts.actions import signing_in, tries
from grid.accounts.models import Reset, Tries
from grid.accounts.rules import NAME, NoPattern, Patience
from grid.accounts.verbs import AccountVerb
from grid.ledger.models import Entry
from grid.limits import address_of
from grid.territory.models import Person
from project import admission
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"
WRONG = "用户名或密码不正确。"
WAIT = "输错的次数较多"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()
    sessions._noted.clear()
    admission._count = admission.Count()


@pytest.fixture
def behind_proxy(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def at(address: str) -> Client:
    """A browser as nginx forwards it: the peer is the proxy, the header says who asked."""
    return Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": address})


def try_in(client: Client, name: str, password: str, **more: str) -> Any:
    return client.post(LOGIN, {"login": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def plain(answer: Any) -> str:
    """A page without what differs each time: tokens, seconds, the name typed."""
    text = re.sub(
        r'csrf\w*" value="\w+"|"X-CSRFToken": "\w+"|\d+ 秒| value="[^"]*"', "", answer.content.decode()
    )
    return str(text)


def with_totp(person: Person) -> Callable[[], str]:
    """Gives the person an authenticator app; answers what shows the code of the moment."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)

    def code() -> str:
        cache.clear()  # a code counts once; tests ask for several within half a minute
        return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))

    return code


def wear_out(name: str, tries: int = 6) -> None:
    for number in range(tries):
        try_in(at(f"66.6.{number}.6"), name, "not the password")


# --- addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, "6.6.6.6", "10.0.0.9", "10.0.0.9"),
        (1, "6.6.6.6", "127.0.0.1", "6.6.6.6"),
        (1, "1.1.1.1, 6.6.6.6", "127.0.0.1", "6.6.6.6"),
        (2, "1.1.1.1, 6.6.6.6, 10.0.0.2", "127.0.0.1", "6.6.6.6"),
        (2, "6.6.6.6", "10.0.0.2", "10.0.0.2"),
        (1, "", "10.0.0.2", "10.0.0.2"),
        (1, "<script>", "10.0.0.2", "10.0.0.2"),
        (1, "6.6.6.6\n1.1.1.1", "10.0.0.2", "10.0.0.2"),
        (1, "9" * 5000, "10.0.0.2", "10.0.0.2"),
        (1, "6.6.6.6:5123", "127.0.0.1", "6.6.6.6"),
        (1, "[2001:db8:1:2:a::1]:443", "127.0.0.1", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:ffff::9", "127.0.0.1", "2001:db8:1:2::"),
        (1, "fe80::1%eth0", "127.0.0.1", "fe80::"),
        (1, "::ffff:6.6.6.6", "127.0.0.1", "6.6.6.6"),
        (1, "", "", "0.0.0.0"),
    ],
)
def test_an_address_is_what_our_own_proxies_saw(
    rf: Any, settings: Any, proxies: int, forwarded: str, peer: str, address: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None
    settings.PROXIES = proxies or 1
    asked = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(asked) == address


def test_the_sign_in_library_and_the_record_of_attempts_ask_the_same_function(
    cast: Any, behind_proxy: None
) -> None:
    from allauth.account.adapter import get_adapter
    from axes.models import AccessAttempt

    try_in(at("2001:db8:1:2::7"), "sun", "not the password")
    assert AccessAttempt.objects.get().ip_address == "2001:db8:1:2::"
    request = at("7.7.7.7").get(LOGIN).wsgi_request
    assert get_adapter().get_client_ip(request) == address_of(request) == "7.7.7.7"


# --- wrong passwords ----------------------------------------------------------------------------------


def test_a_flood_from_one_address_stops_nobody_elsewhere(
    cast: Any, behind_proxy: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(signing_in, "ADDRESS", replace(rules.ADDRESS, free=8))
    stranger = at("66.6.6.6")
    for number in range(10):
        answer = try_in(stranger, f"unknown-{number}", "not the password")
    assert WAIT in answer.content.decode()
    home = at("10.1.1.1")
    assert try_in(home, "sun", PASSWORD).status_code == 302 and is_in(home)


def test_strangers_at_one_account_stop_no_other(cast: Any, behind_proxy: None) -> None:
    wear_out("qian")
    other = at("66.6.1.6")
    try_in(other, "zhao", PASSWORD)
    assert is_in(other)


def test_an_account_makes_wait_and_locks_nobody_out(cast: Any, behind_proxy: None) -> None:
    wear_out("qian")
    home = at("10.2.2.2")
    assert WAIT in try_in(home, "qian", PASSWORD).content.decode() and not is_in(home)
    Tries.objects.update(next_at=Tries.objects.first().counted_at - timedelta(seconds=1))
    try_in(home, "qian", PASSWORD)
    assert is_in(home)


def test_what_is_not_judged_makes_the_wait_no_longer(cast: Any, behind_proxy: None) -> None:
    wear_out("qian", 20)
    assert max(Tries.objects.values_list("weight", flat=True)) <= NAME.free + 1


def test_known_and_unknown_names_are_answered_alike(cast: Any, behind_proxy: None) -> None:
    code = with_totp(cast.qian)
    wear_out("qian", 4)
    wear_out("nobody-here", 4)
    first = [try_in(at("10.0.0.1"), name, "not the password") for name in ("qian", "nobody-here")]
    assert {answer.status_code for answer in first} == {200}
    assert plain(first[0]) == plain(first[1]) and WRONG in plain(first[0])
    answers = [
        try_in(at("10.0.0.2"), "nobody-here", "not the password"),
        try_in(at("10.0.0.2"), "nobody-here", "not the password", code="123456"),
        try_in(at("10.0.0.2"), "qian", "not the password"),
        try_in(at("10.0.0.2"), "qian", PASSWORD),
        try_in(at("10.0.0.2"), "qian", "not the password", code=code()),
        try_in(at("10.0.0.2"), "qian", PASSWORD, code="12345x"),
    ]
    assert len({plain(answer) for answer in answers}) == 1 and WAIT in plain(answers[0])
    assert {answer.status_code for answer in answers} == {200}


def test_the_second_factor_passes_while_strangers_go_on(cast: Any, behind_proxy: None) -> None:
    code = with_totp(cast.qian)
    wear_out("qian", 12)
    home = at("66.6.1.6")  # even from an address the strangers use
    assert try_in(home, "qian", PASSWORD, code=code()).status_code == 302 and is_in(home)


def test_a_recovery_code_passes_too_and_counts_once(cast: Any, behind_proxy: None) -> None:
    with_totp(cast.qian)
    code = RecoveryCodes.activate(cast.qian).get_unused_codes()[0]
    for gets_in in (True, False):
        wear_out("qian")
        home = at("10.2.2.2")
        try_in(home, "qian", PASSWORD, code=code)
        assert is_in(home) is gets_in


def test_without_strangers_the_second_step_stands_as_ever(cast: Any, behind_proxy: None) -> None:
    code = with_totp(cast.qian)
    home = at("10.2.2.2")
    assert try_in(home, "qian", PASSWORD).headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(home)
    assert home.post("/accounts/2fa/authenticate/", {"code": code()}).status_code == 302 and is_in(home)


def test_a_botnet_guesses_at_one_account_a_bounded_number_of_times() -> None:
    def guesses(patience: Patience, seconds: float) -> int:
        clock = weight = 0.0
        count = 0
        while clock < seconds:
            count, weight = count + 1, weight + 1
            wait = max(patience.wait(weight), 0.001 if weight < patience.free else 0)
            clock, weight = clock + wait, patience.left(weight, wait)
        return count

    assert guesses(NAME, 86_400) <= 165
    assert guesses(rules.ADDRESS, 86_400) <= 3_100


@pytest.mark.once
def test_a_whole_office_behind_one_address_gets_in_at_eight(cast: Any, rf: Any) -> None:
    """Sixty people, each mistyping once, and forty judged at the same moment."""
    people = [
        Person(username=f"office-{n}", full_name=f"示例{n}", password=cast.sun.password) for n in range(60)
    ]
    Person.objects.bulk_create(people)
    asked = rf.post(LOGIN, REMOTE_ADDR="10.9.9.9")
    for person in people:
        signing_in.judge(asked, person.username, "mistyped at first", "")
    address = tries.key_of("address", "10.9.9.9")
    assert not any(tries.take(address, rules.ADDRESS) for _ in range(40))
    for person in people:
        assert signing_in.judge(asked, person.username, PASSWORD, "").person == person
    assert admission.KNOCKS >= 60 * 5


def test_one_address_may_not_keep_the_hashes_busy(db: None, one_minute: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(admission, "KNOCKS", 20)
    answers = [try_in(Client(), "x", "y").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert try_in(Client(REMOTE_ADDR="10.1.1.9"), "x", "y").status_code == 200


# --- passwords ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    ["heheheheheh", "1234567890", "abcdefghijk", "qwertyuiop", "1qaz2wsx3edc", "aaaaaaaaaaA1", "abc123abc123",
     "admin123456", "9876543210a", "Qwerty12345", "onlysmallletterz"],
)  # fmt: skip
def test_a_pattern_is_no_password(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NoPattern().validate(password)
    assert "密码" in refused.value.messages[0]


@pytest.mark.parametrize(
    "password", [PASSWORD, "shili-2026", "Xk9#mfTq2w", "乌海凤凰岭街道2026年", "correct horse 7 staple"]
)
def test_a_password_that_surprises_is_one(password: str) -> None:
    NoPattern().validate(password)


# --- what is mounted ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "confirm-email/abc/", "password/set/", "password/reset/done/",
     "password/reset/key/1-abc/", "login/code/", "login/code/confirm/", "2fa/trust/", "3rdparty/", "social/"],
)  # fmt: skip
def test_what_works_by_mail_is_not_there(db: None, client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}", {"email": "a@example.org"}).status_code == 404


@pytest.mark.once
def test_every_account_page_answers_everybody(cast: Any, client: Client) -> None:
    paths = [
        "/" + str(pattern.pattern) + str(two.pattern)
        for pattern in get_resolver().url_patterns
        if str(pattern.pattern) == "accounts/"
        for two in pattern.url_patterns
    ]
    for path in [path.replace("<int:pk>", "1") for path in paths]:
        assert client.get(path).status_code < 500, path
        assert client.post(path, {"email": "a@example.org"}).status_code < 500, path
    client.force_login(cast.qian)
    for path in [path.replace("<int:pk>", "1") for path in paths if "logout" not in path]:
        assert client.get(path).status_code < 500, path
        assert client.post(path, {"email": "a@example.org"}).status_code < 500, path


# --- the gate -----------------------------------------------------------------------------------------

DESK = ["/", "/cases/", "/areas/150302/", "/devices/", "/audit/", "/public/listings/"]


def test_without_a_second_factor_nothing_of_the_desk_opens(cast: Any, client: Client, settings: Any) -> None:
    client.force_login(cast.qian)
    assert client.get("/cases/").status_code == 200
    settings.DEMO = False  # the session began before
    for path in DESK:
        assert client.get(path).headers["Location"] == "/accounts/", path
    before = Entry.objects.count()
    given = {"username": "wang", "role": "worker", "first_day": "2026-01-01"}
    refused = client.post("/areas/150302001002002/postings/new/", given)
    assert refused.status_code == 403 and "两步验证" in refused.content.decode()
    assert client.get("/cases/", headers={"HX-Request": "true"}).status_code == 403
    assert Entry.objects.count() == before
    for path in ("/accounts/", "/accounts/password/change/", "/phone/", "/accounts/2fa/totp/activate/"):
        assert client.get(path).headers.get("Location") != "/accounts/", path
    with_totp(cast.qian)
    assert client.get("/cases/").status_code == 200


def test_what_opens_without_passing_the_gate_asks_nobody_who_they_are() -> None:
    """By the table of addresses: everybody, signed in or not, has the same answer there."""
    table = Path(__file__).parent.parent / "contract" / "access.csv"
    with table.open(encoding="utf8") as file:
        rows = {f"/{address}": set(codes) for address, *codes in csv.reader(file)}
    beside = tuple(path for path in admission.OPEN if path != admission.ACCOUNTS)
    known = {path: codes for path, codes in rows.items() if path.startswith(beside)}
    assert known and {path: codes for path, codes in known.items() if len(codes) > 1} == {}


def test_recovery_codes_alone_are_no_second_factor(cast: Any, client: Client, settings: Any) -> None:
    settings.DEMO = False
    RecoveryCodes.activate(cast.qian)
    client.force_login(cast.qian)
    assert client.get("/").headers["Location"] == "/accounts/"


def test_setting_up_an_app_opens_the_desk_and_ends_sessions_elsewhere(
    cast: Any, client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DEMO = False
    elsewhere = Client()
    elsewhere.force_login(cast.qian)
    try_in(client, "qian", PASSWORD)
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    client.post(asked.redirect_chain[-1][0], {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/cases/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    row = Authenticator.objects.get(user=cast.qian, type=Authenticator.Type.TOTP)
    assert secret not in str(row.data)
    assert Entry.objects.filter(verb=AccountVerb.FACTOR_ADDED).exists()


def test_a_given_password_opens_only_the_page_that_changes_it(cast: Any, client: Client) -> None:
    Person.objects.filter(pk=cast.sun.pk).update(password_given=True)
    try_in(client, "sun", PASSWORD)
    for path in [*DESK, "/accounts/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]:
        assert client.get(path).headers["Location"] == "/accounts/password/change/", path
    assert client.post("/cases/approvals/decide/").status_code == 403
    new = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert "不能与现在的密码相同" in client.post("/accounts/password/change/", new).content.decode()
    new |= {"password1": "heheheheheh", "password2": "heheheheheh"}
    assert "太有规律" in client.post("/accounts/password/change/", new).content.decode()
    new |= {"password1": "beim-Tor-1948", "password2": "beim-Tor-1948"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert client.get("/cases/").status_code == 200
    assert Entry.objects.filter(verb=AccountVerb.PASSWORD_CHANGED).count() == 1


# --- forgotten passwords and lost telephones ----------------------------------------------------------


def help_at(cast: Any, name: str) -> str:
    return f"/people/{getattr(cast, name).pk}/sign-in/"


def code_from(cast: Any, giver: str, name: str) -> str:
    desk = Client()
    desk.force_login(getattr(cast, giver))
    given = desk.post(help_at(cast, name) + "code/", {"code-reason": "忘了密码"})
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", given.content.decode())
    assert found and given["Cache-Control"] == "private, no-store"
    assert found.group() not in desk.get(help_at(cast, name)).content.decode()
    return found.group()


def set_by(code: str, name: str = "sun", password: str = "beim-Tor-1948") -> Any:
    given = {"username": name, "code": code, "password": password, "again": password}
    return Client().post("/accounts/password/reset/", given)


def test_a_one_time_code_sets_a_new_password_once(cast: Any, client: Client) -> None:
    client.force_login(cast.sun)
    code = code_from(cast, "qian", "sun")
    assert client.get("/").status_code == 200  # nobody is put out by a code they did not ask for
    assert code.replace("-", "") not in str(Reset.objects.values())
    assert set_by(code, password="1234567890").status_code == 422
    assert set_by(code.lower()).headers["Location"] == LOGIN
    assert client.get("/").status_code == 302
    assert set_by(code, password="noch-ein-Tor-1948").status_code == 422
    try_in(client, "sun", PASSWORD)
    assert not is_in(client)
    home = client.post(LOGIN, {"login": "sun", "password": "beim-Tor-1948"}, follow=True).content.decode()
    assert "钱卫东" in home and "重置码" in home
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == [AccountVerb.PASSWORD_CODE_GIVEN, AccountVerb.PASSWORD_SET_BY_CODE]


def test_a_code_is_short_lived_bounded_and_replaced(cast: Any) -> None:
    first, second = code_from(cast, "qian", "sun"), code_from(cast, "qian", "sun")
    same = {plain(set_by(*pair)) for pair in ((first, "sun"), ("ABCD-EFGH-JKMN", "nobody"), (second, "zhao"))}
    assert len(same) == 1
    Reset.objects.update(tries=rules.CODE_TRIES)
    assert set_by(second).status_code == 422
    late = code_from(cast, "qian", "sun")
    Reset.objects.update(expires_at=Reset.objects.first().at - timedelta(seconds=1))
    assert set_by(late).status_code == 422
    for _ in range(rules.RESET.free):
        answer = set_by("ABCD-EFGH-JKMN")
    assert "尝试的次数较多" in answer.content.decode()


def test_the_second_factor_outlives_a_new_password(cast: Any, client: Client) -> None:
    with_totp(cast.sun)
    set_by(code_from(cast, "qian", "sun"))
    assert try_in(client, "sun", "beim-Tor-1948").headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


def test_a_lost_telephone_is_helped_by_who_manages_the_post(cast: Any, client: Client) -> None:
    with_totp(cast.sun)
    client.force_login(cast.sun)
    desk = Client()
    desk.force_login(cast.qian)
    assert desk.post(help_at(cast, "sun") + "factor/", {"factor-reason": " "}).status_code == 422
    assert desk.post(help_at(cast, "sun") + "factor/", {"factor-reason": "手机丢失"}).status_code == 200
    assert not Authenticator.objects.filter(user=cast.sun).exists()
    assert client.get("/").status_code == 302
    told = client.post(LOGIN, {"login": "sun", "password": PASSWORD}, follow=True).content.decode()
    assert "钱卫东" in told and "解除了您的两步验证" in told
    assert Entry.objects.get(verb=AccountVerb.FACTOR_TAKEN_AWAY).data["reason"] == "手机丢失"
    assert desk.post(help_at(cast, "sun") + "factor/", {"factor-reason": "再来"}).status_code == 409


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [("qian", "qian", 409), ("sun", "wang", 403), ("qian", "wu", 404), ("han", "sun", 404), ("wu", "qian", 200),
     ("zheng", "sun", 403), ("qian", "zhou", 200)],
)  # fmt: skip
def test_who_may_help_whom(cast: Any, client: Client, who: str, whom: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(help_at(cast, whom)).status_code == status
    given = client.post(help_at(cast, whom) + "code/", {"code-reason": "忘了密码"})
    assert given.status_code == status
    assert Reset.objects.count() == (status == 200)


def test_a_post_in_the_district_makes_no_one_of_the_city_the_districts(
    cast: Any, client: Client, city: Any
) -> None:
    cast.wu.postings.create(role="worker", area=city["150302001002001"], valid_from="2026-01-01")
    client.force_login(cast.qian)
    page = f"/people/{cast.wu.pk}/sign-in/"
    assert client.get(page).status_code == 403
    assert client.post(page + "code/", {"code-reason": "试"}).status_code in (403, 404)


# --- sessions -----------------------------------------------------------------------------------------


def ends_in(client: Client) -> float:
    row = Session.objects.get(pk=client.session.session_key)
    return row.expire_date.timestamp() - time.time()


def test_a_session_ends_unused_and_after_half_a_day_however_used(
    cast: Any, client: Client, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sessions, "EVERY", 0)
    settings.SESSION_IDLE_SECONDS = 1800
    try_in(client, "sun", PASSWORD)
    assert 1790 < ends_in(client) <= 1800
    Session.objects.update(expire_date=Session.objects.get().expire_date - timedelta(seconds=1000))
    client.get("/", headers={"HX-Request": "true"})
    assert ends_in(client) < 801
    client.get("/", headers={"HX-Request": "true", "X-By-Hand": "1"})
    assert ends_in(client) > 1790
    kept = client.session
    kept[sessions.BEGAN] = time.time() - settings.SESSION_COOKIE_AGE + 60
    kept.save()
    client.get("/")
    assert ends_in(client) <= 60
    Session.objects.update(expire_date=Session.objects.get().expire_date - timedelta(seconds=61))
    assert client.get("/cases/").headers["Location"] == f"{LOGIN}?next=/cases/"


def test_a_form_from_an_ended_session_is_not_lost(cast: Any, client: Client) -> None:
    client.force_login(cast.sun)
    Session.objects.all().delete()
    answer = client.post(
        "/cases/approvals/decide/", {}, headers={"Referer": "http://testserver/cases/approvals/"}
    )
    assert answer.status_code == 401 and "回到刚才的页面" in answer.content.decode()


def test_parts_of_a_page_are_not_replaced_by_a_sign_in_form(cast: Any, client: Client) -> None:
    client.force_login(cast.sun)
    Session.objects.all().delete()
    assert client.get("/cases/", headers={"HX-Request": "true"}).status_code == 204


def test_ones_own_sessions_are_listed_and_can_be_ended(cast: Any) -> None:
    here, there, third = (
        Client(headers={"User-Agent": f"Mozilla/5.0 (Windows NT 10.0) {agent}/129"})
        for agent in ("Chrome", "Firefox", "Edg")
    )
    for client in (here, there, third):
        try_in(client, "sun", PASSWORD)
    page = here.get("/accounts/").content.decode()
    assert all(name in page for name in ("Chrome · Windows", "Firefox · Windows", "Edge · Windows"))
    pk = re.search(r"sessions/(\d+)/end/", page)
    assert pk
    stranger = Client()
    stranger.force_login(cast.zhao)
    assert stranger.post(f"/accounts/sessions/{pk.group(1)}/end/").status_code == 404
    assert here.post(f"/accounts/sessions/{pk.group(1)}/end/").status_code == 302
    assert sorted(client.get("/").status_code for client in (here, there, third)) == [200, 200, 302]
    assert here.post("/accounts/sessions/others/end/").status_code == 302
    assert [client.get("/").status_code for client in (here, there, third)] == [200, 302, 302]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_signing_in_leads_nowhere_else(cast: Any, client: Client, target: str) -> None:
    assert try_in(client, "sun", PASSWORD, next=target).headers["Location"] == "/"


def test_a_planted_session_is_worth_nothing(cast: Any, client: Client) -> None:
    client.get(LOGIN)
    client.session.save()
    planted = client.session.session_key
    try_in(client, "sun", PASSWORD)
    assert is_in(client) and client.session.session_key != planted
