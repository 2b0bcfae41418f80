"""The refusals of grid/tables; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class WebPageSaved(Problem):
    """Many systems give their export the name .xls and write a web page."""

    code = "web-page-saved"
    status = 422
    title = _("是网页，不是表格")
    template = _("“{name}”其实是网页（HTML），只是文件名写成了表格。")
    advice = _("请用表格软件打开它，选择“另存为”XLSX 或 CSV，再上传另存的文件。")


class XmlTableSaved(Problem):
    code = "xml-table-saved"
    status = 422
    title = _("是 XML 文件")
    template = _("“{name}”是 XML 文件（如“XML 表格 2003”），不能直接读取。")
    advice = _("请用表格软件打开它，选择“另存为”XLSX 或 CSV，再上传另存的文件。")


class OldWorkbook(Problem):
    code = "old-workbook"
    status = 422
    title = _("表格格式太旧")
    template = _("“{name}”是 Excel 95 以前的格式，不能读取。")
    advice = _("请用表格软件打开它，选择“另存为”XLSX，再上传另存的文件。")


class WrongEncoding(Problem):
    code = "wrong-encoding"
    status = 422
    title = _("文字编码不对")
    template = _("“{name}”既不是 UTF-8，也不是 GB18030 编码。")
    advice = _("请在导出时选择 UTF-8 或 GB18030，再次上传。")


class LineUnread(Problem):
    code = "line-unread"
    status = 422
    title = _("这一行无法读出")
    template = _("这一行无法读出：{why}。")
    advice = _("请在原来的软件里看这一行，改好后再交。")


class SheetsSeveral(Problem):
    code = "sheets-several"
    status = 422
    title = _("不止一张工作表有内容")
    template = _("“{name}”还有别的工作表有内容（{sheets}），这里只读一张，没有导入。")
    advice = _("请把各行并到一张工作表里，说明文字的工作表请删去或隐藏，再交一次。")
