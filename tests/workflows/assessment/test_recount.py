"""Whatever came in and happened, on whatever day one looks: the figures are those of whoever reads the story again."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar.now import CITY_TIME, moved_to
from grid.registers.models import Delivery, Register, Row
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.followers import subjects_changed
from grid.subjects.models import Subject
from tasks.coverage.actions import mark_state
from tasks.coverage.models import Span
from tasks.coverage.rules import SETTLED
from tasks.coverage.states import CoverState
from tests.cast import FAR_GRID, GRID_1, GRID_2
from tests.workflows.assessment.ground import CLOCK, register_row
from workflows.assessment import rules
from workflows.assessment.queries import evidence

PLACES = [GRID_1, GRID_2, FAR_GRID, "150302"]
BEGIN = date(2026, 1, 5)
SUBJECTS = 4
KINDS = ["enterprise", "sole_trader", "sole_trader_employing"]
SAYS = ["参保缴费", "注销", "停保", ""]

events = st.lists(
    st.tuples(
        st.integers(0, 40),  # days after the one before
        st.integers(0, SUBJECTS - 1),
        st.sampled_from(["social", "tax", "market", "absent", "move", "kind", "door"]),
        st.integers(0, 11),
    ),
    max_size=30,
)


@dataclass
class Told:
    """One subject as the story has told of it so far."""

    area: str
    kind: str = "enterprise"
    active: bool = True
    state: str = CoverState.NOT_SENT
    social: tuple[str, int] | None = None
    tax: int | None = None
    market: int | None = None
    was_in_market: bool = False
    lines: dict[str, Row] = field(default_factory=dict)


def told_of(told: Told, what: str, n: int) -> None:
    """The story alone, without a database."""
    if what == "social":
        told.social = SAYS[n % 4], n
    elif what == "tax":
        told.tax = n
    elif what == "market":
        told.active, told.market, told.was_in_market = n % 4 != 0, n, True
    elif what == "absent":
        told.market = None
    elif what == "move":
        told.area = PLACES[n % 4]
    elif what == "kind":
        told.kind = KINDS[n % 3]
    else:
        told.state = list(CoverState)[n % 11]


def played(subject: Subject, told: Told, what: str, n: int, day: date) -> None:
    """The same in the database, as an import or a desk does it."""
    lines = {
        "social": (Register.SOCIAL, {"status": SAYS[n % 4], "insured": n}),
        "tax": (Register.TAX, {"heads": n}),
        "market": (Register.MARKET, {"standing": "注销" if n % 4 == 0 else "存续", "employees": n}),
    }
    if what in lines:
        register, data = lines[what]
        Row.objects.filter(subject=subject, register=register, until=None).update(until=day)
        register_row(subject, register, day, **data)
    if what == "market":
        Subject.objects.filter(pk=subject.pk).update(standing="cancelled" if n % 4 == 0 else "active")
        subjects_changed([subject.pk], by=CLOCK)
    elif what == "absent":
        Row.objects.filter(subject=subject, register=Register.MARKET, until=None).update(until=day)
    elif what == "move":
        Subject.objects.filter(pk=subject.pk).update(area=told.area)
        subjects_moved([Move(subject.pk, "", told.area)], by=CLOCK)
    elif what == "kind":
        Subject.objects.filter(pk=subject.pk).update(kind=told.kind)
        subjects_changed([subject.pk], by=CLOCK)
    elif what == "door":
        mark_state([subject.pk], told.state, by=CLOCK) if told.state != CoverState.ENDED else None


def recounted(told: Told) -> tuple[int, int]:
    """(insured, due) heads of one subject."""
    if not told.active or (told.market is None and told.was_in_market):
        return 0, 0
    says, heads = told.social or ("", 0)
    insured = heads if says in ("参保缴费", "") else 0
    due = told.tax if told.tax is not None else told.market
    if due is None:
        due = 0 if told.kind == "sole_trader" else 1
    due = max(due, insured)
    return insured, due


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=events, look=st.integers(0, 400))
def test_the_figures_are_those_of_a_recount(story, look, city, make_employer):
    for model in (Span, Row, Delivery, Subject):
        model.objects.all().delete()
    cutoff = BEGIN + timedelta(days=look)
    subjects = [make_employer() for _ in range(SUBJECTS)]
    told, then = [Told(GRID_1) for _ in subjects], [Told(GRID_1) for _ in subjects]
    day = BEGIN
    with moved_to(noon(day)):
        subjects_moved([Move(s.pk, "", s.area) for s in subjects], by=CLOCK)
    for days, who, what, n in story:
        day += timedelta(days=days)
        told_of(told[who], what, n)
        if day <= cutoff:
            told_of(then[who], what, n)
        with moved_to(noon(day)):
            played(subjects[who], told[who], what, n, day)
    for district in ("150302", "150304"):
        own = [unit for unit in then if unit.area.startswith(district)]
        heads = [recounted(unit) for unit in own]
        assert sums("enrolment", district, cutoff) == (sum(h[0] for h in heads), sum(h[1] for h in heads))
        counted = [unit for unit in own if unit.active]
        assert sums("coverage", district, cutoff) == (
            sum(unit.state in SETTLED for unit in counted),
            len(counted),
        )


def sums(formula: str, district: str, cutoff: date) -> tuple[int, int]:
    members = rules.by_district(evidence.members(formula, "1503", 2026, cutoff)).get(district, [])
    return rules.reached_of(members), rules.due_of(members)


def noon(day: date):
    from datetime import datetime, time

    return datetime.combine(day, time(12), CITY_TIME)
