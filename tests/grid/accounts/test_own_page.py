"""我的: one's own posts, absences, phones and acts; nothing of it before somebody proved to be themselves."""

from datetime import timedelta
from typing import Any

from django.test import Client

from grid.accounts.queries import account_history, acts_of
from grid.calendar.now import today
from grid.scope import Role
from grid.territory.actions import end_posting, give_posting, note_absence
from grid.territory.queries import actor_of
from grid.territory.rules import Post
from mobile_api.devices.models import Device
from tests.cast import GRID_2


def test_what_one_reads_of_oneself(cast: Any, client: Client, django_assert_max_num_queries: Any) -> None:
    give_posting(cast.wang, Post(Role.WORKER, GRID_2, today() + timedelta(30)), by=cast.by.qian)
    note_absence(cast.post.wang, first_day=today(), last_day=today(), cover=cast.post.li, by=cast.by.sun)
    Device.objects.create(
        posting=cast.post.wang,
        area=GRID_2,
        label="红色手机",
        token_hash="x",
        enrolled_at=cast.wang.date_joined,
    )
    client.force_login(cast.wang)
    with django_assert_max_num_queries(25):
        page = client.get("/accounts/").content.decode()
    for said in ("和平社区第一网格", "还没有开始", "由李秀英代班", "红色手机", "安排了岗位", "（我的）"):
        assert said in page, said
    client.force_login(cast.sun)
    assert "登记了缺勤" in client.get("/accounts/").content.decode()


def test_a_former_territory_is_closed_to_who_worked_there(cast: Any) -> None:
    note_absence(cast.post.liu, first_day=today(), last_day=today(), cover=None, by=cast.by.chen)
    assert [entry.verb for entry in acts_of(cast.by.chen)] == ["absence.noted"]
    end_posting(cast.post.chen, last_day=today() - timedelta(days=1), reason="调离", by=cast.by.han)
    later = actor_of(cast.chen)
    assert acts_of(later) == [] and [entry.verb for entry in account_history(later, cast.chen)] == [
        "posting.ended"
    ]
    assert account_history(cast.by.sun, cast.liu) == []


def test_before_the_second_factor_nothing_of_the_work_is_shown(
    cast: Any, client: Client, settings: Any
) -> None:
    settings.DEMO = False
    client.force_login(cast.sun)
    page = client.get("/accounts/").content.decode()
    assert "两步验证" in page and "我的岗位" not in page and "我最近办理的" not in page
