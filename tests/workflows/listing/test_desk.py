"""The file of an entry at the desk: what it shows to whom, and its acts through the page."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from grid.calendar.now import today
from grid.scope import Role
from grid.territory.models import Posting
from tests.papers import PDF
from workflows.cases.models import Case, CaseState
from workflows.listing.models import Listing
from workflows.listing.models.appeals import Objection
from workflows.remedies.models import Remedy
from workflows.sanctions.models import Sanction, SanctionOrder

Listed = Callable[..., Listing]


def test_the_file_shows_which_fact_answers_which_condition(listed: Listed, cast: Any, client: Any) -> None:
    listing = listed()
    client.force_login(cast.ma)
    page = client.get(f"/listings/{listing.code}/").content.decode()
    assert "违规办理超过20人次" in page and "违规办理社会保险业务（人次）：25" in page
    assert listing.subject.name in client.get("/listings/").content.decode()
    for state in ("on", "objected", "repair", "off"):
        assert (listing.code in client.get("/listings/", {"state": state}).content.decode()) is (
            state == "on"
        )


def test_outside_the_territory_it_is_not_there(listed: Listed, cast: Any, client: Any) -> None:
    listing = listed()
    for who, status in (("han", 404), ("feng", 404), ("wang", 404), ("zheng", 200), ("zhao", 200)):
        client.force_login(getattr(cast, who))
        assert client.get(f"/listings/{listing.code}/").status_code == status, who
        assert (listing.code in client.get("/listings/").content.decode()) is (status == 200)
    client.logout()
    assert client.get(f"/listings/{listing.code}/").status_code == 302


def test_acts_through_the_page(listed: Listed, cast: Any, client: Any, measures: dict[str, Sanction]) -> None:
    listing = listed()
    at = f"/listings/{listing.code}/"
    client.force_login(cast.zhou)
    assert client.post(f"{at}object/", {"text": ""}).status_code == 422
    assert client.post(f"{at}object/", {"text": "人数有误"}).status_code == 302
    assert client.post(f"{at}nothing/", {}).status_code == 404
    given = {"target": "listing", "kind": "review", "body": "市政府", "filed_on": today().isoformat()}
    assert client.post(f"{at}remedy/", given).status_code == 302
    client.force_login(cast.ma)
    answer = {"verdict": "corrected", "checked": "已核", "answer": "部分成立", "correction": ""}
    assert client.post(f"{at}answer-objection/", answer).status_code == 422
    assert client.post(f"{at}answer-objection/", answer | {"correction": "24人"}).status_code == 302
    assert client.post(f"{at}stay/", {"number": "停1号"}).status_code == 302
    closing = {"outcome": "upheld", "number": "复1号", "decided_on": today().isoformat()}
    assert client.post(f"{at}close-remedy/", closing).status_code == 302
    chosen = {"measures": [measures["3"].pk, measures["26"].pk]}
    assert client.post(f"{at}sanctions/", chosen).status_code == 302
    assert client.post(f"{at}sanctions/", {"measures": [measures["5"].pk]}).status_code == 422
    assert client.post(f"{at}repair/", {"evidence": "a", "commitment": "b"}).status_code == 409
    assert client.post(f"{at}decide-repair/", {"granted": "1", "reason": "x"}).status_code == 409
    assert Objection.objects.get().verdict == "corrected"
    assert Remedy.objects.get().outcome == "upheld"
    assert SanctionOrder.objects.count() == 3
    page = client.get(at).content.decode()
    assert "市财政局" in page and "24人" in page


def test_the_case_page_proposes_on_what_the_inspector_found(
    case_at: Callable[..., Case], cast: Any, client: Any, grounds: Any
) -> None:
    case = case_at(CaseState.PENALISED)
    client.force_login(cast.zhou)
    given = {"at": case.state, "ground": grounds["5-2"].pk, "facts": "事实", "persons": "25"}
    assert client.post(f"/cases/{case.code}/propose/", given).status_code == 409, "nothing proves it"
    document = {"at": case.state, "kind": "record", "issued_on": today(), "issuer": "经办机构"}
    document["papers"] = SimpleUploadedFile("笔录.pdf", PDF)
    assert client.post(f"/cases/{case.code}/prove/", document).status_code == 302
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "经办机构" in page and grounds["5-2"].title in page
    assert grounds["17-1"].title not in page and grounds["5-4"].title not in page
    assert client.post(f"/cases/{case.code}/propose/", given).status_code == 302
    assert Listing.objects.get(case=case).circumstances == {"persons": "25"}


def test_the_legal_office_edits_and_nobody_else(db: None, cast: Any, client: Any, measures: Any) -> None:
    at = "/sanctions/measures/5/"
    for who in ("ma", "zhou", "feng"):
        client.force_login(getattr(cast, who))
        assert client.get(at).status_code == 403
        assert client.get("/sanctions/measures/").status_code == 200
    Posting.objects.filter(person=cast.zheng).update(role=Role.LEGAL)
    client.force_login(cast.zheng)
    assert client.get(at).status_code == 200
    assert (
        client.post(at, {"basis": "《某法》第一条", "in_national_list": "on", "why": ""}).status_code == 422
    )
    given = {"basis": "《某法》第一条", "in_national_list": "on", "why": "2026年版清单列入"}
    assert client.post(at, given).status_code == 302
    now_so = Sanction.objects.get(code="5", valid_to=None)
    assert now_so.may_be_chosen and now_so.pk != measures["5"].pk
    assert "《某法》第一条" in client.get(at).content.decode()
