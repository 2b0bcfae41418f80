"""Registers on their way in: one whose columns are to be checked, and one that was taken with something to do."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grid.calendar.now import today
from grid.registers.actions import Meaning, import_delivery
from grid.registers.models import Row
from grid.registers.uploads.actions import look_at, receive_upload
from tests.cast import credit_code

HEADER = "代码,单位全称,住所（登记、个体户经营场所）,法定代表人,联系电话,注册资本（万元）,成立日期"
LONG = "乌海市海勃湾区凤凰岭街道煤焦化工机电设备安装维修与综合服务有限责任公司第一分公司"


def line(number: int, name: str = "", day: str = "2015-03-01") -> str:
    address = f"海勃湾区凤凰岭街道人民路{number}号"
    return f"{credit_code(number)},{name or f'示例{number}号有限公司'},{address},张三,13800138000,100,{day}"


def deliver(cast: Any, folder: Path) -> SimpleNamespace:
    lines = [line(70), line(71, LONG), line(72, day="若干"), "不是代码,示例73号有限公司,海勃湾区,李四,,,"]
    asked = "\n".join(["乌海市市场主体名录（2026年第三季度）,,,,,,", HEADER, *lines]).encode()
    upload = receive_upload(
        Meaning("market", "1503", today()),
        "市场监管局2026年第三季度市场主体名录（最终版）.csv",
        [asked],
        by=cast.by.wu,
    )
    look_at.call(upload.pk, cast.wu.pk)
    path = folder / "税务2026年10月.csv"
    tax = "统一社会信用代码,纳税人名称,所属年月,个税扣缴人数,工资薪金总额（万元）,办税人,联系电话"
    told = [
        f"{credit_code(n)},{LONG if n == 80 else f'示例{n}号有限公司'},202610,12,{w},王五,13800138000"
        for n, w in ((80, "12.5"), (81, "若干"))
    ]
    path.write_text("\n".join([tax, *told, "150302190001030228,王某,202610,1,,,"]), encoding="utf8")
    report = import_delivery(Meaning("tax", "1503", today()), path, by=cast.by.wu)
    row = Row.objects.filter(delivery=report, personal__isnull=False).order_by("pk")[0]
    return SimpleNamespace(upload=upload, report=report, row=row, line=report.refusals.get())
