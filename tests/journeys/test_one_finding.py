"""One finding, from the registers to the yearly assessment, as everybody who has a hand in it sees it."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from grid.calendar.now import today
from tests.conftest import ROOT
from tests.journeys import registers
from tests.journeys.conftest import Behind
from tests.journeys.people import Clerk, People, Reader, Walker, fill
from tests.journeys.registers import EMPLOYERS, STUBBORN, UNPLACED, WILLING, Employer
from tests.papers import PDF
from tests.reading import codes_of, words_of
from workflows.cases.models import Case

MEASURES = {STUBBORN: "抓参保", WILLING: "抓漏保"}


def test_a_stubborn_employer(
    people: People, walker: Walker, passer_by: Reader, behind: Behind, tmp_path: Path
) -> None:
    """From the registers over the list of the dishonest to the yearly assessment."""
    registers_become_doors(people, behind, walker, tmp_path)
    the_door_is_visited_without_a_network(walker)
    the_visit_is_sent_by_itself(walker)
    case = the_finding_becomes_a_case(people, STUBBORN)
    the_notice_is_issued_checked_and_served(people, passer_by, case)
    the_term_runs_out_and_inspectors_take_over(people.zhou, behind, case)
    two_officers_inspect_and_order(people, behind, case, tmp_path)
    the_fine_is_told_and_the_employer_heard(people, behind, case)
    the_fine_is_reviewed_decided_served_and_paid(people, case)
    listing_is_proposed_and_the_employer_heard(people, behind, case, tmp_path)
    listing_is_reviewed_decided_and_served(people, case)
    everybody_can_read_it_until_its_end(people.ma, passer_by, behind, case)
    the_auditor_proves_the_whole_story(people.zheng, case, tmp_path)
    the_year_counts_it(people.wu, case)


def test_a_willing_employer(
    people: People, walker: Walker, passer_by: Reader, behind: Behind, tmp_path: Path
) -> None:
    """The next register of social insurance shows everybody insured: the case closes by itself."""
    registers_become_doors(people, behind, walker, tmp_path)
    the_door_is_visited_and_some_are_missing(walker)
    case = the_finding_becomes_a_case(people, WILLING)
    the_notice_is_issued_checked_and_served(people, passer_by, case)
    the_next_register_heals_it(people, behind, case, tmp_path)
    no_term_runs_any_more(people.zhou, behind, case)


# --- from the registers to the doors -----------------------------------------------------------------


def registers_become_doors(people: People, behind: Behind, walker: Walker, folder: Path) -> None:
    registers_come_in(people.wu, behind, folder)
    what_no_address_tells_is_placed_by_hand(people.qian)
    registers_are_compared(people.wu, behind)
    a_round_is_planned_approved_and_dispatched(people, behind)
    the_phone_is_enrolled(people.zhao, walker)


def registers_come_in(office: Clerk, behind: Behind, folder: Path) -> None:
    import_register(office, behind, "市场监管登记", registers.market(folder))
    office.sees("已完成")
    expect(office.page.locator(".sums")).to_contain_text("4接收")
    expect(office.page.locator(".sums")).to_contain_text("1退回")
    expect(office.page.locator(".sums")).to_contain_text("1待归格")
    office.sees("乌海市断行商贸")
    import_register(office, behind, "社会保险参保", registers.social(folder))
    import_register(office, behind, "税务申报", registers.tax(folder))
    office.goes_to("名册")
    for register in ("市场监管登记", "社会保险参保", "税务申报"):
        expect(office.row(register).filter(has_text=".csv")).to_contain_text("已完成")


def import_register(office: Clerk, behind: Behind, register: str, file: Path) -> None:
    office.goes_to("名册")
    office.follows("导入名册")
    form = office.page.locator("main form")
    fill(form, {"名册": register, "范围": "乌海市"})
    form.get_by_label("文件").set_input_files(file)
    form.get_by_role("button", name="导入").click()
    office.sees("正在查看文件")
    behind.does_the_jobs()
    # Its columns are checked first; the page hears that the file was looked at.
    office.sees("文件的前几行")
    office.page.get_by_role("button", name="按此导入").click()
    office.sees("列已核对，正在看会改变什么")
    behind.does_the_jobs()
    # What it would change is looked at before anything is taken; the page hears that it is there.
    office.sees("采用前请看会改变什么")
    office.page.get_by_label("确认采用").check()
    office.page.get_by_role("button", name="提交决定").click()
    office.sees("已确认，正在导入")
    behind.does_the_jobs()


def what_no_address_tells_is_placed_by_hand(supervisor: Clerk) -> None:
    supervisor.finds_in_inbox("1 户待归格")
    supervisor.takes("1 户待归格")
    supervisor.sees(UNPLACED.name, "待人工归格")
    supervisor.follows(re.compile("^归格$"))
    form = supervisor.page.locator("main form")
    # What fits is offered while she types; she takes the first.
    field = form.get_by_label("归入")
    field.press_sequentially("第二网格")
    offered = form.locator("datalist option[value*='第二网格']").first
    expect(offered).to_be_attached()
    field.fill(str(offered.get_attribute("value")))
    form.get_by_role("button", name="归格").click()
    supervisor.sees(f"“{UNPLACED.name}”已归格")


def registers_are_compared(office: Clerk, behind: Behind) -> None:
    office.goes_to("线索")
    # Each delivery was compared by itself already.
    office.sees("上次比对以来的变化", "名册送达后")
    office.page.get_by_role("button", name="比对名册").click()
    office.sees("已开始比对")
    behind.does_the_jobs()
    # The result comes by itself: the page hears that it is there.
    office.sees("新线索 0 条，仍存在 2 条")
    office.follows(STUBBORN.name)
    office.sees("R1", "税务申报", "个税扣缴人数", "12 人", "第2行", "社会保险法》第57条")


def a_round_is_planned_approved_and_dispatched(people: People, behind: Behind) -> None:
    planner, supervisor = people.qian, people.sun
    planner.goes_to("轮次")
    planner.follows("制定")
    form = planner.page.locator("main form")
    day = (today() + timedelta(days=20)).isoformat()
    fill(form, {"名称": "岁末专项核查", "范围": "凤凰岭街道", "截止": day})
    for rule in ("R1", "R2"):
        form.get_by_label(re.compile(rf"^\s*{rule}\s")).check()
    form.get_by_role("button", name="保存并试算").click()
    dry_run = planner.page.locator("[id^=plan-]")
    expect(dry_run).to_contain_text("2可派")
    expect(planner.row(STUBBORN.name)).to_contain_text("王建国")
    planner.does("提交审批")
    planner.stands("待街道审批")
    planner.may_not("同意")
    supervisor.takes("岁末专项核查")
    supervisor.does("同意")
    supervisor.has_nothing_about("岁末专项核查")
    planner.takes("岁末专项核查")
    planner.does("派发", "开始派发")
    planner.sees("正在派发:0 / 0")
    behind.does_the_jobs()
    planner.sees("2待查")


def the_phone_is_enrolled(reviewer: Clerk, walker: Walker) -> None:
    reviewer.goes_to("手机")
    reviewer.row("王建国").get_by_role("button", name="出示登记码").click()
    reviewer.sees("为王建国登记手机")
    code = reviewer.page.locator("code.big").inner_text()
    walker.enrols(code)
    walker.sees("还剩 2 户", STUBBORN.name, "个税扣缴12人", "全部已发送")


def the_door_is_visited_without_a_network(walker: Walker) -> None:
    walker.opens(STUBBORN.name)
    walker.sees("税务显示个税扣缴12人，社保没有参保登记")
    walker.loses_the_network()
    walker.answers("现在是否在经营", "在经营")
    expect(walker.question("在岗人数")).to_contain_text("来自税务申报")
    walker.confirms("在岗人数")
    walker.answers("自报参保人数", 0)
    walker.saves()
    walker.presses("回到今天")
    walker.sees("还剩 1 户", "还有 1 条待发送")


def the_visit_is_sent_by_itself(walker: Walker) -> None:
    walker.is_on_line_again()
    walker.sees("全部已发送")
    walker.goes_to("我的")
    walker.row(STUBBORN.name).click()
    walker.sees("已送到服务器", "受理编号")
    walker.page.go_back()


def the_door_is_visited_and_some_are_missing(walker: Walker) -> None:
    walker.opens(WILLING.name)
    walker.answers("现在是否在经营", "在经营")
    walker.confirms("在岗人数")
    walker.answers("自报参保人数", WILLING.insured)
    walker.answers("缴费基数是否按实际工资申报", "按实际工资")
    walker.answers("今年是否有职工中断缴费", "否")
    walker.saves()
    walker.presses("回到今天")
    walker.sees("全部已发送")


# --- from the finding to the notice ------------------------------------------------------------------


def the_finding_becomes_a_case(people: People, employer: Employer) -> Case:
    case = the_reviewer_confirms_what_somebody_else_saw(people.zhao, employer)
    street_and_district_approve(people, case)
    return case


def the_reviewer_confirms_what_somebody_else_saw(reviewer: Clerk, employer: Employer) -> Case:
    reviewer.takes(employer.name)
    seen = f"在岗 {employer.heads} 人,自报参保 {employer.insured} 人"
    reviewer.sees(MEASURES[employer], seen, "个税扣缴人数", f"{employer.heads} 人")
    reviewer.does("确认")
    case = Case.objects.get(subject__name=employer.name)
    reviewer.sees(case.code)
    return case


def street_and_district_approve(people: People, case: Case) -> None:
    street, district = people.sun, people.qian
    people.zhao.opens(f"/cases/{case.code}/")
    people.zhao.may_not("同意")
    street.takes(case.code)
    street.sees("走访登记:王建国;复核确认:赵敏")
    street.does("同意", 意见="事实清楚")
    street.stands("待区级审批")
    street.may_not("同意")
    district.takes(case.code)
    district.does("同意")
    district.stands("待送达告知书")
    district.has_nothing_about(case.code)


def is_signed(signer: Clerk, case: Case, paper: str) -> None:
    """Whoever's word a paper waits for finds it in the inbox and approves it; its author goes on."""
    signer.takes(f"《{paper}》")
    signer.sees(case.subject.name)
    signer.page.get_by_role("button", name="签发所选").click()
    signer.sees("已签发 1 份")


def the_notice_is_issued_checked_and_served(people: People, passer_by: Reader, case: Case) -> None:
    reviewer = people.zhao
    reviewer.takes(case.code)
    reviewer.does("制发告知书")
    reviewer.sees("待签发")
    assert "草稿" in words_of(reviewer.paper("告知书"))
    is_signed(people.sun, case, "督促参保缴费告知书")
    reviewer.takes(case.code)
    reviewer.sees("尚未送达")
    pdf, employer = reviewer.paper("告知书"), case.subject
    printed = words_of(pdf)
    assert employer.name in printed and employer.code in printed and "15日" in printed
    passer_by.opens(codes_of(pdf)[0])
    passer_by.sees("真实有效的文书", employer.name)
    reviewer.does("登记告知书送达", 送达方式="直接送达", 签收人="张三", 签收人身份="法定代表人")
    reviewer.stands("限期内")
    reviewer.sees("直接送达")


# --- from the term to the list -----------------------------------------------------------------------


def the_term_runs_out_and_inspectors_take_over(inspector: Clerk, behind: Behind, case: Case) -> None:
    inspector.has_nothing_about(case.code)
    behind.lets_the_term_pass(case, "urging.term")
    inspector.finds_in_inbox("逾期")
    inspector.takes(case.code)
    inspector.does("申请监察立案", 立案理由="督促期满仍未登记")
    inspector.stands("监察办理中")


def two_officers_inspect_and_order(people: People, behind: Behind, case: Case, folder: Path) -> None:
    people.zhou.has_nothing_about(case.code)
    people.qian.takes(case.code)
    people.qian.sees("周正", "何敏", "督促期满仍未登记")
    people.qian.does("批准立案")
    people.qian.stands("调查中")
    people.zhou.takes(case.code)
    (folder / "笔录.pdf").write_bytes(PDF)
    people.zhou.does(
        "登记调查取证记录",
        **{"地点": "单位办公室", "内容": "在岗12人，未参加社会保险", "附件": folder / "笔录.pdf"},
        **{"已主动出示执法证件，并告知配合义务和申请回避的权利": True},
    )
    signs_second(people.he, case)
    people.zhou.takes(case.code)
    people.zhou.does("制发限期改正指令书")
    assert "周正" in words_of(people.zhou.paper("限期改正指令书"))
    is_signed(people.qian, case, "劳动保障监察限期改正指令书")
    people.zhou.takes(case.code)
    people.zhou.does("登记指令书送达", 签收人="张三", 签收人身份="法定代表人")
    people.zhou.stands("责令改正期内")
    behind.lets_the_term_pass(case, "order.term")


def signs_second(officer: Clerk, case: Case) -> None:
    """What one officer writes proves something once the other has signed it."""
    officer.takes(case.code)
    officer.does("签认调查取证记录", **{"我在场办理，已核对内容和附件，签名确认": True})


def the_fine_is_told_and_the_employer_heard(people: People, behind: Behind, case: Case) -> None:
    inspector = people.zhou
    inspector.takes(case.code)
    since = (today() - timedelta(days=100)).isoformat()
    inspector.does(
        "拟定处罚并制发告知书",
        **{
            "查明的事实": "逾期未办理社会保险登记",
            "应缴未缴或瞒报的数额(元)": 20000,
            "数额的来源": "社会保险经办机构核定表",
            "欠缴之日": since,
        },
    )
    inspector.sees("1.5 倍 = 30,000.00 元")
    is_signed(people.qian, case, "行政处罚事先告知书")
    inspector.takes(case.code)
    inspector.does("登记处罚告知书送达", 签收人="张三", 签收人身份="法定代表人")
    inspector.does("记录陈述申辩", 内容="刚开业,请求从轻")
    inspector.does("复核答复陈述申辩", 内容="已按所在档次的下限")
    inspector.sees("刚开业,请求从轻", "已按所在档次的下限")
    inspector.does("提交案件调查终结报告")
    signs_second(people.he, case)
    behind.lets_the_term_pass(case, "inspection.statement")


def the_fine_is_reviewed_decided_served_and_paid(people: People, case: Case) -> None:
    people.shi.takes(case.code)
    people.shi.does("法制审核通过", 审核意见="程序合法")
    people.qian.takes(case.code)
    people.qian.does("作出处罚决定")
    people.zhou.takes(case.code)
    assert "30,000.00" in words_of(people.zhou.paper("行政处罚决定书"))
    people.zhou.does("登记处罚决定书送达", 签收人="张三", 签收人身份="法定代表人")
    people.zhou.stands("待履行")
    people.qian.takes(case.code)
    people.qian.does("公示处罚决定")
    people.qian.has_nothing_about(case.code)
    people.zhou.does("登记缴款", **{"缴款金额(元)": 30000, "票据号": "缴-0001"})
    people.zhou.stands("已履行")
    people.zhou.takes(case.code)
    people.zhou.sees("30000.00")


def listing_is_proposed_and_the_employer_heard(
    people: People, behind: Behind, case: Case, folder: Path
) -> None:
    inspector, over_on = people.zhou, case.inspections.latest("pk").due_on
    behind.lets_time_pass(over_on + timedelta(days=1))
    inspector.takes(case.code)
    (folder / "复查记录.pdf").write_bytes(PDF)
    inspector.does(
        "登记复查记录", 复查日期=today().isoformat(), 复查地点="登记住所", 复查情况="在岗12人,参保0人",
        复查记录和照片=folder / "复查记录.pdf",
    )  # fmt: skip
    inspector.does(
        "提请列入严重失信名单",
        列入情形="经行政处罚后",
        主要事实="未为12名职工办理社会保险登记,处罚后仍未改正",
    )
    people.ma.takes(case.code)
    people.ma.does("制发列入告知书")
    is_signed(people.wu, case, "列入社会保险领域严重失信人名单告知书")
    inspector.takes(case.code)
    inspector.does("登记列入告知书送达", 签收人="张三", 签收人身份="法定代表人")
    inspector.stands("陈述申辩期")
    people.wu.opens(f"/cases/{case.code}/")
    people.wu.does("记录陈述申辩", 内容="资金周转困难,请求延期")
    people.wu.does("答复陈述申辩", 内容="资金困难不免除登记义务,不予采纳")
    people.wu.sees("资金周转困难,请求延期", "不予采纳")
    behind.lets_the_term_pass(case, "listing.defence")


def listing_is_reviewed_decided_and_served(people: People, case: Case) -> None:
    people.fang.takes(case.code)
    people.fang.sees("资金周转困难,请求延期", "不予采纳")
    people.fang.does("法制审核通过", 审核意见="事实清楚,程序合法")
    people.fang.has_nothing_about(case.code)
    people.qian.takes(case.code)
    people.qian.does("同意列入")
    people.ma.takes(case.code)
    people.ma.does("决定列入")
    people.zhou.takes(case.code)
    assert STUBBORN.name in words_of(people.zhou.paper("列入社会保险领域严重失信人名单决定书"))
    people.zhou.does("登记列入决定书送达", 签收人="张三", 签收人身份="法定代表人")


def everybody_can_read_it_until_its_end(office: Clerk, passer_by: Reader, behind: Behind, case: Case) -> None:
    passer_by.opens("/public/listings/")
    passer_by.does_not_see(STUBBORN.name)
    office.takes(case.code)
    office.does("公示")
    office.stands("公示中")
    passer_by.opens("/public/listings/")
    passer_by.follows(STUBBORN.name)
    passer_by.sees(STUBBORN.code, "经行政处罚后,仍不改正", "人社部规〔2019〕2号", "公示至", "怎样修复")
    behind.lets_the_term_pass(case, "listing.period")
    passer_by.opens("/public/listings/")
    passer_by.does_not_see(STUBBORN.name)
    office.opens(f"/cases/{case.code}/")
    office.stands("已移出名单")


# --- the other end ----------------------------------------------------------------------------------


def the_next_register_heals_it(people: People, behind: Behind, case: Case, folder: Path) -> None:
    behind.lets_time_pass(today() + timedelta(days=8))
    people.zhao.opens("/cases/")
    expect(people.zhao.row(case.code)).to_contain_text("限期内")
    insured = [registers.all_insured(e) if e == WILLING else e for e in EMPLOYERS]
    import_register(people.wu, behind, "社会保险参保", registers.social(folder, insured, "202611"))
    people.wu.goes_to("线索")
    people.wu.page.get_by_role("button", name="比对名册").click()
    behind.does_the_jobs()
    people.wu.sees("已消除 1 条")
    behind.sweeps()
    # The list before the reviewer changes without anybody touching it.
    expect(people.zhao.row(case.code)).to_contain_text("已整改")
    people.zhao.follows(case.code)
    people.zhao.stands("已整改")
    people.zhao.sees("社保名册显示已整改", "案件已办结")


def no_term_runs_any_more(inspector: Clerk, behind: Behind, case: Case) -> None:
    behind.lets_time_pass(today() + timedelta(days=30))
    inspector.has_nothing_about(case.code)


# --- what remains ------------------------------------------------------------------------------------


def the_auditor_proves_the_whole_story(auditor: Clerk, case: Case, folder: Path) -> None:
    auditor.goes_to("审计")
    search = auditor.page.get_by_role("searchbox")
    search.fill(STUBBORN.name[3:7])
    search.press("Enter")
    auditor.follows(case.code)
    auditor.sees("市场监管登记.csv 第 2 行", "王建国", "孙强", "钱卫东", "周正", "马骏")
    auditor.page.get_by_role("button", name="已封存").first.click()
    auditor.sees("核验通过")
    with auditor.page.expect_download() as saving:
        auditor.page.get_by_role("button", name="导出案卷").click()
    export, key = folder / "案卷.ledger.jsonl", folder / "key.pem"
    saving.value.save_as(export)
    key.write_bytes(auditor.page.request.get("/public/ledger/key.pem").body())
    proof = verified(export, key)
    assert proof.returncode == 0, proof.stdout
    lines = export.read_text().splitlines()
    export.write_text("\n".join([*lines[:5], *lines[6:]]))
    assert verified(export, key).returncode == 1


def verified(export: Path, key: Path) -> subprocess.CompletedProcess[str]:
    """The small program that needs nothing of ours, run as anybody would run it."""
    command = [sys.executable, "-m", "grid.ledger.verify", str(export), "--key", str(key)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def the_year_counts_it(office: Clerk, case: Case) -> None:
    office.goes_to("考核")
    office.page.get_by_role("button", name="按默认方案开启并计算").click()
    line = office.row("海勃湾区")
    column = office.page.get_by_role("columnheader").all_inner_texts()
    at = next(n for n, text in enumerate(column) if "案件按期办结率" in text)
    number = line.get_by_role("cell").or_(line.get_by_role("rowheader")).nth(at)
    expect(number).to_contain_text("0/1")
    number.get_by_role("link").click()
    office.sees("案件按期办结率:0 / 1", "所列 1 个")
    office.follows(case.code)
    office.stands("已移出名单")
