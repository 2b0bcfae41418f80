"""When a department is reminded and when its silence goes up."""

from datetime import date


def is_late(due_on: date, on: date) -> bool:
    """A term includes its last day (民法典 第203条)."""
    return on > due_on


def lacks(basis: str, in_national_list: bool, in_force: bool) -> str:
    """Why a measure may not be chosen, empty when it may (国办发〔2020〕49号: 清单之外不得实施惩戒)."""
    if not in_force:
        return "已停用"
    if not basis.strip():
        return "没有现行依据"
    return "" if in_national_list else "不在全国失信惩戒措施基础清单内"
