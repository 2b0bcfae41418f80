"""What units gained in a year, held against whoever reads the same lines again one by one."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.registers.models import Delivery, Register, Row
from grid.scope import machine
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from tasks.coverage.models import Span
from tests.workflows.assessment.ground import register_row
from workflows.duties.targets import rules
from workflows.duties.targets.queries.gains import gains
from workflows.duties.targets.rules import Line

FIRST, TODAY = date(2025, 3, 1), date(2027, 6, 1)
lines = st.lists(
    st.tuples(
        st.integers(1, 150),  # days after the one before
        st.integers(0, 9),  # heads
        st.sampled_from(["", "参保缴费", "注销", "gone"]),
        st.sampled_from([0, 1, None]),  # of which month: its own, the one before, or it does not say
        st.sampled_from(["", "2015-03", "2026-02"]),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=lines, year=st.sampled_from([2025, 2026]))
def test_a_unit_gained_what_a_recount_says(story, year, city, make_employer):
    for model in (Span, Row, Delivery, Subject):
        model.objects.all().delete()
    unit = make_employer()
    subjects_moved([Move(unit.pk, "", unit.area)], by=machine("测试"))
    Delivery.objects.create(
        register=Register.SOCIAL, area="1503", as_of=FIRST, sha256="0", delivered_at="2025-03-01T00:00Z"
    )
    told = write(unit, story)
    found = [gain for _area, gain in gains("1503", year, date(year, 12, 31), TODAY)]
    assert found == recounted(told, year)


Told = list[tuple[date, str, int, str, date | None]]  # since, month, heads, insured since, gone on


def write(unit: Subject, story) -> Told:
    """The lines as deliveries bring them: each ends the one before; `gone` ends it and begins none."""
    day, told = FIRST, []
    for days, heads, says, back, insured_since in story:
        day += timedelta(days=days)
        Row.objects.filter(subject=unit, until=None).update(until=day)
        if told and told[-1][4] is None:
            told[-1] = (*told[-1][:4], day)
        if says == "gone":
            continue
        of = day - timedelta(days=day.day) if back == 1 else day
        if told and f"{of:%Y-%m}" < told[-1][1]:
            of = day  # a register never goes back to an earlier month
        data = {"insured": heads, "status": says, "insured_since": insured_since}
        if back is not None:
            data["period"] = f"{of:%Y-%m}"
        register_row(unit, Register.SOCIAL, day, **{key: value for key, value in data.items() if value != ""})
        told.append(
            (
                day,
                f"{of:%Y-%m}" if back is not None else "",
                0 if says == "注销" else heads,
                insured_since,
                None,
            )
        )
    return told


def recounted(told: Told, year: int) -> list[rules.Gained]:
    def line_at(day: date) -> Line | None:
        late = [
            line
            for line in told
            if line[0] > day and line[1] and line[1] <= f"{day:%Y-%m}" and line[0] <= TODAY
        ]
        held = [line for line in told if line[0] <= day and (line[4] is None or line[4] > day)]
        found = (late or held)[-1:]
        return Line(found[0][0], found[0][2], found[0][3]) if found else None

    end = line_at(date(year, 12, 31))
    if end is None:
        return []
    first = Line(told[0][0], told[0][2], told[0][3])
    begin = line_at(date(year - 1, 12, 31))
    if begin:
        new = begin.heads == 0 < end.heads and end.insured_since.startswith(str(year))
        return [rules.Gained(new, max(0, end.heads - begin.heads))]
    began = end.insured_since.startswith(str(year)) if end.insured_since else first.since.year == year
    return [
        rules.Gained(end.heads > 0, end.heads)
        if began
        else rules.Gained(False, max(0, end.heads - first.heads))
    ]
