"""The letter a case itself issues, and the page that issues it."""

from django.http import QueryDict

from grid.scope import Actor, Right
from workflows.cases.actions.enforcing import serve_urging
from workflows.cases.acts import form_for
from workflows.cases.documents import Urging
from workflows.cases.models import Case
from workflows.cases.queries.answers import answers_of
from workflows.engine.acts import acts_on
from workflows.notices.actions.previews import as_shown, filled
from workflows.notices.letters import Act, Letter, Page
from workflows.notices.models import NoticeKind


def _run(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    form = form_for(act, case, answers_of(case.finding.seen), as_shown(case.state, given))
    return acts_on(PAGE.name)[act].do(case, filled(form, PAGE.name, act), by)


PAGE = Page("case", acts_on("case"), _run)

LETTERS = (
    # A 告知书 orders nothing, so the grid worker may hand it over. What orders or punishes is served by two officers
    # who show their certificates (行政处罚法 第42条); a grid worker may witness that, not do it.
    Letter(
        kind=NoticeKind.URGING, word="督告", shape=Urging, right=Right.SERVE,
        issued_by=Act(PAGE, "urge"), follows=serve_urging, by_worker=True, signed_by=Right.SIGN_STREET,
    ),
)  # fmt: skip
