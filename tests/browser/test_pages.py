"""Every page of the desk and of the public, looked at in a browser as somebody who may see it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page, expect

from grid.calendar.now import now, today
from grid.offices.models import Body
from grid.operations.models import Operation
from grid.people.actions import keep_sheet
from grid.placing.batches.models import PlacingBatch
from grid.placing.bulk.actions import place_many
from grid.recut.changes.actions import draft_change
from grid.recut.changes.rules import Asked
from grid.territory.grids.models import AreaFile
from grid.territory.grids.rules.planning import NEW, Outcome
from grid.territory.models import Area
from tasks.forms import tables
from tests.browser.everybody import serious
from tests.browsers import WIDTHS
from tests.workflows.conftest import certify
from workflows.cases.models import CaseState
from workflows.listing.actions.loading import load_shipped_grounds

HEIGHT = 900
EMPLOYER = tables.current("employer").version
# Addresses that are no page of their own: forms sent, fragments, files, the phone's own app.
NOT_PAGES = {
    "form-table", "form-publish", "form-withdraw",
    "device-invite", "device-revoke", "phone", "phone-file", "phone-settings", "visit-photo", "audit-export", "audit-check",
    "ledger-key", "ledger-checkpoint", "source", "round-hand-over", "round-act", "assessment", "assessment-act",
    "assessment-response", "assessment-check", "finding-decide", "approve-many", "case-act", "inspection-act", "notice-pdf",
    "person", "person-act",
    "delivery-refused", "delivery-changes", "delivery-undo",
    "compare", "openapi", "claim-visit", "lay-aside-visit", "accept-visit", "suggestion-answer",
    "notice-slip", "notice-slip-blank", "notice-slip-file", "inspection-file", "notice-preview", "notice-reissue", "notice-serve",
    "seal-register-csv", "sign-papers", "sign-paper", "return-paper", "seal-paper",
    "adopt-service", "lay-service-aside", "collect-settings", "openrosa-forms", "openrosa-manifest",
    "calendar", "stuck-check", "openrosa-form", "openrosa-media", "openrosa-submission",
    # The employer's window is looked at from inside in test_window.py.
    "employer-enter", "employer-code", "employer-leave", "employer", "employer-hand-in", "employer-receipt",
    "employer-document", "counter", "counter-submission", "counter-take", "counter-answer", "counter-material",
    "contact-note", "contact-sms", "phone-note", "phone-act", "remind", "lapses-refresh", "lapse-phone",
    "reminder-letter", "reminder-delivered", "case-audit-act", "transfer-answer", "transfer-letter",
    "referral-file", "referral-act", "targets", "plan-act",
    "listing-act", "listing-feed-csv", "listing-feed-json", "sanction-answer", "announcement-act", "announcements-publish",
    "penalty-feed-csv", "penalty-feed-json", "disclosure-act", "hearing-file", "look-file", "proof-file",
    # A colleague brought into a step is asked, and answers, on the page of the case.
    "move-ask", "move-answer", "take-back", "flow-file",
    # Answered on the page of sign-in-help.
    "sign-in-code", "sign-in-factor", "sign-in-free",
    # A part of the page that posts somebody, and files.
    "people-names", "people-empty", "people-report",
    # Ends what the page of certificates shows; files; confirms on the page of a question.
    "certificate-end", "certificates-empty", "legal-export", "legal-confirm",
    # Asked by machines; files; acts of the pages of grids, of the pool, of offices and of the first week's list.
    "healthz", "readyz", "metrics", "ledger-handovers", "grids-table", "area-file-lines", "area-changes-table",
    "area-change-table", "area-change-rehearse", "area-change-decide", "area-change-withdraw", "vacancies-table",
    "absences-table", "people-postings", "outlines-geojson", "outlines-flaws", "pool-csv", "pool-xlsx",
    "area-file-take", "area-file-drop", "pool-again", "pool-many", "office-confirm", "checklist-close",
    "place-names-table",
    "pool-batch-lines", "areas-named",
    "listing-ground-review",
    "checklist-checkpoint",
    # Decided on the page of what was held, and of the subject.
    "accept-held", "lay-held-aside", "personal-ask", "personal-decide",
    # Sent back on the list of claims.
    "claim-refuse",
    # Buttons of the pages of a choice and of a list of codes.
    "round-choice-retire", "round-list-retire",
}  # fmt: skip


def pages_of(city: Any) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """For every person the pages to look at: (name, query, arguments)."""
    case = city.listed.code
    return {
        "zhao": [
            ("inbox", "", {}), ("findings", "", {}), ("finding", "", {"pk": city.finding.pk}),
            ("visit", "", {"code": city.finding.visit.code}),
            ("unclaimed", "", {}), ("unclaimed-visit", "", {"code": city.stray}), ("clashes", "", {}),
            ("clash", "", {"code": city.clash}), ("devices", "", {}), ("follow-ups", "", {}),
            ("follow-up-drop", "", {"pk": city.follow.pk}), ("outcomes", "", {}),
            ("hand-in", "", {}), ("subject-facts", "", {"pk": city.finding.subject_id}),
            ("subject-merge", "?q=店", {"pk": city.finding.subject_id}),
            ("subject-merge", f"?other={city.lead.subject_id}", {"pk": city.finding.subject_id}),
            ("unclaimed-visit", "", {"code": city.found}), ("cases", "", {}),
            ("door-services", "", {}), ("door-service", "", {"code": city.carried.visit.code}), ("seal-register", "", {}),
            ("case", "", {"code": city.carried.notice.case.code}),
            ("notice", "", {"pk": city.carried.notice.pk}),
            ("suggestions", "?state=all", {}), *reminder_pages(city), ("claims", "?day=all", {}),
        ],
        "sun": [
            ("inbox", "", {}), ("approvals", "", {}), ("case", "", {"code": city.new.code}), ("pool", "", {}),
            ("claims-asked", "", {}), ("claims-reply", "", {"pk": city.unplaced.pk}),
            ("coverage", "", {}), ("coverage-area", "", {"code": "150302001002"}),
            ("coverage-subjects", "", {"code": "150302001", "state": "not_sent"}),
        ],
        "qian": [
            ("round-choices", "", {}), ("round-choice", "", {"key": "dust"}), ("round-choice-new", "?from=dust", {}),
            ("round-lists", "", {}), ("round-list", "", {"pk": city.codes.pk}), ("round-list-new", "", {}),
            ("rounds-compare", f"?a={city.draft.code}&b={city.draft.code}&b_most=1", {}),
            ("rounds", "", {}), ("round-new", "?choice=dust", {}), ("round", "", {"code": city.draft.code}),
            ("round-plan", "?part=left", {"code": city.draft.code}), ("round-change", "", {"code": city.draft.code}),
            ("round", "", {"code": city.round.code}), ("round-doors", "", {"code": city.round.code}),
            ("pool-place", "", {"pk": city.unplaced.pk}), ("areas", "", {}), ("area", "", {"code": "150302001002"}),
            ("posting-new", "", {"code": "150302001002"}), ("area-merge", "", {"code": "150302001002001"}),
            ("area-split", "", {"code": "150302001002001"}),
            ("posting-end", "", {"pk": city.posting}), ("posting-absence", "", {"pk": city.posting}),
            ("absence-end", "", {"pk": city.absence}),
            ("certificates", "", {}), ("certificate-new", "", {}), ("certificates-import", "", {}),
            *duty_pages(city), ("inspection", "", {"code": city.discussed.code}), ("case", "", {"code": city.asked.code}),
        ],
        "zhou": [
            ("inbox", "", {}), ("case", "", {"code": city.penalised.code}), ("case", "", {"code": city.defence.code}),
            ("case", "", {"code": case}), ("case", "", {"code": city.transfer.case.code}),
            ("case-audit", "", {"code": city.transfer.case.code}), ("case-audit", "", {"code": case}),
            *inspection_pages(city), ("flows", "", {}), ("case-audit", "", {"code": city.examined.code}),
            ("case", "", {"code": city.examined.code}), ("case", "", {"code": city.ordered.code}),
        ],
        "wu": [
            ("case", "", {"code": city.asked.code}),
            ("registers", "", {}), ("register-upload", "", {}), ("delivery", "", {"pk": city.delivery.pk}),
            ("leads", "", {}), ("lead", "", {"pk": city.lead.pk}), ("assessment-year", "", {"year": city.year}),
            ("assessment-year", "", {"year": city.year - 1}), ("assessment-result", "", {"pk": city.result.pk}),
            ("forms", "", {}), ("form-upload", "", {}), ("form-version", "", {"code": "employer", "version": EMPLOYER}),
        ],
        "feng": [
            ("inbox", "", {}), ("referrals", "", {}), ("referral", "", {"code": city.duties.asked}),
            ("transfers", "", {}), ("transfer", "", {"pk": city.transfer.pk}),
        ],
        "fang": [
            ("law", "", {}), ("law-key", "", {"key": "inspection.tiers"}), ("law-new", "", {"key": "urging.term"}),
            ("law-review", "", {"pk": city.provision}), ("law-end", "", {"pk": city.provision}),
            ("offices", "", {}), ("office-new", "?area=150302&part=court", {}), ("office-import", "", {}),
            ("office", "", {"area": "150302", "part": "authority"}),
            ("calendar-year", "", {"year": 2026}), ("calendar-year", "", {"year": 2027}),
            ("calendar-day", "", {"year": 2026}), ("calendar-table", "", {"year": 2027}),
            ("legal", "", {}), ("legal-row", "", {"pk": city.provision}), ("legal-question", "", {"number": 3}),
        ],
        "zheng": [
            ("stuck", "", {}), ("clock", "", {"pk": city.listed.clocks.first().pk}),
            ("audit", "?q=示例", {}), ("audit-case", "", {"case": case}),
            ("audit-subject", "", {"pk": city.listed.subject_id}),
        ],
        "": [
            ("account_login", "", {}), ("account_reset_password", "", {}),
            ("public-listings", "", {}), ("public-listing", "", {"code": case}),
            ("verify-ask", "", {}), ("verify", "", {"code": city.listed.notices.first().code}),
            ("verify", "", {"code": "ABCDEFGH"}),
        ],
    }  # fmt: skip


def people_pages(person: int, sheet: int) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Of whoever gives posts: the list, somebody new, many at once; and one's own page."""
    chosen = f"?person={person}"
    return {
        "qian": [
            ("people", "", {}), ("people", "?q=没有这个人", {}), ("person", "", {"pk": person}), ("account", "", {}),
            ("person-new", "", {}), ("person-correct", "", {"pk": person}), ("people-import", "", {}),
            ("people-sheet", "", {"pk": sheet}), ("people-posts", chosen, {}), ("people-ends", chosen, {}),
            ("people-codes", "?all=1", {}), ("sign-in-help", "", {"pk": person}),
            ("posting-new", "", {"code": "150302001002"}),
        ],
    }  # fmt: skip


def grid_pages(
    file: int, office: int, operation: int, change: int, batch: int
) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """What a city begins with: grids and divisions, the pool at once, offices, what is still lacking."""
    community = {"code": "150302001002"}
    return {
        "qian": [
            ("grid-new", "", community), ("grids-import", "", community), ("grids-start", "", community),
            ("grid-change", "", {"code": "150302001002001"}), ("area-file", "", {"pk": file}),
            ("pool-groups", "", {}), ("pool-table", "", {}), ("place-names", "", {}), ("place-names-import", "", {}),
            ("operation", "", {"pk": operation}), *placing_pages(batch),
            ("area-changes", "", {}), ("area-change", "", {"pk": change}),
            ("area-change-new", "", {"code": "150302", "kind": "found"}), ("vacancies", "", {"code": "150302"}),
            ("outlines", "", community), ("outline-draw", "", community),
        ],
        "wu": [("checklist", "", {}), ("divisions-import", "", {"code": "1503"})],
        "fang": [("office-end", "", {"pk": office}), ("listing-grounds", "", {})],
    }  # fmt: skip


def square(lng: float) -> dict[str, Any]:
    corners = [[lng, 39.6], [lng + 0.01, 39.6], [lng + 0.01, 39.61], [lng, 39.61], [lng, 39.6]]
    return {"type": "Polygon", "coordinates": [corners]}


def placing_pages(batch: int) -> list[tuple[str, str, dict[str, Any]]]:
    """A road with its parts and the map, what was placed, and proposals: none."""
    return [
        ("pool-group", "?by=road&key=150302:road:和平路", {}), ("pool-groups", "?by=road", {}), ("pool-proposals", "", {}),
        ("pool-batches", "", {}), ("pool-batch", "", {"pk": batch}),
    ]  # fmt: skip


def inspection_pages(city: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """As the inspectors see them: about to tell a fine, about to be paid, over."""
    return [
        ("inspection", "", {"code": inspection.code})
        for inspection in (city.ordered, city.penalised, city.listed)
    ]


def reminder_pages(city: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Of zhao: reaching the party of a case, and those who stopped paying."""
    return [
        ("contacts", "", {"code": city.transfer.case.code}), ("lapses", "", {}), ("lapse", "", {"pk": city.lapse}),
    ]  # fmt: skip


def list_pages(city: Any) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """The rooms around the list, in `listed_city`: the city, the district, inspectors, a liaison, the law, the public."""
    entry, announced, window = city.live.code, city.announced, city.counter
    replaced, standing = city.notices
    return {
        "ma": [
            ("inbox", "", {}), ("listings", "", {}), ("listings", "?state=objected", {}), ("listings", "?text=没有", {}),
            *(("listing", "", {"code": listing.code}) for listing in (
                city.live, city.stayed, city.corrected, city.repaired, city.applied, city.served, city.owner)),
            ("sanction-orders", "?state=all", {}), ("sanction-order", "", {"pk": city.order}), ("sanction-measures", "", {}),
            ("announcements", "", {}), ("announcement", "", {"code": announced["waiting"].code}),
        ],
        "qian": [
            ("inbox", "", {}), ("listing", "", {"code": city.heard.code}),
            *(("announcement", "", {"code": proposed.code}) for proposed in announced.values()), ("announcements", "", {}),
            ("disclosures", "", {}), ("disclosure", "", {"code": city.disclosed.inspection.code}),
        ],
        "zhou": [
            ("inbox", "", {}), ("listing", "", {"code": entry}), ("announcement-propose", "", {"code": city.to_propose.code}),
            ("counter", "", {}), ("counter", "?state=all", {}),
            *(("counter-submission", "", {"receipt": submission.receipt}) for submission in window.values()),
        ],
        "treasurer": [
            ("inbox", "", {}), ("sanction-orders", "", {}), ("sanction-orders", "?state=all", {}),
            ("sanction-order", "", {"pk": city.order}), ("sanction-order", "", {"pk": city.lift}),
        ],
        "feng": [("sanction-orders", "?state=all", {}), ("sanction-order", "", {"pk": city.answered})],
        "fang": [("sanction-measure", "", {"code": "3"}), ("sanction-measure", "", {"code": "5"})],
        "zhao": [("notice", "", {"pk": replaced.pk}), ("notice", "", {"pk": standing.pk})],
        "sun": [
            ("papers-to-sign", "", {}), ("papers-to-sign", "?kind=urging", {}), ("notice", "", {"pk": city.drafted.pk}),
        ],
        "": [
            ("public-listings", "", {}), ("public-listings", "?q=没有这一家", {}),
            *(("public-listing", "", {"code": matter.code}) for matter in (city.live, city.corrected, city.owner)),
            ("public-announcements", "", {}), ("public-announcements", "?q=示例", {}),
            ("public-batch", "", {"pk": announced["published"].batch_id}),
            ("public-announcement", "", {"code": announced["published"].code}),
            ("public-penalties", "", {}), ("public-penalty", "", {"code": city.disclosed.code}),
            ("verify-ask", "", {}), ("verify", "", {"code": replaced.code}), ("verify", "", {"code": standing.code}),
            ("employer-enter", "", {"code": window["arrived"].notice.code}),
        ],
    }  # fmt: skip


def guard_pages(city: Any, cast: Any) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """What is trusted and who watches it, in `guarded_city`."""
    kept, waiting, forgotten = city.people.kept, city.people.waiting, city.people.forgotten
    alarms = [("alarm", "", {"pk": pk}) for pk in (city.alarms.new, city.alarms.half, city.alarms.closed)]
    return {
        "zhao": [
            ("inbox", "", {}), ("held-visits", "", {}), *(("held-visit", "", {"code": code}) for code in city.held),
            ("personal-subject", "", {"pk": kept.subject}), ("personal-entry", "", {"pk": kept.pk}),
        ],
        "qian": [
            ("person", "", {"pk": cast.wang.pk}), ("personal-subject", "", {"pk": kept.subject}),
            ("personal-subject", "", {"pk": waiting.subject_id}), ("personal-subject", "", {"pk": forgotten.subject}),
        ],
        "han": [("person", "", {"pk": cast.liu.pk})],
        "bai": [("inbox", "", {}), ("area", "", {"code": "1503"}), ("person", "", {"pk": cast.zheng.pk})],
        "fang": [("inbox", "", {}), ("personal-log", "", {}), ("personal-subject", "", {"pk": waiting.subject_id})],
        "zheng": [("inbox", "", {}), ("watch", "", {}), *alarms, ("personal-log", "", {})],
        "wu": [
            ("watch", "", {}), *alarms, ("registers", "", {}), ("delivery", "", {"pk": city.waiting.pk}),
            *register_pages(city.registers),
        ],
        "ma": [("inbox", "", {}), ("delivery", "", {"pk": city.waiting.pk})],
    }  # fmt: skip


def register_pages(made: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """A file whose columns are to be checked, and what is to be done after another was taken."""
    report = made.report.pk
    return [
        ("delivery", "", {"pk": made.upload.pk}), ("delivery-columns", "", {"pk": made.upload.pk}),
        ("delivery", "", {"pk": report}), ("delivery-rows", "", {"pk": report, "kind": "noted"}),
        ("delivery-rows", "", {"pk": report, "kind": "doubted"}), ("pool", f"?delivery={report}", {}),
        ("delivery-refused-line", "", {"pk": report, "line": made.line.pk}),
        ("register-row-persons", "", {"pk": made.row.pk}),
    ]  # fmt: skip


def duty_pages(city: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """As the district sees them: it sends to departments, and splits what the city handed down."""
    made = city.duties
    return [
        ("duties", "", {}), ("referrals", "?state=open", {}), ("referral", "", {"code": made.answered}),
        ("referral-new", "", {}), ("referral-new", f"?finding={city.finding.pk}", {}), ("referral-many", "", {}),
        ("targets-area", "", {"year": made.year, "code": "150302"}),
        ("targets-area", "", {"year": made.year, "code": "150302001"}),
        ("plan", "", {"pk": made.draft}), ("plan-new", "?area=150302", {}),
    ]  # fmt: skip


def names(resolver: URLResolver | None = None) -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace is None and not str(pattern.pattern).startswith("accounts/"):
                yield from names(pattern)
        elif (
            isinstance(pattern, URLPattern) and pattern.name and not str(pattern.pattern).startswith("static")
        ):
            yield pattern.name


class Examiner:
    """Opens a page once and looks at it in every width."""

    def __init__(self, page: Page, asked: set[str]) -> None:
        self.page, self.faults, self.asked = page, list[str](), asked
        page.on("console", lambda said: self._hears(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._hears(str(error)))

    def _hears(self, text: str) -> None:
        # A wrong code is answered with 404, another's page with 403: pages that say so.
        if "404" not in text and "403" not in text:
            self.faults.append(f"{self.page.url}: {text}")

    def looks_at(self, address: str, status: int = 200, *, name: str = "") -> None:
        """`name`: of the page. Asking axe is most of the cost, so in the second width each page is asked once,
        whatever it happens to show."""
        answer = self.page.goto(address)
        if not answer or (answer.status != status and "/v/" not in address):
            self.faults.append(f"{address}: {answer and answer.status}")
            return
        # Parts that a page fetches for itself, like the dry run of a round.
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        self.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for width in sorted(WIDTHS.values(), reverse=True):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self._measures(address, width)
        self._asks_axe(address, WIDTHS["phone"])
        if not name or name not in self.asked:
            self.asked.add(name)
            self.page.set_viewport_size({"width": WIDTHS["desk"], "height": HEIGHT})
            self._asks_axe(address, WIDTHS["desk"])

    def _measures(self, address: str, width: int) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.faults.append(f"{address} at {width}: {wide} px wide")

    def _asks_axe(self, address: str, width: int) -> None:
        self.faults += [f"{address} at {width}: {fault}" for fault in serious(self.page)]


def test_every_page_is_on_the_list(busy_city_addresses: Any) -> None:
    listed = {name for pages in busy_city_addresses for name, _, _ in pages}
    assert set(names()) - listed - NOT_PAGES == set()


@pytest.fixture
def busy_city_addresses() -> Any:
    class Anything:
        def __getattr__(self, name: str) -> Any:
            return Anything()

        def __call__(self, *given: Any) -> Any:
            return Anything()

        def __sub__(self, other: int) -> int:
            return 0

        def __iter__(self) -> Iterator[Any]:
            return iter((Anything(), Anything()))

        def __getitem__(self, key: str) -> Any:
            return Anything()

    city = Anything()
    shown = (
        pages_of(city),
        list_pages(city),
        guard_pages(city, city),
        people_pages(1, 1),
        grid_pages(1, 1, 1, 1, 1),
    )
    return [pages for pages_of_person in shown for pages in pages_of_person.values()]


@pytest.mark.timeout(1800)
def test_pages_fit_every_width_and_everybody(
    busy_city: Any, cast: Any, another_page: Callable[..., Page], sign_in: Any
) -> None:
    faults = looked_at(pages_of(busy_city), cast, another_page, sign_in)
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(1800)
def test_pages_around_the_list_fit_every_width_and_everybody(
    listed_city: Any, cast: Any, another_page: Callable[..., Page], sign_in: Any
) -> None:
    cast.treasurer = listed_city.treasurer
    faults = looked_at(list_pages(listed_city), cast, another_page, sign_in)
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(1800)
def test_pages_of_trust_fit_every_width_and_everybody(
    guarded_city: Any, cast: Any, another_page: Callable[..., Page], sign_in: Any
) -> None:
    faults = looked_at(guard_pages(guarded_city, cast), cast, another_page, sign_in)
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(1800)
def test_pages_of_people_fit_every_width(cast: Any, another_page: Callable[..., Page], sign_in: Any) -> None:
    line = dict.fromkeys(("phone", "area_name", "first", "last", "department", "fault"), "")
    lines = [
        line | {"line": 2, "name": "示例", "username": "shili", "role": "网格员", "area": "150302001002001"},
        line | {"line": 3, "name": "示例", "username": "shi li", "role": "村长", "area": ""},
    ]
    sheet = keep_sheet("人员.csv", lines, cast.by.qian)
    faults = looked_at(people_pages(cast.wang.pk, sheet.pk), cast, another_page, sign_in)
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(1800)
def test_pages_a_city_begins_with_fit_every_width(
    cast: Any, make_employer: Any, another_page: Callable[..., Page], sign_in: Any
) -> None:
    for place in ("和平路 1 号", "和平路北侧 77 号", "和平路北侧", "和平路南侧 3 号"):
        make_employer(area="150302", address=f"海勃湾区{place}")
    Area.objects.filter(pk="150302001002001").update(outline=square(106.80))
    Area.objects.filter(pk="150302001002002").update(outline=square(106.81))
    placed = make_employer("示例已归公司", area="150302", address="海勃湾区如意小区")
    place_many([placed.pk], "150302001002001", by=cast.by.qian)
    outcome = [
        Outcome(2, name="和平社区第九网格", code="150302001002009", verdict=NEW).told(),
        Outcome(3, name="和平社区第九网格", problem="grid-name-taken", why="已有同名网格。").told(),
    ]
    file = AreaFile.objects.create(what="grids", area="150302001", state="taken", outcome=outcome, at=now())
    load_shipped_grounds()
    running = Operation.objects.create(
        kind="pool", area="150302", title="按地址再识别一次", by=cast.qian, at=now(), total=5_200, done=2_600, changed=1_200,
    )  # fmt: skip
    asked = Asked("transfer", "150302001003", areas=("150302001002001",))
    change = draft_change(asked, on=today(), reason="调整", document="海政发〔2026〕12号", by=cast.by.qian)
    office = Body.objects.filter(area="150302").latest("pk").pk
    pages = grid_pages(file.pk, office, running.pk, change.pk, PlacingBatch.objects.latest("pk").pk)
    faults = looked_at(pages, cast, another_page, sign_in)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["", "sun"])
def test_what_is_not_there_or_not_yours_fits_every_width_and_everybody(
    city: Any, cast: Any, another_page: Callable[..., Page], sign_in: Any, who: str
) -> None:
    page = another_page(viewport={"width": WIDTHS["desk"], "height": HEIGHT})
    examiner = Examiner(page, set())
    if who:
        sign_in(page, getattr(cast, who))
        examiner.looks_at("/cases/HBW-2000-000001/", 404)
        examiner.looks_at("/clocks/stuck/", 403)
    examiner.looks_at("/nowhere/", 404)
    assert not examiner.faults, "\n".join(examiner.faults)


def test_a_refused_form_leads_back_to_what_was_typed(
    case_at: Any, cast: Any, another_page: Callable[..., Page], sign_in: Any
) -> None:
    case = case_at(CaseState.ESCALATED)
    certify(cast)
    page = another_page(viewport={"width": WIDTHS["phone"], "height": HEIGHT})
    sign_in(page, cast.zhou)
    page.goto(f"/cases/{case.code}/")
    form = page.locator("#act-inspect")
    form.locator("summary").click()
    for name in ("officer_1", "officer_2"):
        form.locator(f"[name={name}]").select_option(str(cast.he.pk))
    form.locator("[name=why]").fill("督促期满，写了很久的理由")
    form.locator("button.primary").click()
    expect(page.get_by_text("什么都没有改变")).to_be_visible()
    page.get_by_role("link", name="回到刚才的页面").click()
    expect(form.locator("[name=why]")).to_have_value("督促期满，写了很久的理由")


def looked_at(
    pages_by_person: dict[str, list[tuple[str, str, dict[str, Any]]]],
    cast: Any,
    another_page: Callable[..., Page],
    sign_in: Any,
) -> list[str]:
    faults, asked = list[str](), set[str]()
    for who, pages in pages_by_person.items():
        page = another_page(viewport={"width": WIDTHS["desk"], "height": HEIGHT})
        if who:
            sign_in(page, getattr(cast, who))
        examiner = Examiner(page, asked)
        for name, query, arguments in pages:
            examiner.looks_at(reverse(name, kwargs=arguments) + query, name=name)
        faults += examiner.faults
    return faults
