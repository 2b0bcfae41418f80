"""What the departments deliver: files as they export them, from what is true and from what they know of it."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from project.demo.employers import ALL_TYPES, Employer
from project.demo.people import name_of

MARKET = ("统一社会信用代码", "注册号", "企业名称", "登记状态", "主体类别", "企业类型", "住所", "行业代码", "行业名称",
          "注册资本（万元）", "成立日期", "核准日期", "登记机关", "从业人数", "经营范围", "法定代表人")  # fmt: skip
SOCIAL = ("单位编号", "统一社会信用代码", "单位名称", "单位参保状态", "费款所属期", "参保日期", "月参保总人数", "养老参保人数",
          "失业参保人数", "工伤参保人数", "养老缴至年月", "月人均缴费基数")  # fmt: skip
TAX = ("纳税人识别号", "纳税人名称", "税款所属期", "末次申报年月", "个人所得税扣缴人数", "其中退休返聘等人数", "月工资薪金总额",
       "应缴社保费", "实缴社保费")  # fmt: skip
AUTHORITY = {
    "150302": "海勃湾区市场监督管理局",
    "150303": "海南区市场监督管理局",
    "150304": "乌达区市场监督管理局",
}
TYPES = {"企业": "有限责任公司(自然人投资或控股)", "个体工商户": "个体工商户", "农民专业合作社": "农民专业合作社",
         "民办非企业单位": "民办非企业单位", "事业单位": "事业单位法人"}  # fmt: skip


def write_market(path: Path, employers: Iterable[Employer], day: date, damaged: bool = False) -> int:
    """市场监管登记 as it stood on `day`, in GB18030 as their system writes it; how many lines."""
    rows = [_market(employer, day) for employer in employers if employer.established <= day]
    return _write(path, MARKET, rows, "gb18030", _MARKET_DAMAGE if damaged else ())


def _market(employer: Employer, day: date) -> list[object]:
    gone = employer.closed_on is not None and employer.closed_on <= day
    return [
        employer.code.lower() if employer.number % 97 == 0 else employer.code, employer.legacy, employer.name,
        "注销" if gone else "存续（在营、开业、在册）", employer.category, TYPES[employer.category], employer.address,
        employer.trade.code, employer.trade.words, f"{employer.capital}", employer.established.isoformat(),
        max(employer.established, date(2021, 3, 1)).isoformat(), AUTHORITY[employer.grid[:6]],
        _said_heads(employer), f"{employer.trade.words}（依法须经批准的项目,经相关部门批准后方可开展经营活动）",
        name_of(Random(f"head {employer.number}")),
    ]  # fmt: skip


def _said_heads(employer: Employer) -> int | str:
    """The register's head-count is old and often missing."""
    return "" if employer.number % 3 else max(0, employer.heads - employer.number % 4)


def write_social(path: Path, employers: Iterable[Employer], day: date) -> int:
    """社会保险 for the month before `day`. Who never registered is not in it."""
    rows = [row for employer in employers if (row := _social(employer, day))]
    return _write(path, SOCIAL, rows, "utf-8-sig")


def _social(employer: Employer, day: date) -> list[object] | None:
    insured, flaw = employer.insured_on(day), employer.flaw_on(day)
    if not insured or employer.established > day - timedelta(days=45) or _is_gone(employer, day):
        return None
    month = last_month(day)
    paid_to = months_before(month, 5) if flaw == "lapsed" else month
    counts = dict.fromkeys(ALL_TYPES, insured)
    if flaw == "types":
        counts["unemployment"] = 0
        counts["injury"] = insured if employer.number % 2 else 0
    base = round(max(4907.4, employer.wage * (0.62 if flaw == "low_base" else 1.0)), 2)
    is_new = employer.flaw == "unregistered" and employer.mended_on is not None and day >= employer.mended_on
    since = (
        employer.mended_on if is_new and employer.mended_on else max(employer.established, date(2012, 1, 1))
    )
    return [
        f"1503{employer.number:07d}", employer.code, employer.name,
        "暂停缴费" if flaw == "lapsed" else "参保缴费", month, f"{since:%Y%m}",
        insured, counts["pension"], counts["unemployment"], counts["injury"], paid_to, f"{base:.2f}",
    ]  # fmt: skip


def write_tax(path: Path, employers: Iterable[Employer], day: date, damaged: bool = False) -> int:
    """税务申报 for the month before `day`: heads with tax withheld, the wages declared, premiums due and paid."""
    rows = [row for employer in employers if (row := _tax(employer, day))]
    return _write(path, TAX, rows, "utf-8-sig", _TAX_DAMAGE if damaged else ())


def _tax(employer: Employer, day: date) -> list[object] | None:
    if not employer.heads or employer.established > day - timedelta(days=45) or _is_gone(employer, day):
        return None
    month, flaw, insured = last_month(day), employer.flaw_on(day), employer.insured_on(day)
    retired = employer.heads // 12 if employer.number % 5 == 0 else 0
    wages = employer.heads * employer.wage
    due = round(insured * max(4907.4, employer.wage) * 0.27, 2)
    paid = 0 if flaw == "lapsed" else due
    filed = months_before(month, 4) if flaw == "vanished" else month
    return [
        employer.code,
        employer.name,
        month,
        filed,
        employer.heads + retired,
        retired,
        f"{wages:,.2f}",
        f"{due:.2f}",
        f"{paid:.2f}",
    ]


def _is_gone(employer: Employer, day: date) -> bool:
    return employer.closed_on is not None and employer.closed_on <= day


def last_month(day: date) -> str:
    return f"{day.replace(day=1) - timedelta(days=1):%Y%m}"


def months_before(month: str, count: int) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[4:]) - 1 - count, 12)
    return f"{year}{number + 1:02d}"


# --- files ---------------------------------------------------------------------------------------------

# Lines as damaged files really have them: cut, shifted, without a code, with a wrong digit, with broken bytes.
_MARKET_DAMAGE: Sequence[bytes] = (
    "91150302MAY999999,,乌海市断行商贸有限公司（示例）,存续".encode("gb18030"),
    ",,乌海市无码建材有限公司（示例）,存续,企业,有限责任公司,乌海市海勃湾区人民南路3街坊,5165,建材批发,50,2019-04-01,2021-03-01,,,,".encode("gb18030"),
    "91150302MAY0000011,,乌海市错码物流有限公司（示例）,存续,企业,有限责任公司,乌海市海勃湾区机场路,5430,道路货物运输,100,2018-02-11,2021-03-01,,,,".encode("gb18030"),
    b"91150304MAY0000022,,\xce\xda\xba\xa3\xff\xff,\xb4\xe6\xd0\xf8,,,,,,,,,,,,",
    "乌海市串列餐饮有限公司（示例）,91150302MAY0000033,存续,企业,有限责任公司,乌海市乌达区解放北路,6210,正餐服务,30,2020-06-01,2021-03-01,,,,,".encode("gb18030"),
)  # fmt: skip
_TAX_DAMAGE: Sequence[bytes] = (
    "91150303MAY0000044,乌海市错位化工有限公司（示例）,202613,202610,12,0,\"68,400.00\",0,0".encode(),
    b",,202610,202610,3,0,12000,0,0",
)  # fmt: skip


def _write(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    encoding: str,
    damage: Sequence[bytes] = (),
) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    if damage:
        _spoil(path, damage)
    return len(rows) + len(damage)


def _spoil(path: Path, damage: Sequence[bytes]) -> None:
    """Puts the damaged lines between the good ones, always at the same places."""
    lines = path.read_bytes().split(b"\n")
    random = Random("damage")
    for line in damage:
        lines.insert(random.randint(2, len(lines) - 2), line)
    path.write_bytes(b"\n".join(lines))
