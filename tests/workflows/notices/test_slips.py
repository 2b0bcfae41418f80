"""送达回证 on paper: printed blank from the page of a document, signed, and its scan taken back once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from tests.approving import approved
from tests.papers import PDF, PNG
from tests.reading import words_of
from tests.workflows.conftest import Walk, paper
from workflows.cases.models import Case, CaseState
from workflows.notices import problems as notices_problems
from workflows.notices.actions import slips
from workflows.notices.models import Notice, NoticeKind


@pytest.fixture
def urging(case_at: Callable[..., Case], walk: Walk, cast: Any) -> Notice:
    """Issued and approved, and not served yet."""
    from workflows.cases import actions

    return approved(actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao))


def test_law_24_a_blank_slip_is_printed_from_the_page(urging: Notice, client: Any, cast: Any) -> None:
    client.force_login(cast.zhao)
    address = reverse("notice-slip-blank", args=[urging.pk])
    assert address in client.get(reverse("notice", args=[urging.pk])).content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    words = words_of(answer.content)
    assert "送达人签名" in words and f"{urging.number}（1份）" in words
    client.force_login(cast.han)
    assert client.get(address).status_code == 404


def test_law_24_what_stays_on_file_has_no_slip(case_at: Callable[..., Case], client: Any, cast: Any) -> None:
    case = case_at(CaseState.PENALISED)
    client.force_login(cast.zhou)
    filing = case.notices.get(kind=NoticeKind.FILING)
    assert client.get(reverse("notice-slip-blank", args=[filing.pk])).status_code == 404


def test_law_24_a_service_says_who_handed_it_over_and_where(urging: Notice, client: Any, cast: Any) -> None:
    client.force_login(cast.zhao)
    given = {
        "at": urging.case.state, "way": "direct", "served_on": today().isoformat(), "receiver": "张三", "place": "前台",
        "server_1": "赵敏", "server_2": "王建国",
    }  # fmt: skip
    served = client.post(reverse("case-act", args=[urging.case.code, "serve-urging"]), given)
    assert served.status_code == 302
    page = client.get(reverse("notice", args=[urging.pk])).content.decode()
    assert "赵敏、王建国" in page and "前台" in page and "尚未归档" in page


def test_law_24_the_signed_slip_comes_back_once(urging: Notice, walk: Walk, client: Any, cast: Any) -> None:
    client.force_login(cast.zhao)
    address, page = (reverse(name, args=[urging.pk]) for name in ("notice-slip-file", "notice"))
    with pytest.raises(notices_problems.SlipTooEarly):
        slips.file_slip(urging, paper(), by=cast.by.zhao)
    walk.serve(urging, cast.by.zhao)
    assert client.get(reverse("notice-slip", args=[urging.pk])).status_code == 404
    odd = client.post(address, {"scan": SimpleUploadedFile("回证.pdf", b"no paper")})
    two = [SimpleUploadedFile("1.pdf", PDF), SimpleUploadedFile("2.png", PNG)]
    for answer in (odd, client.post(address, {}), client.post(address, {"scan": two})):
        assert answer.status_code == 422
    assert client.post(address, {"scan": SimpleUploadedFile("回证.pdf", PDF)}).status_code == 302
    slip = client.get(reverse("notice-slip", args=[urging.pk]))
    assert b"".join(slip.streaming_content) == PDF
    assert "归档送达回证" not in client.get(page).content.decode()
    entry = Entry.objects.get(verb="notice.slip_filed")
    assert entry.data["sha256"] == paper().sha256
    with pytest.raises(notices_problems.SlipFiled):
        slips.file_slip(urging, paper(), by=cast.by.zhao)
    for person in (cast.by.qian, cast.by.han):
        with pytest.raises((problems.NotYourPost, problems.NotHere)):
            slips.file_slip(urging, paper(), by=person)


def test_law_24_a_photo_of_the_slip_is_handed_out_as_a_picture(
    urging: Notice, walk: Walk, client: Any, cast: Any
) -> None:
    walk.serve(urging, cast.by.zhao)
    client.force_login(cast.zhao)
    scan = {"scan": SimpleUploadedFile("回证.png", PNG)}
    assert client.post(reverse("notice-slip-file", args=[urging.pk]), scan).status_code == 302
    answer = client.get(reverse("notice-slip", args=[urging.pk]))
    assert answer["Content-Type"].startswith("image/") and "attachment" in answer["Content-Disposition"]
