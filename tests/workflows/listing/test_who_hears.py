"""The party of a listing is heard by the city, which decides: whose inbox shows it, who records and who answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from grid import problems
from project.inbox import inbox_of
from workflows.cases.models import Case, CaseState
from workflows.cases.queries import file_of
from workflows.engine.acts import offers_for
from workflows.listing import actions as listings


def defences(who: Any) -> list[Any]:
    return [item for item in inbox_of(who).items if item.kind == "defence"]


def test_law_6_a_legal_officer_of_a_district_answers_no_defence_of_the_list(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.DEFENCE)
    for act in (listings.record_defence, listings.answer_defence):
        with pytest.raises(problems.NotYourPost):
            act(case, "经营困难", by=cast.by.shi)
    listings.record_defence(case, "经营困难", by=cast.by.fang)
    with pytest.raises(problems.NotYourPost):
        listings.answer_defence(case, "不予采纳", by=cast.by.shi)
    offered = {
        who: {act.name for act in offers_for("case", getattr(cast.by, who), case, file_of(case))}
        for who in ("shi", "fang", "ma")
    }
    assert not offered["shi"] & {"defence", "answer"}
    assert offered["fang"] >= {"defence", "answer"} and offered["ma"] >= {"defence", "answer"}
    listings.answer_defence(case, "不予采纳", by=cast.by.ma)


def test_law_6_in_the_term_of_defence_the_file_waits_for_whoever_hears(
    case_at: Callable[..., Case], cast: Any
) -> None:
    case = case_at(CaseState.DEFENCE)
    term = case.clocks.get(kind="listing.defence", stopped_at=None)
    for who in ("fang", "ma", "wu"):
        (line,) = defences(getattr(cast.by, who))
        assert line.due_on == term.due_on and line.href == reverse("case", args=[case.code])
        assert "陈述申辩期内" in line.why
    for who in ("shi", "zhou", "qian", "han"):
        assert defences(getattr(cast.by, who)) == []
    listings.record_defence(case, "经营困难", by=cast.by.fang)
    assert "待答复" in defences(cast.by.ma)[0].why
