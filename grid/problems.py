"""What a refusal is, and those that several rooms raise; every other one stands in the `problems.py` of its room.

The text may change, the code never does. `docs/problems.md` is written from all of them and a test
compares the two. Pages show `title` and `detail`; the API answers RFC 9457 problem documents.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from grid.texts import Text


class Problem(Exception):
    """A refusal: `code` and `status` are fixed, `template` is filled with the facts given."""

    code = "problem"
    status = 400
    title: Text = _("操作未能完成")
    template: Text = ""
    advice: Text = ""
    # Where what is missing can be done: the name of a page's address, and what its button says.
    leads_to: tuple[str, Text] | None = None

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def detail(self) -> str:
        return str(self.template).format(**self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


# --- who and where -------------------------------------------------------------------------------


class NotHere(Problem):
    """Outside one's territory and not existing look the same, so that neither leaks the other."""

    code = "not-here"
    status = 404
    title = _("没有找到")
    template = _("这里没有您要找的内容，或者它不在您的辖区内。")
    advice = _("请核对地址；如果您确认属于本辖区，请联系上级管理员查看岗位。")


class NotYourPost(Problem):
    code = "not-your-post"
    status = 403
    title = _("岗位无此权限")
    template = _("您现有的岗位不能办理“{right}”。")
    advice = _("请交由有相应岗位的同事办理。")


class WrongPeriod(Problem):
    code = "wrong-period"
    status = 422
    title = _("起止日期不对")
    template = _("截止日 {last} 早于起始日 {first}。")


# --- acting at once ------------------------------------------------------------------------------


class AlreadyDone(Problem):
    """Somebody was faster; say who and when, so nobody has to ask around."""

    code = "already-done"
    status = 409
    title = _("已由他人办理")
    template = _("{who}已于 {when} 办理了这一步。")
    advice = _("页面已更新，无需重复办理。")


class OutOfOrder(Problem):
    code = "out-of-order"
    status = 409
    title = _("当前环节不能这样办理")
    template = _("“{thing}”现处于“{state}”，不能“{act}”。")
    advice = _("请刷新后按页面给出的环节办理。")


class SamePersonTwice(Problem):
    code = "four-eyes"
    status = 409
    title = _("须由另一人办理")
    template = _("{first}已办理前一步，同一人不能既登记又复核。")
    advice = _("请交由本辖区另一位同事办理。")


class ReasonMissing(Problem):
    code = "reason-missing"
    status = 422
    title = _("请写明理由")
    template = _("“{act}”须写明理由。")


class NothingChosen(Problem):
    code = "nothing-chosen"
    status = 422
    title = _("没有选择")
    template = _("请至少选择一项。")


# --- codes that are scanned ----------------------------------------------------------------------


class ForeignCode(Problem):
    code = "foreign-code"
    status = 422
    title = _("不是本系统的码")
    template = _("扫到的码不是本系统发出的。")
    advice = _("请扫描本系统门牌或文书上的码，或手工输入。")


class MistypedCode(Problem):
    code = "mistyped-code"
    status = 422
    title = _("编码有误")
    template = _("编码中有字符抄写有误，校验不符。")
    advice = _("请对照文书或标签逐字核对；编码不含字母 I、O、S、Z 和数字 0、1、5。")


# --- files handed in -----------------------------------------------------------------------------


class WrongFile(Problem):
    code = "wrong-file"
    status = 422
    title = _("文件类型不对")
    template = _("“{name}”不是能读取的名册文件。")
    advice = _("请提供 CSV 文本或 XLSX 表格。")


class NotATable(Problem):
    """`what`: what the file is instead, as its own first bytes say."""

    code = "not-a-table"
    status = 422
    title = _("不是表格文件")
    template = _("“{name}”是{what}，不是表格文件。")
    advice = _("请从业务系统导出 CSV 或 XLSX，或在表格软件中另存为 XLSX 后再上传；压缩包请先解压。")


class FormulasUnreckoned(Problem):
    """So many formulas without a value, or none with its place, that no line could be told from another."""

    code = "formulas-unreckoned"
    status = 422
    title = _("公式没有计算结果")
    template = _("“{name}”里有公式没有计算结果，或者出错。")
    advice = _("请用表格软件打开，等公式算完，改正出错的单元格并保存；或者复制后“选择性粘贴”为数值，再上传。")


class FileOversized(Problem):
    """Refused before anything is allocated by what the file claims, or given up by the process that read it."""

    code = "file-oversized"
    status = 422
    title = _("文件过大")
    template = _("“{name}”{why}，没有读取。")
    advice = _(
        "请把表格末尾多余的行和列整行、整列删除（只清空内容不够），另存后再上传；"
        "内容确实很多的，请分成几份，名册也可以导出为 CSV。"
    )


class FileLocked(Problem):
    code = "file-locked"
    status = 422
    title = _("文件有密码")
    template = _("“{name}”设有打开密码，无法读取。")
    advice = _("请在表格软件中取消密码，另存后再上传。")


class EmptyFile(Problem):
    code = "empty-file"
    status = 422
    title = _("文件是空的")
    template = _("“{name}”没有数据行。")


class ColumnsMissing(Problem):
    code = "columns-missing"
    status = 422
    title = _("缺少必要的列")
    template = _("“{name}”没有这些列：{columns}。")
    advice = _("请核对是否选对了名册种类，列名可用中文字段名或交换表字段名。")


# --- requests and the machine --------------------------------------------------------------------


class FormTooLong(Problem):
    code = "form-too-long"
    status = 413
    title = _("一次提交的项太多")
    template = _("一个页面一次最多提交 {most} 项。什么都没有改变。")
    advice = _("请少勾选一些，分几次办理。")


class MalformedRequest(Problem):
    code = "malformed-request"
    status = 422
    title = _("请求无法识别")
    template = _("提交的内容有误：{faults}")


class NoRoom(Problem):
    code = "no-room"
    status = 507
    title = _("服务器磁盘空间不足")
    template = _("服务器磁盘空间不足，暂时不能接收文件；已经收到的都在，没有收到的仍在您这里，请稍后再试。")
    advice = _("请通知系统管理员清理或扩充磁盘；手机会自动重试。")

    def __init__(self) -> None:
        super().__init__(seconds=600)


class FileMissing(Problem):
    """The row is there and its file is not: a fault of ours, and the page is not one that does not exist."""

    code = "file-missing"
    status = 404
    title = _("文件暂时取不到")
    template = _("记录在案，但保存的文件不在服务器上；这不是您的操作造成的。")
    advice = _("请告知系统管理员：运行 verify_files 核对文件，从备份找回；找回之前可以先使用纸质件。")


class Busy(Problem):
    code = "busy"
    status = 503
    title = _("系统繁忙")
    template = _("多人同时办理同一户，请稍后再试。")


class SchemaBehind(Problem):
    """Code and tables are of two versions, for the moments of an upgrade. What was sent was not taken."""

    code = "schema-behind"
    status = 503
    title = _("系统正在升级")
    template = _(
        "数据库的表与程序不是同一版，多半正在升级；这一次没有办理，已经办好的都在。请在 {seconds} 秒后再试。"
    )
    advice = _(
        "不用重新填写：返回刚才的页面再提交一次即可；手机会自动重试。"
        "超过十分钟仍这样，请系统管理员运行 grid-manage doctor，看“表结构”一项。"
    )

    def __init__(self, seconds: int = 60) -> None:
        super().__init__(seconds=seconds)


class DatabaseAway(Problem):
    """What was sent was not taken; what was taken before is there. A phone sends it again by itself."""

    code = "database-away"
    status = 503
    title = _("数据库暂时连不上")
    template = _("数据库正在维护或暂时中断，这一次没有办理，已经办好的都在。请在 {seconds} 秒后再试。")
    advice = _(
        "不用重新填写：返回刚才的页面再提交一次即可；手机会自动重试。超过十分钟仍这样，请通知系统管理员。"
    )

    def __init__(self, seconds: int = 10) -> None:
        super().__init__(seconds=seconds)


class ServerFault(Problem):
    code = "server-fault"
    status = 500
    title = _("系统出错")
    template = _("系统出错，内容没有改动，请稍后再试。")
