"""To whom a paper sends its party: a desk of the body that signs and decides."""

from collections.abc import Callable

import pytest
from django.test import Client

from grid.calendar.now import today
from grid.offices.models import Body, Part
from grid.offices.queries import office_at
from tests.approving import approved
from tests.cast import GRID_1
from tests.workflows.conftest import Walk
from workflows.cases.actions import issue_notice
from workflows.cases.models import Case, CaseState
from workflows.notices.letters import Signer, letter_of, letters
from workflows.notices.models import NoticeKind
from workflows.notices.queries import contact_of

DESKS = {Signer.CITY: "法规科", Signer.DISTRICT: "劳动保障监察大队", Signer.AGENCY: "稽核科"}


def test_law_12_every_paper_names_a_desk_of_who_decides(law: None) -> None:
    """行政处罚法44、45条: an office set up for a drive decides nothing; 12333 stands beside the desk's own line."""
    for letter in letters():
        office = office_at(letter.signer.code_in(GRID_1), today())
        contact = contact_of(letter.kind, office)
        assert contact.office.startswith(office.need(letter.signer.part).name), letter.title
        assert contact.office.endswith(DESKS[letter.signer]) and contact.office != office.office
        assert contact.phone != "12333" and contact.also == "12333" and "以公告为准" not in contact.address


@pytest.mark.parametrize("kind", [NoticeKind.ORDER, NoticeKind.AUDIT_NOTICE, NoticeKind.LISTING_DECISION])
def test_law_12_without_a_desk_the_party_turns_to_the_body_itself(law: None, kind: NoticeKind) -> None:
    Body.objects.filter(part__in=(Part.INSPECTORATE, Part.AUDIT_DESK, Part.LEGAL_DESK)).delete()
    signer = letter_of(kind).signer
    office = office_at(signer.code_in(GRID_1), today())
    contact = contact_of(kind, office)
    assert contact.office == office.need(signer.part).name and contact.phone == office.phone
    assert contact.also == ""


def test_law_12_the_paper_and_the_window_say_so(
    make_case: Callable[..., Case], walk: Walk, client: Client
) -> None:
    case = walk.to(make_case(), CaseState.URGING)
    notice = approved(issue_notice(case, by=walk.by.zhao))
    told = notice.values["letter"]["contact"]
    assert told["office"].endswith("劳动保障监察大队") and told["also"] == "12333"
    page = client.get(f"/v/{notice.code}/unit/").content.decode()
    assert told["office"] in page and "专班" not in page
