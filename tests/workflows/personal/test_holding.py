"""While a case, its file or an original of a visit is needed, nobody is forgotten; afterwards the numbers go along."""

from datetime import timedelta
from typing import Any

import pytest

from grid.calendar.now import moved_to, now
from grid.personal import actions, followers
from grid.personal.models import ForgettingReason
from grid.personal.problems import StillNeeded
from workflows.cases.models import Case, CaseState
from workflows.reminders.actions import note_phone
from workflows.reminders.models import Phone

TEN_YEARS = timedelta(days=11 * 365)


def test_running_matters_and_files_are_named_one_by_one(make_case: Any, walk: Any, cast: Any) -> None:
    case: Case = walk.to(make_case(), CaseState.TERM)
    note_phone(case.subject, "13804730012", "张三", "负责人当面提供", by=cast.by.zhao)
    with pytest.raises(StillNeeded) as refused:
        actions.ask_forgetting(case.subject, ForgettingReason.PURPOSE_OVER, by=cast.by.qian)
    for words in (f"案件 {case.code}", "正在办理", "原始资料保存至", "网络安全法"):
        assert words in refused.value.detail
    Case.objects.filter(pk=case.pk).update(state=CaseState.HEALED, closed_at=now())
    case.clocks.update(stopped_at=now())
    case.submissions.update(answered_at=now())
    assert [why[:2] for why in followers.why_needed(case.subject, now().date()) if "案卷" in why] == ["案卷"]
    with moved_to(now() + TEN_YEARS):
        asked = actions.ask_forgetting(case.subject, ForgettingReason.RETENTION_OVER, by=cast.by.qian)
        actions.decide_forgetting(asked, True, "期限届满", by=cast.by.fang)
    phone = Phone.objects.get()
    assert (phone.number, phone.holder, phone.masked) == ("", "", "已遗忘") and phone.retired_at


def test_a_listing_and_a_penalty_are_named(case_at: Any) -> None:
    case = case_at(CaseState.PUBLISHED)
    told = "；".join(followers.why_needed(case.subject, now().date()))
    assert "正在公布" in told and "正在办理" in told
