"""Every lawful end of a case, an audit and an inspection, each walked to by the people whose steps they are."""

from tests.journeys.way import Way, at, reaches
from workflows.cases.models import Case, CaseState


@reaches(CaseState.HEALED)
def test_registered_within_the_term(way: Way, opened: Case) -> None:
    """补办登记: the next register shows every head, and the case ends by itself."""
    way.urges(opened)
    way.register_shows(opened, 12)
    way.ends(opened, CaseState.HEALED, "社保名册显示已整改")


@reaches(CaseState.WITHDRAWN)
def test_withdrawn_by_the_district(way: Way, opened: Case) -> None:
    """撤案, while the term runs: what was issued is taken back."""
    way.urges(opened)
    way.sun.may_not(at.case(opened), "withdraw")
    way.qian.does(at.case(opened), "withdraw", why="经核实人员属劳务派遣")
    case = way.ends(opened, CaseState.WITHDRAWN, "经核实人员属劳务派遣")
    assert case.notices.get().withdrawn_at
