"""Who can sign in to the demo city, and the one password they share (demo mode only)."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from grid.scope import Role
from grid.territory.models import Person

PASSWORD = "shili-2026"


class Account(NamedTuple):
    username: str
    full_name: str
    role: Role
    area: str
    place: str
    department: str = ""


ACCOUNTS = (
    Account("wang", "王建国", Role.WORKER, "150302001002001", "凤凰岭街道 · 和平社区第一网格"),
    Account("li", "李秀英", Role.WORKER, "150302001002002", "凤凰岭街道 · 和平社区第二网格"),
    Account("zhao", "赵敏", Role.COMMUNITY, "150302001002", "凤凰岭街道 · 和平社区"),
    Account("sun", "孙强", Role.STREET, "150302001", "海勃湾区 · 凤凰岭街道"),
    Account("qian", "钱卫东", Role.DISTRICT, "150302", "海勃湾区"),
    Account("gu", "顾平", Role.DISTRICT, "150302", "海勃湾区（副局长）"),
    Account("shen", "沈丽", Role.DISTRICT, "150302", "海勃湾区（副局长）"),
    Account("tang", "唐静", Role.EXAMINER, "150302", "海勃湾区", "社保中心稽核科"),
    Account("jiang", "蒋伟", Role.EXAMINER, "150302", "海勃湾区", "社保中心稽核科"),
    Account("zhou", "周正", Role.INSPECTOR, "150302", "海勃湾区", "劳动监察大队"),
    Account("he", "何敏", Role.INSPECTOR, "150302", "海勃湾区", "劳动监察大队"),
    Account("wu", "吴霞", Role.CITY, "1503", "乌海市", "市扩面办"),
    Account("ma", "马骏", Role.CITY, "1503", "乌海市", "市扩面办"),
    Account("lin", "林静", Role.LEGAL, "1503", "乌海市（法制审核）", "市人社局法规科"),
    Account("shi", "石磊", Role.LEGAL, "150302", "海勃湾区", "区人社局法规股"),
    Account("fang", "方文", Role.LEGAL, "1503", "乌海市", "市人社局法规科"),
    Account("bai", "白洁", Role.PERSONNEL, "1503", "乌海市", "市委组织部"),
    Account("feng", "冯涛", Role.LIAISON, "1503", "乌海市", "市税务局"),
    Account("zheng", "郑清", Role.AUDITOR, "1503", "乌海市", "市审计局"),
    Account("liu", "刘洋", Role.WORKER, "150304011011001", "苏海图街道 · 振华社区第一网格"),
    Account("gao", "高敏", Role.COMMUNITY, "150304011011", "苏海图街道 · 振华社区"),
    Account("chen", "陈远", Role.STREET, "150304011", "乌达区 · 苏海图街道"),
    Account("han", "韩冰", Role.DISTRICT, "150304", "乌达区"),
    Account("xu", "徐刚", Role.INSPECTOR, "150304", "乌达区", "劳动监察大队"),
)


def accounts() -> list[tuple[str, str, str]]:
    """(account, role, place) as the sign-in page and `serve` show them; none before the demo city is filled."""
    there = set(Person.objects.filter(is_sample=True, is_active=True, username__in=[account.username for account in ACCOUNTS])
                .values_list("username", flat=True))  # fmt: skip
    return [
        (account.username, str(account.role.label), account.place)
        for account in ACCOUNTS
        if account.username in there
    ]


def context(request: HttpRequest) -> dict[str, object]:
    """For the sign-in page only: elsewhere nobody asks, so nothing is read."""
    if not settings.DEMO or not request.path.startswith(settings.LOGIN_URL):
        return {}
    return {
        "demo_accounts": [
            {"username": name, "role": f"{role} · {place}", "password": PASSWORD}
            for name, role, place in accounts()
        ]
    }
