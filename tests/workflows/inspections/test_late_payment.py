"""What is owed on a penalty that was not paid in time, as the page says it and the papers print it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid.calendar.now import today
from grid.law.models import Provision
from grid.law.queries import the_law
from tests.forward import go_to
from tests.reading import words_of
from tests.workflows.conftest import Walk, found
from workflows.inspections import actions
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import weighing
from workflows.notices.models import Notice, NoticeKind
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.rules import Challenge, Ending

At = Callable[..., Inspection]


def press(client: Client, inspection: Inspection, act: str, **data: Any) -> Any:
    inspection.refresh_from_db()
    address = reverse("inspection-act", args=[inspection.case.code, act])
    return client.post(address, {"at": inspection.state, **data})


def late_by(inspection: Inspection, days: int) -> None:
    go_to(inspection.due_on + timedelta(days=days))


def pay(inspection: Inspection, day: int, amount: Any, by: Any) -> Inspection:
    """A slip of the `day`th day after the due day, entered today."""
    on = inspection.due_on + timedelta(days=day)
    return actions.record_payment(inspection, D(amount), on, f"缴{day}", by=by)


def added(inspection: Inspection) -> D:
    return weighing.surcharge_of(inspection, the_law(today()), today()).amount


def demanded(client: Client, inspection: Inspection) -> Notice:
    assert press(client, inspection, "demand").status_code == 302
    return inspection.case.notices.get(kind=NoticeKind.DEMAND, withdrawn_at=None)


def printed(client: Client, notice: Notice) -> str:
    answer = client.get(reverse("notice-pdf", args=[notice.pk]))
    assert answer.status_code == 200
    return words_of(b"".join(answer) if answer.streaming else answer.content)


# 30,000 at 3 % a day: 900; the fine itself is the limit, reached within the 34th day.
@pytest.mark.once
@pytest.mark.parametrize(
    ("days", "surcharge"),
    [(1, 900), (33, 29700), (34, 30000), (35, 30000), (200, 30000), (6 * 365 + 1, 30000)],
)
def test_law_0_a_demand_is_issued_however_late(
    inspection_at: At, cast: Any, client: Client, days: int, surcharge: int
) -> None:
    one = inspection_at(S.PERFORMING)
    late_by(one, days)
    client.force_login(cast.zhou)
    notice = demanded(client, one)
    assert (D(notice.values["surcharge"]), D(notice.values["total"])) == (surcharge, 30000 + surcharge)
    paper = printed(client, notice)
    assert f"{surcharge:,}.00元" in paper and f"{30000 + surcharge:,}.00元" in paper
    assert ("不超过罚款数额" in paper) is (days > 33)


def test_the_court_is_asked_for_no_more_than_twice_the_fine(
    inspection_at: At, walk: Walk, cast: Any, client: Client
) -> None:
    one = inspection_at(S.DEMANDED)
    walk.wait(one.case, "inspection.remedy")
    client.force_login(cast.zhou)
    assert press(client, one, "court", property="未查明").status_code == 302
    notice = one.case.notices.get(kind=NoticeKind.COURT_APPLICATION)
    assert (D(notice.values["surcharge"]), D(notice.values["total"])) == (30000, 60000)
    assert "60,000.00元" in printed(client, notice)


def test_law_0b_a_fine_paid_late_owes_the_days_until_then_and_no_more(
    inspection_at: At, cast: Any, client: Client
) -> None:
    one = inspection_at(S.PERFORMING)
    late_by(one, 3)
    pay(one, 3, 30000, cast.by.zhou)
    late_by(one, 87)
    assert (one.state, added(one)) == (S.PERFORMING, 2700)
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert "加处罚款计算至该日" in page and "× 87" not in page
    notice = demanded(client, one)
    assert (D(notice.values["surcharge"]), D(notice.values["total"])) == (2700, 2700)
    slip = {"amount": "2700", "paid_on": today().isoformat(), "slip": "缴-9"}
    assert press(client, one, "pay", **slip).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.paid) == (S.PERFORMED, 32700)


@pytest.mark.parametrize("day", [-9, 0])
def test_what_is_paid_by_the_last_day_bears_nothing_though_it_is_entered_late(
    inspection_at: At, cast: Any, day: int
) -> None:
    one = inspection_at(S.PERFORMING)
    late_by(one, 60)
    assert pay(one, day, 30000, cast.by.zhou).state == S.PERFORMED


def test_parts_paid_between_lower_what_bears_the_surcharge(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    late_by(one, 40)
    # Entered in the wrong order: 10 days on 30,000, 10 on 20,000, and the fine is paid on the 20th.
    pay(one, 20, 20000, cast.by.zhou)
    assert pay(one, 10, 10000, cast.by.zhou).state == S.PERFORMING
    assert added(one) == 9000 + 6000
    assert pay(one, 40, 15000, cast.by.zhou).state == S.PERFORMED


def test_a_slip_before_the_decision_is_a_mistake(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    with pytest.raises(inspections_problems.PaymentWrong):
        actions.record_payment(one, one.fine, one.decided_on - timedelta(days=1), "缴1", by=cast.by.zhou)


def test_days_of_a_remedy_heard_of_late_may_be_all_that_was_open(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    late_by(one, 2)
    pay(one, 2, 30000, cast.by.zhou)
    assert one.state == S.PERFORMING
    one.case.refresh_from_db()
    remedy = note_remedy(
        one.case, Challenge("suit", "海勃湾区人民法院", one.due_on, target="penalty"), by=cast.by.zhou
    )
    close_remedy(remedy, Ending("upheld", "判1号", today(), effective_on=today()), by=cast.by.zhou)
    one.refresh_from_db()
    assert one.state == S.PERFORMED


def test_a_late_fee_at_its_limit_is_the_collectors_and_stands_in_no_paper(
    inspection_at: At, walk: Walk, cast: Any, client: Client
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    notice = actions.issue_penalty_notice(one, found(since=today() - timedelta(days=2400)), by=cast.by.zhou)
    client.force_login(cast.zhou)
    paper = printed(client, notice)
    assert "以欠缴本金为限" not in paper and "滞纳金由税务机关依法征收" in paper
    walk.serve(notice, cast.by.zhou)
    one = walk.inspection_at(one.case, S.DECIDED)
    decision = one.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    assert "30,000.00元" in printed(client, decision) and one.late_fee == one.arrears


@pytest.mark.once
@pytest.mark.parametrize(
    ("arrears", "status"),
    [("9999999999.99", 302), ("10000000000", 422), ("0", 422), ("0.001", 422), ("0.01", 302)],
)
def test_the_smallest_and_the_greatest_sum_can_be_kept_and_printed(
    inspection_at: At, cast: Any, client: Client, arrears: str, status: int
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    client.force_login(cast.zhou)
    since = (today() - timedelta(days=9000)).isoformat()
    given = {"facts": "未办理登记", "violation": "unregistered", "arrears": arrears, "since": since, "heads": "1",
             "corrected": "never", "first": "on", "source": "核定表1号"}  # fmt: skip
    assert press(client, one, "notice", **given).status_code == status
    if status == 302:
        assert printed(client, one.case.notices.get(kind=NoticeKind.PENALTY_NOTICE))


def test_law_0b_shown_on_the_page_and_the_demand_with_days_rest_and_rule(
    inspection_at: At, cast: Any, client: Client
) -> None:
    """10,000 of 30,000 came in on the 5th day: five days on the whole, the others on the rest."""
    one = inspection_at(S.PERFORMING)
    late_by(one, 10)
    pay(one, 5, 10000, cast.by.zhou)
    one.refresh_from_db()
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert "逾期 5 日：30,000.00 元" in page and "逾期 5 日：20,000.00 元" in page
    assert "以未缴纳的罚款余额为基数" in page and "不再增加" not in page
    assert added(one) == D(5 * 900 + 5 * 600)
    note = demanded(client, one).values["calculation"]["note"]
    assert "以未缴纳的罚款余额为基数" in note


def test_law_0b_shown_when_the_cap_is_reached(inspection_at: At, cast: Any, client: Client) -> None:
    one = inspection_at(S.PERFORMING)
    late_by(one, 34)
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert "加处罚款已达到罚款数额，不再增加" in page and "60,000.00 元（罚款与加处罚款之和" in page


def test_law_0b_the_rule_for_part_payments_is_a_row_of_the_law(
    inspection_at: At, cast: Any, client: Client
) -> None:
    one = inspection_at(S.PERFORMING)
    late_by(one, 10)
    pay(one, 5, 10000, cast.by.zhou)
    one.refresh_from_db()
    Provision.objects.filter(key="inspection.surcharge_on_rest").update(value=False)
    assert added(one) == D(10 * 900)
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[one.case.code])).content.decode()
    assert "缴清前仍以全部罚款为基数" in page
