"""The three register files of a very small city, as the departments export them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.cast import credit_code

GRID_ADDRESS = "内蒙古自治区乌海市海勃湾区凤凰岭街道和平社区第一网格{}号商铺"
UNCLEAR_ADDRESS = "内蒙古自治区乌海市海勃湾区滨河小区底商"


@dataclass(frozen=True)
class Employer:
    number: int
    name: str
    heads: int
    insured: int
    address: str = ""

    @property
    def code(self) -> str:
        return credit_code(self.number)


STUBBORN = Employer(9001, "乌海市海晟恒物流有限公司", heads=12, insured=0)
WILLING = Employer(9002, "乌海市启明诚餐饮有限公司", heads=9, insured=3)
IN_ORDER = Employer(9003, "乌海市广聚建材有限公司", heads=6, insured=6)
UNPLACED = Employer(9004, "乌海市越创网络有限公司", heads=5, insured=5, address=UNCLEAR_ADDRESS)
EMPLOYERS = (STUBBORN, WILLING, IN_ORDER, UNPLACED)


def market(folder: Path, employers: Sequence[Employer] = EMPLOYERS) -> Path:
    """With one line that is cut off: it must be named and stop nothing."""
    head = ("统一社会信用代码", "企业名称", "登记状态", "企业类型", "住所", "成立日期", "从业人数")
    rows: list[Sequence[object]] = [
        (
            e.code,
            e.name,
            "存续",
            "有限责任公司",
            e.address or GRID_ADDRESS.format(e.number % 100),
            "2015-03-01",
            "",
        )
        for e in employers
    ]
    return _written(
        folder / "市场监管登记.csv", "gb18030", [head, *rows, ("91150302MAY999999", "乌海市断行商贸")]
    )


def social(folder: Path, employers: Sequence[Employer] = EMPLOYERS, month: str = "202610") -> Path:
    head = ("统一社会信用代码", "单位名称", "参保状态", "所属年月", "参保总人数", "养老保险人数", "失业保险人数",
            "工伤保险人数", "月人均缴费基数")  # fmt: skip
    rows = [(e.code, e.name, "参保缴费", month, *(e.insured,) * 4, "6000.00") for e in employers if e.insured]
    return _written(folder / f"社保参保-{month}.csv", "utf-8-sig", [head, *rows])


def tax(folder: Path, employers: Sequence[Employer] = EMPLOYERS, month: str = "202610") -> Path:
    head = ("纳税人识别号", "纳税人名称", "所属年月", "最近申报年月", "个税扣缴人数", "工资薪金总额")
    rows = [(e.code, e.name, month, month, e.heads, f"{e.heads * 6000:,.2f}") for e in employers]
    return _written(folder / f"税务申报-{month}.csv", "utf-8-sig", [head, *rows])


def all_insured(employer: Employer) -> Employer:
    return replace(employer, insured=employer.heads)


def _written(path: Path, encoding: str, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path
