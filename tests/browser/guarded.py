"""What a city trusts, and who watches it: told after the end, registers that would change much, data of persons, alarms."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from grid.calendar.now import CITY_TIME, moved_to, now, today
from grid.ledger.actions import Line, record
from grid.ledger.actions.sealer import seal_pending
from grid.ledger.models import Entry
from grid.personal.actions import ask_forgetting, decide_forgetting, reveal_entry
from grid.personal.models import ForgettingReason, RevealReason
from grid.registers.actions import Meaning, import_delivery
from grid.registers.models import Delivery
from grid.subjects.models import Subject, SubjectKind
from grid.territory.actions import deactivate_person
from grid.watch.actions import answer_alarm, look_quickly, raise_alarm
from grid.watch.models import Alarm
from mobile_api.devices.actions import enrol_phone, invite_phone, revoke_phone
from mobile_api.devices.models import Revoked
from mobile_api.devices.queries import warrant_of
from tasks.arrivals.actions.recording import record_visits
from tests.browser.delivered import deliver
from tests.cast import GRID_1
from tests.doors import SHORT, arrival, held_of, make_round, make_task
from workflows.reminders.verbs import ReminderVerb

LONG_NAME = "乌海市海勃湾区凤凰岭煤焦化工机电设备安装维修与综合服务有限责任公司第一分公司"
KEPT_BEFORE = timedelta(days=200)  # the law needs no personal data of then any more
FAR = datetime(2031, 1, 1, tzinfo=CITY_TIME)
UNITS, CANCELLED = 20, 6


@pytest.fixture
def guarded_city(cast: Any, make_employer: Callable[..., Subject], tmp_path: Path) -> Any:
    """One of everything the pages of trust can show."""
    made = SimpleNamespace(people=_kept(cast, make_employer))
    units = [make_employer(f"示例{n}号有限公司", is_sample=True) for n in range(1, UNITS)]
    units.append(make_employer(LONG_NAME, is_sample=True))
    made.registers = deliver(cast, tmp_path)
    made.waiting = _cancelling(cast, units[-CANCELLED:], tmp_path)
    made.held = _told_after_the_end(cast, units)
    made.alarms = _alarms(cast)
    deactivate_person(cast.liu, reason="离职", by=cast.by.han)
    seal_pending()
    look_quickly()
    return made


def _kept(cast: Any, make_employer: Callable[..., Subject]) -> SimpleNamespace:
    """Residents the ledger keeps a telephone number of: one as it is, one asked to be forgotten, one forgotten."""

    def resident(name: str, full_name: str) -> Entry:
        subject = make_employer(
            name, kind=SubjectKind.RESIDENT, full_name=full_name, credit_code=None, local_code=name,
            is_sample=True,
        )  # fmt: skip
        facts = {"phone": "13804730012", "name": full_name}
        with transaction.atomic():
            return record(
                ReminderVerb.PHONE_NOTED, Line(GRID_1, subject=subject.pk, personal=facts), by=cast.by.zhao
            )

    with moved_to(now() - KEPT_BEFORE):
        kept, asked, forgotten = (
            resident(f"{name[0]}*{name[-1]}", name) for name in ("王建国", "欧阳小明", "李秀英")
        )
    seal_pending()
    reveal_entry(kept, RevealReason.CONTACT, by=cast.by.zhao)
    reason = ForgettingReason.PURPOSE_OVER
    waiting, granted = (
        ask_forgetting(
            Subject.objects.get(pk=kept_entry.subject), reason, "已迁出本市，本人到社区提出", by=cast.by.qian
        )
        for kept_entry in (asked, forgotten)
    )
    decide_forgetting(granted, True, "处理目的已经实现，准予遗忘", by=cast.by.fang)
    return SimpleNamespace(kept=kept, waiting=waiting, forgotten=forgotten)


def _cancelling(cast: Any, units: list[Subject], folder: Path) -> Delivery:
    """A market register of wu's that would end more units than one person may end."""
    path = folder / "市场监管局2026年第三季度登记在册企业名录（更正后）.csv"
    lines = [f"{unit.credit_code},{unit.name},海勃湾区,注销" for unit in units]
    path.write_text("\n".join(["统一社会信用代码,企业名称,住所,登记状态", *lines, ""]), encoding="utf8")
    return import_delivery(Meaning("market", "1503", today()), path, by=cast.by.wu)


def _told_after_the_end(cast: Any, units: list[Subject]) -> list[str]:
    """Codes of two visits from a phone of wang's that was lost; the second told by a clock that was wrong."""
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, _token = enrol_phone(code, "王建国的手机", "0.1.0")
    revoke_phone(device, "手机被盗，已报警", Revoked.LOST, by=cast.by.zhao)
    device.refresh_from_db()
    round = make_round(cast.qian)
    first, second = (make_task(round, unit, cast.post.wang) for unit in (units[-1], units[0]))
    told = [arrival(first, answers=SHORT), arrival(second, recorded_at=FAR)]
    answers = record_visits(told, None, held_of(cast.post.wang), by=cast.by.wang, warrant=warrant_of(device))
    return [str(answer.visit) for answer in answers]


def _alarms(cast: Any) -> SimpleNamespace:
    """Nobody has said anything; one office has; both have."""

    def raised(number: int) -> Alarm:
        what = f"第{number}条台账的原文与封存时不符：原文指纹 {'9f86d081884c7d65' * 4}，封存点内为另一指纹"
        alarm = raise_alarm(f"altered:{number}", "altered", what)
        assert alarm is not None
        return alarm

    new, half, closed = (raised(number) for number in (1, 2, 3))
    for alarm in (half, closed):
        answer_alarm(alarm, "经与备份对照，系恢复演练时误改，已由系统管理员恢复。", by=cast.by.wu)
    answer_alarm(closed, "已核对备份与操作记录，情况属实。", by=cast.by.zheng)
    return SimpleNamespace(new=new.pk, half=half.pk, closed=closed.pk)
