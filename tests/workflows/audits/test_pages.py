"""The page of an audit and the liaison's pages: who sees what, what the buttons do, how many queries."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from grid.calendar.now import now, today
from tests.approving import approve_all
from tests.reading import words_of
from tests.workflows.audits.conftest import TAX, Auditing, go_to, record, short
from workflows.audits import actions, queries
from workflows.audits.acts import offers
from workflows.audits.models import AuditState
from workflows.cases.models import Case, CaseState
from workflows.notices.models import NoticeKind

SERVED = {"way": "direct", "receiver": "张三", "receiver_role": "法定代表人"}


def offered(case: Case, viewer: Any) -> list[str]:
    case.refresh_from_db()
    audits = queries.audits_of(case)
    file = queries.file_of(audits[0]) if audits else None
    return [offer.name for offer in offers(viewer, case, file)]


def test_the_page_offers_lawful_acts_only(auditing: Auditing, case: Case, cast: Any) -> None:
    by = cast.by
    auditing.walk.to(case, CaseState.ESCALATED)
    assert offered(case, by.tang) == offered(case, by.qian) == ["open"]
    assert offered(case, by.sun) == offered(case, by.zheng) == []
    audit = actions.open_audit(case, auditing.pair, by=by.tang)
    assert "serve-notice" not in offered(case, by.tang)
    approve_all(case)
    assert offered(case, by.tang) == ["serve-notice", "obstruct"]
    assert offered(case, by.qian) == ["serve-notice", "replace"]
    auditing.at_noticed(audit)
    assert offered(case, by.jiang) == ["record", "finding", "roster", "obstruct"]
    actions.note_record(audit, record(), by=by.tang)
    actions.note_finding(audit, "injury", short(), by=by.tang)
    assert "findings" in offered(case, by.jiang)
    actions.issue_findings(audit, by=by.tang)
    auditing.serve(audit, NoticeKind.AUDIT_FINDINGS)
    assert offered(case, by.tang) == ["record", "finding", "roster", "answer"]
    auditing.draft(audit)
    assert offered(case, by.qian) == ["approve", "return", "replace"]
    auditing.approve(audit)
    assert offered(case, by.tang) == ["record", "serve-opinion"]
    auditing.serve(audit, NoticeKind.AUDIT_OPINION)
    assert offered(case, by.tang) == ["correct"]
    auditing.walk.wait(case, "audit.correction")
    assert offered(case, by.tang) == ["correct", "transfer", "propose"]
    audit.refresh_from_db()
    actions.transfer_to_tax(audit, TAX, "欠缴", by=by.tang)
    assert offered(case, by.tang) == []
    assert offered(case, by.qian) == ["recall"]


def press(client: Client, case: Case, name: str, expect: int = 302, **given: Any) -> Any:
    if "served_on" in given:
        approve_all(case)
    answer = client.post(f"/cases/{case.code}/audit/{name}/", given)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


def test_a_clean_result_is_previewed_issued_and_served(
    auditing: Auditing, case: Case, client: Client, cast: Any
) -> None:
    audit = auditing.to(case, AuditState.EXAMINING)
    actions.note_record(audit, record(), by=cast.by.tang)
    client.force_login(cast.qian)
    preview = f"/cases/{case.code}/preview/{NoticeKind.AUDIT_CLEAR}/"
    assert client.post(preview, {}).status_code == 422
    words = words_of(client.post(preview, {"why": "差额人员为退休返聘"}).content)
    assert "稽核结果告知书" in words and "差额人员为退休返聘。" in words and "预览" in words
    assert not case.notices.filter(kind=NoticeKind.AUDIT_CLEAR).exists()
    press(client, case, "clear", at="examining", why="差额人员为退休返聘")
    page = client.get(f"/cases/{case.code}/audit/").content.decode()
    assert "尚未送达，请送达单位并登记" in page and "稽核结果告知书送达期限" in page
    approve_all(case)
    assert offered(case, cast.by.tang) == offered(case, cast.by.qian) == ["serve-result"]
    assert offered(case, cast.by.sun) == offered(case, cast.by.wang) == []
    path = queries.path_of(queries.file_of(queries.audits_of(case)[0]))
    assert [stage.state for stage in path] == ["noticed", "examining", "clean"]
    client.force_login(cast.tang)
    press(client, case, "serve-result", at="clean", served_on=today(), **SERVED)
    page = client.get(f"/cases/{case.code}/audit/").content.decode()
    assert "请送达单位并登记" not in page and offered(case, cast.by.tang) == []


def test_a_whole_audit_by_its_buttons(auditing: Auditing, case: Case, client: Client, cast: Any) -> None:
    auditing.walk.to(case, CaseState.ESCALATED)
    client.force_login(cast.tang)
    page = client.get(f"/cases/{case.code}/audit/").content.decode()
    assert "开展社会保险稽核" in page and "蒋伟" in page
    press(client, case, "open", auditor_1=cast.tang.pk, auditor_2=cast.jiang.pk)
    press(client, case, "serve-notice", at="noticed", served_on=today(), **SERVED)
    go_to(case.audits.get().held_on)
    client.force_login(cast.tang)
    press(client, case, "record", kind="work", on=today(), text="查阅工资表")
    lacking = press(client, case, "finding", 422, insurance="injury", month_from="2026-01")
    assert "month_to" in lacking.content.decode()
    found = {"month_from": "2026-01", "month_to": "2026-10", "heads_due": 12, "heads_insured": 4}
    press(client, case, "finding", insurance="injury", base_due="6000", base_declared="6000", **found)
    press(client, case, "findings")
    press(client, case, "serve-findings", at="examining", served_on=today(), **SERVED)
    press(client, case, "answer", on=today(), text="两人已离职")
    press(client, case, "draft", orders="", heard="不影响认定")
    client.force_login(cast.qian)
    press(client, case, "approve", remark="同意")
    client.force_login(cast.jiang)
    press(client, case, "serve-opinion", at="informed", served_on=today(), **SERVED)
    auditing.walk.wait(case, "audit.correction")
    client.force_login(cast.jiang)
    press(client, case, "transfer", at="opinion", department=TAX, why="期满仍欠缴")
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "960.00" in page and TAX in page
    transfer = queries.transfers_for(cast.by.feng).get()
    client.force_login(cast.feng)
    assert "欠费移送" in client.get("/transfers/").content.decode()
    assert client.get(f"/transfers/{transfer.pk}/letter/").headers["Content-Type"] == "application/pdf"
    given = {"kind": "collected", "on": today(), "amount": "960"}
    assert client.post(f"/transfers/{transfer.pk}/answer/", given).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.TRANSFERRED
    assert "已征收入库" in client.get(f"/transfers/{transfer.pk}/").content.decode()


def test_an_overtaken_page_decides_nothing(auditing: Auditing, case: Case, client: Client, cast: Any) -> None:
    auditing.to(case, AuditState.EXAMINING)
    client.force_login(cast.tang)
    answer = press(client, case, "obstruct", 409, at="noticed", why="拒绝")
    assert "现在" in answer.content.decode() or "办理" in answer.content.decode()


def test_an_opinion_drafted_anew_is_not_approved_unread(
    auditing: Auditing, case: Case, client: Client, cast: Any
) -> None:
    audit = auditing.draft(auditing.to(case, AuditState.INFORMED))
    shown = now().timestamp()
    actions.draft_opinion(audit, "补缴全部欠费", "", by=cast.by.tang)
    client.force_login(cast.qian)
    press(client, case, "approve", 409, at="informed", shown=shown)
    press(client, case, "approve", 302, at="informed", shown=now().timestamp())


def test_who_sees_the_pages(auditing: Auditing, case: Case, client: Client, cast: Any) -> None:
    transfer = auditing.transferred(case)
    address = f"/cases/{case.code}/audit/"
    assert client.get(address).status_code == 302
    seen = {"zhao": 200, "sun": 200, "qian": 200, "tang": 200, "wu": 200, "zheng": 200}
    for name, status in (seen | {"chen": 404, "han": 404, "wang": 404, "feng": 404}).items():
        client.force_login(getattr(cast, name))
        assert client.get(address).status_code == status, name
    seen = {"tang": 200, "qian": 200, "zheng": 200, "feng": 200, "han": 404, "chen": 404, "wang": 404}
    for name, status in seen.items():
        client.force_login(getattr(cast, name))
        assert client.get(f"/transfers/{transfer.pk}/").status_code == status, name
        assert client.get(f"/transfers/{transfer.pk}/letter/").status_code == status, name
    for name, status in {"feng": 200, "han": 200, "tang": 200, "wang": 403}.items():
        client.force_login(getattr(cast, name))
        assert client.get("/transfers/").status_code == status, name
    client.force_login(cast.qian)
    given = {"kind": "received", "on": today()}
    assert client.post(f"/transfers/{transfer.pk}/answer/", given).status_code == 404


def test_queries_of_the_pages(
    auditing: Auditing,
    make_case: Callable[..., Case],
    client: Client,
    cast: Any,
    django_assert_max_num_queries: Any,
) -> None:
    cases = [make_case() for _ in range(3)]
    for case in cases:
        auditing.transferred(case)
    client.force_login(cast.feng)
    with django_assert_max_num_queries(9):
        client.get("/transfers/")
    client.force_login(cast.tang)
    with django_assert_max_num_queries(22):
        client.get(f"/cases/{cases[0].code}/audit/")
