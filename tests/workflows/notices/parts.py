"""What the examples of printed documents share: who writes, to whom, about which facts."""

from datetime import date
from random import Random

from grid.codes import Purpose, fresh_code
from workflows.notices.documents import (
    Citation,
    Contact,
    FactTable,
    Letterhead,
    Officer,
    Party,
    Remedies,
)

LAW = "中华人民共和国社会保险法"
LIST = "社会保险领域严重失信人名单"
REGISTER = Citation(
    LAW,
    "第五十八条第一款",
    "用人单位应当自用工之日起三十日内为其职工向社会保险经办机构申请办理社会保险登记。",
)
DECLARE = Citation(
    LAW,
    "第六十条第一款",
    "用人单位应当自行申报、按时足额缴纳社会保险费，非因不可抗力等法定事由不得缓缴、减免。",
)
PENALTY = Citation(LAW, "第八十四条")
LISTING = Citation("社会保险领域严重失信人名单管理暂行办法", "第五条第一项", reviewed=False)
OFFICERS = (Officer("周正", "蒙C-0312"), Officer("何敏", "蒙C-0318"))
REMEDIES = Remedies("乌海市人民政府", 60, "海勃湾区人民法院", 6)
FACTS = FactTable(
    columns=("核对事项", "市场监管登记", "税务申报", "社会保险参保", "走访核实"),
    rows=(
        ("经营状态", "存续", "正常申报", "已登记", "正常经营"),
        ("从业人数", "—", "12人", "3人", "12人"),
        ("数据时点", "2025年12月31日", "2025年12月", "2025年12月", "2026年1月9日"),
    ),
    note="各部门数据口径不同，仅作核对之用；如与实际不符，以核实结果为准。",
)
FOUND = (
    "税务部门登记你单位2025年12月代扣代缴个人所得税的从业人员12人，同期你单位参加社会保险的职工3人，相差9人。",
    "2026年1月9日网格工作人员走访时，你单位确认在岗职工12人，其中9人未办理社会保险登记。",
)


def letter(number: str, seed: int, issued_on: date = date(2026, 1, 15)) -> Letterhead:
    return Letterhead(
        authority="乌海市海勃湾区人力资源和社会保障局",
        number=number,
        issued_on=issued_on,
        party=Party(
            "乌海市示例商贸有限责任公司", "91150302MA0NEXAMP5", "海勃湾区凤凰岭街道新华西街15号", "张示例"
        ),
        code=fresh_code(Purpose.NOTICE, Random(seed)),
        contact=Contact("海勃湾区社会保险事业服务中心", "0473-2000000", "海勃湾区人民北路1号", "李示例"),
        sample=True,
    )
