"""Listings as the journeys come to them: onto the list, sanctions, the window, what is true of every end.

listing = lists(way, case)
(order,) = punishes(way, case, "3")
answers(way, order, "done")
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grid.calendar.now import today
from grid.calendar.rules import add_months
from grid.ledger.models import Entry
from grid.scope import Role
from grid.territory.models import Person, Posting
from tasks.findings.models import Finding, FindingState
from tests.cast import SINCE
from tests.journeys.outside import Employer, WorkersPhone
from tests.journeys.stages import pays, publishes
from tests.journeys.way import Desk, Way, at, remembered
from tests.papers import PDF
from tests.workflows.conftest import Walk
from workflows.cases.models import Case, CaseState
from workflows.counter.models import Kind, Submission, SubmissionState
from workflows.engine.actions.stuck import find_stuck
from workflows.listing.models import Ground, Listing
from workflows.notices.letters import kinds_not_to_party
from workflows.notices.models import Notice, NoticeKind
from workflows.sanctions.actions.loading import load_shipped_sanctions
from workflows.sanctions.models import Sanction, SanctionOrder

FRAUD, UNREGISTERED = "5-2", "5-1"
WORDS = "已经改正违法行为、履行义务"
FOUND = {"persons": 25, "gain": 30000}
# Who answers for a department.
LIAISONS = {
    "cai": ("财小青", "市财政局"),
    "yi": ("易市", "市市场监管局"),
    "fa": ("法改", "市发展和改革委员会"),
    "ren": ("任社", "市人力资源和社会保障局"),
}


@pytest.fixture
def penalised(way: Way, make_case: Callable[..., Case]) -> Case:
    """A case whose fine was imposed, served, paid and made public; what it was imposed for is still not corrected. How a case
    gets that far through the pages is told in test_lawful_ends.py."""
    grounds = {ground.code: ground for ground in Ground.objects.all()}
    walk = Walk(way.cast, grounds)
    case: Case = way.remembers(lambda: walk.to(make_case(), CaseState.PENALISED), "penalised")
    pays(way, case, Decimal(30000))
    publishes(way, case)
    return case


@pytest.fixture
def with_phone(way: Way, penalised: Case) -> Case:
    """The unit's registered mobile, noted by zhao on the page of its contacts."""
    given = {"number": "13804730012", "holder": "张三", "source": "法定代表人到场登记"}
    page = reverse("contacts", args=[penalised.code])
    way.remembers(lambda: way.zhao.does(page, "phone", **given) and None, "phone")
    return penalised


@pytest.fixture
def liaisons(cast: Any) -> None:
    load_shipped_sanctions()
    for name, (full_name, department) in LIAISONS.items():
        person = Person.objects.create_user(name, full_name=full_name)
        post = {"role": Role.LIAISON, "area_id": "1503", "department": department, "valid_from": SINCE}
        Posting.objects.create(person=person, **post)
        setattr(cast, name, person)


# --- the way onto the list -----------------------------------------------------------------------


@remembered
def tells(way: Way, case: Case, code: str = FRAUD) -> Notice:
    """Proven, proposed by zhou; ma gives the notice of the city, zhou serves it, the defence runs."""
    proves(way, case, code)
    found = FOUND if code == FRAUD else {}
    facts = "伪造劳动关系为25人办理参保" if code == FRAUD else "经处罚后仍不办理社会保险登记"
    ground = Ground.objects.get(code=code).pk
    way.zhou.does(at.case(case), "propose", ground=ground, facts=facts, **found)
    way.ma.does(at.case(case), "notice")
    way.zhou.serves(at.case(case), "serve-notice")
    return standing(case, NoticeKind.LISTING_NOTICE)


def proves(way: Way, case: Case, code: str) -> None:
    """A look again once the term of the penalty is over; a judgment where no penalty comes first."""
    if code == FRAUD:
        of = {
            "kind": "judgment",
            "number": "（2026）内0302刑初1号",
            "issued_on": today(),
            "issuer": "海勃湾区法院",
            "papers": SimpleUploadedFile("判决书.pdf", PDF),
        }
        way.zhou.does(at.case(case), "prove", **of)
        return
    over_on = case.inspections.latest("pk").due_on
    assert over_on is not None
    if today() <= over_on:
        way.goes_to(over_on + timedelta(days=1))
    seen = {
        "on": today(),
        "place": "登记住所",
        "officer_1": "周正",
        "officer_2": "何敏",
        "why": "12名职工仍未参保",
        "papers": SimpleUploadedFile("复查记录.pdf", PDF),
    }
    way.zhou.does(at.case(case), "look", **seen)


@remembered
def decides(way: Way, case: Case) -> Listing:
    """Reviewed, decided by district and city, served and published, each by somebody else."""
    way.fang.does(at.case(case), "review", opinion="事实清楚，程序合法")
    way.qian.does(at.case(case), "decide-district")
    way.ma.does(at.case(case), "decide-city")
    way.zhou.serves(at.case(case), "serve-decision")
    way.ma.does(at.case(case), "publish")
    return Listing.objects.select_related("subject", "ground").get(case=case)


def lists(way: Way, case: Case, code: str = FRAUD) -> Listing:
    tells(way, case, code)
    way.waits(case, "listing.defence")
    return decides(way, case)


def punishes(way: Way, case: Case, *codes: str) -> list[SanctionOrder]:
    """ma chooses measures; each department concerned has an order to answer."""
    chosen = list(Sanction.objects.filter(code__in=codes).values_list("pk", flat=True))
    way.ma.does(at.listing(case), "sanctions", measures=chosen)
    return list(SanctionOrder.objects.filter(listing__case=case).order_by("pk"))


def answers(way: Way, order: SanctionOrder, answer: str, **given: Any) -> None:
    """The liaison of the order's department finds it and answers it."""
    name = next(name for name, (_full, office) in LIAISONS.items() if office == order.department)
    desk, page = getattr(way, name), reverse("sanction-order", args=[order.pk])
    assert waits(desk, order.listing.case)
    desk.does(page, "answer", answer=answer, **given)
    assert not waits(desk, order.listing.case)


def waits(desk: Desk, case: Case) -> bool:
    """Whether something about this unit waits in the inbox."""
    return case.subject.name in desk.opens("/").words


def standing(case: Case, kind: str) -> Notice:
    """The newest document of a kind."""
    return case.notices.filter(kind=kind).latest("pk")


def hands_over(way: Way, case: Case, *acts: str) -> None:
    """zhou finds in the inbox what was decided, and serves it: each by its act on the case's page."""
    for act in acts:
        assert waits(way.zhou, case)
        way.zhou.serves(at.case(case), act)
    assert not waits(way.zhou, case)


def handles(way: Way, submission: Submission, answer: str) -> None:
    """zhou takes over what came in at the window, and answers it; what is said to the city's notice, fang."""
    page = reverse("counter-submission", args=[submission.receipt])
    desk = way.fang if submission.kind == Kind.STATEMENT else way.zhou
    assert submission.receipt in desk.opens("/").words
    desk.does(page, "take")
    desk.does(page, "answer", answer=answer)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.ANSWERED


# --- what is true of every end ---------------------------------------------------------------------


def over(way: Way, case: Case, state: str) -> Case:
    """Nothing runs, nobody is asked, nothing stands still, every paper is kept and reached its addressee, and the
    ledger proves it all."""
    case = Case.objects.get(pk=case.pk)
    assert case.state == state and not case.is_open
    assert case.closed_why in way.qian.opens(at.case(case)).words
    way.signs()
    way.nothing_runs(case)
    way.nobody_is_asked(case)
    papers_went_out(case)
    way.papers_are_kept(case)
    way.ledger_proves(case)
    assert find_stuck() == []
    return case


def papers_went_out(case: Case) -> None:
    """Each was handed over or taken back, and of no number one was left out: what was refused took none."""
    given = defaultdict(list)
    for number in case.notices.order_by("pk").values_list("number", flat=True):
        series, place = number.removesuffix("号").split("〕")
        given[series].append(int(place))
    assert all(places == [*range(1, len(places) + 1)] for places in given.values()), dict(given)
    left = case.notices.filter(service=None, withdrawn_at=None).exclude(kind__in=kinds_not_to_party())
    assert not list(left.values_list("kind", "number"))


def told(case: Case, verb: str) -> int:
    return Entry.objects.filter(case=case.code, verb=verb).count()


# --- at the window and at the door -----------------------------------------------------------------


def at_window(case: Case, kind: str = NoticeKind.LISTING_DECISION) -> Employer:
    """The unit comes in with the newest document of a kind in its hand."""
    return Employer(standing(case, kind)).enters()


def looks(way: Way, phone: WorkersPhone, case: Case, **answers: Any) -> None:
    """wang sees for himself, and zhao confirms what he saw."""
    assert "信用修复" in phone.door(case)["why"]
    phone.visits(case, **answers)
    seen = Finding.objects.get(subject=case.subject, state=FindingState.OPEN)
    assert waits(way.zhao, case) and not waits(way.ma, case)
    way.zhao.does(reverse("finding", args=[seen.pk]), "confirm", remark="与照片一致")
    assert waits(way.ma, case)


def reaches_repair(way: Way, listing: Listing) -> date:
    """To the first day on which repair may be applied for."""
    assert listing.decided_on
    way.goes_to(add_months(listing.decided_on, 12) + timedelta(days=1))
    return today()


def hears(way: Way, case: Case, words: str, answer: str) -> Submission:
    """What the unit says in its defence at the window is in the file, weighed and answered."""
    handed = at_window(case, NoticeKind.LISTING_NOTICE).hands_in("statement", words)
    handles(way, handed, answer)
    assert words in way.wu.opens(at.case(case)).words
    way.fang.does(at.case(case), "answer", text=answer)
    return handed
