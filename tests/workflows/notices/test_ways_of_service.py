"""Each lawful way of serving a document proves something else, and counts from its own day (民诉法 87-95)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from grid.calendar.now import today
from grid.calendar.queries import workdays
from tests.workflows.conftest import Walk
from workflows.cases.models import CaseState
from workflows.notices import problems as notices_problems
from workflows.notices import rules
from workflows.notices.forms import ServiceFields
from workflows.notices.models import Notice, Service, Way

ASKED = sorted({name for names in rules.PROOFS.values() for name in names})
NOBODY: dict[str, Any] = {"receiver": "", "receiver_role": ""}
LAWFUL: dict[str, dict[str, Any]] = {
    Way.DIRECT: {"receiver": "张三", "receiver_role": "收发"},
    Way.LEFT: {"refused_why": "拒绝签收", "witness": "李秀英"},
    Way.MAIL: {"reference": "EMS1234567890", "receiver": "张三"},
    Way.ELECTRONIC: {
        "reference": "送达同意书第7号",
        "agreed_on": date(2026, 1, 5),
        "media": "邮箱 a@example.cn",
    },
    Way.COMMISSIONED: {"through": "阿拉善左旗人力资源和社会保障局", "receiver": "张三"},
    Way.PASSED_ON: {"through": "某部队政治工作部", "receiver": "张三"},
    Way.PUBLIC: {"media": "乌海日报", "reasons": "经直接、邮寄送达均退回，登记地址无人"},
}


@pytest.fixture
def urging(case_at: Any, cast: Any) -> Notice:
    from workflows.cases import actions

    return actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao)


@pytest.mark.once
@pytest.mark.parametrize("way", Way.values)
def test_a_service_with_its_proofs_counts(urging: Notice, walk: Walk, cast: Any, way: str) -> None:
    given = NOBODY | LAWFUL[way]
    if way == Way.ELECTRONIC:
        given["agreed_on"] = today()
    service = walk.serve(urging, cast.by.zhao, way=way, **given)
    after_thirty_days = rules.public_from(today(), 30, workdays())
    assert service.effective_on == (after_thirty_days if way == Way.PUBLIC else today())
    urging.case.refresh_from_db()
    assert urging.case.state == CaseState.TERM
    assert urging.case.clocks.get().started_on == service.effective_on


@pytest.mark.once
@pytest.mark.parametrize("way, lacks", [(way, name) for way, names in rules.PROOFS.items() for name in names])
def test_a_service_that_lacks_one_of_its_proofs_is_refused(
    urging: Notice, walk: Walk, cast: Any, way: str, lacks: str
) -> None:
    given = NOBODY | LAWFUL[way] | {lacks: None if lacks == "agreed_on" else " "}
    refusals = (
        notices_problems.ServiceUnproved,
        notices_problems.ReceiverMissing,
        notices_problems.WitnessMissing,
    )
    with pytest.raises(refusals):
        walk.serve(urging, cast.by.zhao, way=way, **given)
    assert not Service.objects.exists()


def test_a_consent_signed_after_the_service_is_none(urging: Notice, walk: Walk, cast: Any) -> None:
    given = NOBODY | LAWFUL[Way.ELECTRONIC] | {"agreed_on": today() + timedelta(days=1)}
    with pytest.raises(notices_problems.ServiceUnproved):
        walk.serve(urging, cast.by.zhao, way=Way.ELECTRONIC, **given)


@pytest.mark.parametrize("way, lacks", [(way, name) for way, names in rules.PROOFS.items() for name in names])
def test_the_database_says_it_once_more(urging: Notice, walk: Walk, cast: Any, way: str, lacks: str) -> None:
    given = NOBODY | LAWFUL[way]
    if way == Way.ELECTRONIC:
        given["agreed_on"] = today()
    service = walk.serve(urging, cast.by.zhao, way=way, **given)
    if lacks == "refused_why":  # the visit at the door may tell it instead
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(**{lacks: None if lacks == "agreed_on" else ""})


def test_no_service_counts_before_it_happened(urging: Notice, walk: Walk, cast: Any) -> None:
    service = walk.serve(urging, cast.by.zhao)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(effective_on=service.served_on - timedelta(days=1))


@pytest.mark.parametrize("way", Way.values)
def test_the_form_asks_for_what_the_way_lacks(way: str) -> None:
    bare = ServiceFields({"way": way, "served_on": "2026-01-20"})
    assert not bare.is_valid()
    assert set(bare.errors) == set(rules.PROOFS[way])
    full = ServiceFields({"way": way, "served_on": "2026-01-20"} | LAWFUL[way])
    assert full.is_valid(), full.errors
    assert full.receipt().way == way


def test_the_form_refuses_a_consent_given_too_late() -> None:
    form = ServiceFields({"way": "electronic", "served_on": "2026-01-02"} | LAWFUL[Way.ELECTRONIC])
    assert set(form.errors) == {"agreed_on"}


@given(st.sampled_from(Way.values), st.dictionaries(st.sampled_from(ASKED), st.sampled_from(["", " ", "x"])))
def test_what_is_lacking_is_what_is_asked_and_empty(way: str, given_: dict[str, str]) -> None:
    lacks = rules.lacking(way, given_)
    assert set(lacks) <= set(rules.PROOFS[way])
    assert all(not given_.get(name, "").strip() for name in lacks)
    assert set(rules.PROOFS) == set(Way.values)
    assert rules.lacking(way, given_ | dict.fromkeys(lacks, "x")) == []
