"""The refusals of grid/registers; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class HeaderMissing(Problem):
    """`where`: the sheets and lines that were looked through."""

    code = "header-missing"
    status = 422
    title = _("没有找到表头")
    template = _("“{name}”里没有找到这种名册的表头行（{where}）。")
    advice = _("请核对是否选对了名册种类；表头应有代码列和名称列，列名可用中文字段名或交换表字段名。")


class ColumnsDoubled(Problem):
    code = "columns-doubled"
    status = 422
    title = _("列名重复")
    template = _("“{name}”有几列的列名相同，无法判断用哪一列：{columns}。")
    advice = _("请删去或改名多余的列后再交；在网页上传的，也可以在核对列的页面上指定用哪一列。")


class ColumnUnknown(Problem):
    code = "column-unknown"
    status = 422
    title = _("没有这一项")
    template = _("这种名册没有这些项：{names}；可用的有：{known}。")
    advice = _("请对照名册的各项核对名称。")


class NoColumnsToSay(Problem):
    code = "no-columns-to-say"
    status = 409
    title = _("名册不在等待核对列")
    template = _("这份名册现在是“{state}”，列已不能再改。")


class NotYourRegister(Problem):
    code = "not-your-register"
    status = 403
    title = _("不是本部门的名册")
    template = _("{register}名册由{keepers}提供，您的岗位不能导入。")
    advice = _("请交由该部门的联络员导入；该部门没有联络员的，由市扩面办代为导入。")


class DeliveryNotWaiting(Problem):
    code = "delivery-not-waiting"
    status = 409
    title = _("名册不在等待确认")
    template = _("这份名册现在是“{state}”，不需要确认。")


class DeliveryFileGone(Problem):
    code = "delivery-file-gone"
    status = 409
    title = _("名册文件已清除")
    template = _("“{name}”等待确认过久，文件已按规定清除，不能采用。")
    advice = _("请决定不采用，并请报送部门重新交来。")


class DeliveryNotUndoable(Problem):
    code = "delivery-not-undoable"
    status = 409
    title = _("这批名册不能撤回")
    template = _("这批名册不能撤回：{why}。")


class DeliveryReplaced(Problem):
    code = "delivery-replaced"
    status = 409
    title = _("后来的名册已改变其内容")
    template = _("这批名册之后又采用了：{later}，其内容已被改变或再次确认。")
    advice = _("请先撤回后来的名册，或者交一份新的名册更正。")


class DeliveryInUse(Problem):
    code = "delivery-in-use"
    status = 409
    title = _("已有办理事项以这批名册为依据")
    template = _("以这批名册为依据的有：{what}。")
    advice = _("已经据以办理的名册不再撤回，请交一份新的名册更正。")


class OlderDelivery(Problem):
    code = "older-delivery"
    status = 409
    title = _("已有更新的名册")
    template = _("{area} 已有数据日期为 {newest} 的{register}名册，不能再导入 {as_of} 的。")
    advice = _("请确认数据日期；较早的数据不会覆盖较新的数据。")


class FutureDelivery(Problem):
    code = "future-delivery"
    status = 422
    title = _("数据日期在将来")
    template = _("数据日期 {as_of} 还没有到。")
