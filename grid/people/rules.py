"""What a table of people says: its columns, and the words for posts and areas in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NotRequired, TypedDict

# The first name of each is the one the empty table carries.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "人员", "人员姓名"),
    "username": ("登录名", "用户名", "账号", "登录账号"),
    "phone": ("手机号", "手机", "手机号码", "电话", "联系电话"),
    "role": ("岗位", "角色", "岗位名称"),
    "area": ("区划代码", "网格代码", "代码", "区域代码"),
    "area_name": ("区划名称", "区划", "网格", "网格名称", "区域", "社区"),
    "first": ("起始日", "起", "起始日期", "开始日期", "自"),
    "last": ("截止日", "止", "截止日期", "结束日期", "至"),
    "department": ("部门", "单位", "所在部门"),
}
NEEDED = ("name",)
MOST_LINES = 3_000


class SheetLine(TypedDict):
    """A line of a table of people, in texts as they were written; `is_new`: it is to be nobody known."""

    line: int
    name: str
    username: str
    phone: str
    role: str
    area: str
    first: str
    last: str
    department: str
    area_name: NotRequired[str]
    fault: NotRequired[str]
    is_new: NotRequired[bool]


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Field → place in the header; of two columns that mean the same the first.

    >>> columns_of(["序号", "姓 名", "手机", "岗位"])
    {'name': 1, 'phone': 2, 'role': 3}
    """
    heads = ["".join(cell.split()).strip("*＊") for cell in header]
    found = {}
    for field, names in COLUMNS.items():
        at = next((place for place, head in enumerate(heads) if head in names), None)
        if at is not None:
            found[field] = at
    return found


def is_header(cells: Sequence[str]) -> bool:
    return len(columns_of(cells)) >= 2 and "name" in columns_of(cells)


def role_named(text: str, roles: Iterable[tuple[str, str]]) -> str:
    """The role of (value, label) with this name; "" for none.

    >>> role_named(" 网格员 ", [("worker", "网格员")]), role_named("worker", [("worker", "网格员")]), role_named("x", [])
    ('worker', 'worker', '')
    """
    word = "".join(text.split())
    return next((value for value, label in roles if word in (value, label)), "")


def masked_phone(number: str) -> str:
    """
    >>> masked_phone("13800138000"), masked_phone("2990"), masked_phone("")
    ('138****8000', '****', '')
    """
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 9 else "****" if number else ""
