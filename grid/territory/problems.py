"""The refusals of grid/territory; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class UnknownArea(Problem):
    code = "unknown-area"
    status = 422
    title = _("区划代码不存在")
    template = _("没有代码为“{area}”的区划或网格。")
    advice = _("请使用官方区划代码（区6位、街道9位、社区12位、网格15位）。")


class AreaUnclear(Problem):
    code = "area-unclear"
    status = 422
    title = _("看不出是哪个区划")
    template = _("这里可选的区划中没有“{text}”，或同名的不止一个。")
    advice = _("请输入名称的一部分，从提示中选一个，或写区划代码。")


class AreaNotCurrent(Problem):
    code = "area-not-current"
    status = 409
    title = _("网格已撤销")
    template = _("网格 {area} 已于 {until} 撤销，由 {successors} 承接。")
    advice = _("请改用承接的网格。")


class PostingOutOfArea(Problem):
    code = "posting-level-wrong"
    status = 422
    title = _("岗位与区域级别不符")
    template = _("“{role}”应设在{level}，不能设在 {area}。")


class PostingHeld(Problem):
    code = "posting-held"
    status = 409
    title = _("岗位已安排")
    template = _("{name}在这段时间已任 {area} 的{role}。")


class PersonUnknown(Problem):
    code = "person-unknown"
    status = 422
    title = _("没有这个人")
    template = _("没有登录名为“{name}”的在职人员。")
    advice = _("请输入姓名或登录名，从列出的人员中选；还没有账号的，先在“人员”里新增。")


class NameShared(Problem):
    code = "name-shared"
    status = 409
    title = _("同名的不止一人")
    template = _("叫“{name}”的不止一人：{logins}。")
    advice = _("请改填登录名。")


class LoginTaken(Problem):
    code = "login-taken"
    status = 409
    title = _("登录名已有人用")
    template = _("登录名“{name}”已经是别人的（不分大小写）。")
    advice = _("请另取一个；同名同姓的，可以在后面加数字。停用的账号仍占用登录名。")


class LoginUnfit(Problem):
    code = "login-unfit"
    status = 422
    title = _("登录名不能用")
    template = _("“{name}”不能作登录名。")
    advice = _("请用 2 至 40 个字母、数字、汉字或 . @ + - _，不含空格。")


class PersonNameUnfit(Problem):
    code = "person-name-unfit"
    status = 422
    title = _("姓名不对")
    template = _("姓名没有填写，或者超过 40 个字。")


class PhoneUnfit(Problem):
    code = "phone-unfit"
    status = 422
    title = _("手机号不对")
    template = _("“{phone}”不是电话号码。")
    advice = _("请填 5 至 15 位数字；没有的留空。")


class NoHeadsPost(Problem):
    code = "no-heads-post"
    status = 422
    title = _("不是负责人的岗位")
    template = _("“{role}”不作决定，不能标明为行政机关负责人。")


class LastToPost(Problem):
    """Whoever gives posts is posted by somebody who does: when the last has gone, nobody comes in."""

    code = "last-to-post"
    status = 409
    title = _("没有别人能安排岗位了")
    template = _(
        "{name}是{area}最后一位能安排{what}岗位的人：自 {day} 起没有别人任期不短于他，而且已经登录过。"
    )
    advice = _(
        "请先安排另一位同事任同样的岗位（不设截止日，或截止日不早于原来的），由他用登录码设好口令，再结束这一个。"
    )


class OwnPosting(Problem):
    code = "own-posting"
    status = 409
    title = _("不能安排自己的岗位和账号")
    template = _("岗位的安排、结束和账号的停用，须由另一位有权限的同事办理。")


class RolesConflict(Problem):
    code = "roles-conflict"
    status = 409
    title = _("岗位不相容")
    template = _("{name}在这段时间任{held}，不能同时任{role}：{why}。")
    advice = _("请安排另一位同事；确需调整的，先结束原来的岗位。")


class GivenByOthers(Problem):
    code = "given-by-others"
    status = 403
    title = _("这个岗位不由您安排")
    template = _("{role}岗位由{who}安排，以免被监督、被审核的人自己选定监督他的人。")
    advice = _("请报送有权安排的同事办理。")


class AlreadyActive(Problem):
    code = "already-active"
    status = 409
    title = _("账号没有停用")
    template = _("{name}的账号现在可以使用，不需要恢复。")


class CoverUnfit(Problem):
    code = "cover-unfit"
    status = 422
    title = _("代班人不合适")
    template = _("代班的岗位须是另一人的同类岗位，并且在缺勤期间一直有效。")


class AbsenceOverlaps(Problem):
    code = "absence-overlaps"
    status = 409
    title = _("缺勤时间重叠")
    template = _("{name}在 {first} 至 {last} 已登记缺勤。")


class AbsenceOver(Problem):
    code = "absence-over"
    status = 409
    title = _("缺勤不能这样结束")
    template = _("缺勤自 {first} 至 {last}，最后一天须在这之间。")


class GridLineWrong(Problem):
    """A line of a table of grids or divisions that does not say what it must."""

    code = "area-line-wrong"
    status = 422
    title = _("这一行不能采用")
    template = _("{why}")


class GridOfAnother(Problem):
    code = "grid-of-another-community"
    status = 422
    title = _("网格代码与社区不符")
    template = _("代码 {grid} 不以社区代码 {community} 开头，或者它的后三位不属于“{kind}”的号段。")
    advice = _("基础网格用 001–799，商圈网格用 801–899，园区网格用 901–999；不写代码的，由系统给下一个号。")


class GridNameTaken(Problem):
    code = "grid-name-taken"
    status = 409
    title = _("网格重名")
    template = _("{community}已有叫“{name}”的网格（{grid}）。")
    advice = _("请换一个名称，或写上该网格的代码来修改它。")


class GridCodesUsedUp(Problem):
    code = "grid-codes-used-up"
    status = 409
    title = _("网格代码已用完")
    template = _("{community}的“{kind}”没有可用的代码了；撤销过的代码不再使用。")


class OutlineWrong(Problem):
    code = "outline-wrong"
    status = 422
    title = _("边界不成立")
    template = _("边界{why}。")
    advice = _("边界须是 GeoJSON 的 Polygon 或 MultiPolygon，坐标写作“经度, 纬度”。")


class OutlinesUnreadable(Problem):
    code = "geojson-unreadable"
    status = 422
    title = _("GeoJSON 读不出来")
    template = _("“{name}”不是完整的 GeoJSON。")
    advice = _("请从地图软件导出 GeoJSON（FeatureCollection），或者提供 CSV、XLSX 表格。")


class OutlineFar(Problem):
    code = "outline-far-away"
    status = 422
    title = _("边界不在本市附近")
    template = _("边界离{place}约 {km} 公里。")
    advice = _("请核对坐标系和经纬度的先后。")


class OutlineOutside(Problem):
    code = "outline-outside"
    status = 422
    title = _("边界超出社区")
    template = _("边界有 {percent}% 在{community}之外。")
    advice = _("请改画边界，或先更正社区的边界。")


class OutlineOverlaps(Problem):
    code = "outline-overlaps"
    status = 409
    title = _("边界与相邻网格重叠")
    template = _("边界与{grid}重叠，达较小一方的 {percent}%。")
    advice = _("一处地方只能属于一个网格。请改画其中一个的边界。")


class PreviewOutdated(Problem):
    code = "preview-outdated"
    status = 409
    title = _("预览已过时")
    template = _("从您打开预览到现在，区划有了变化，文件里的结果与您看到的不同。没有采用任何一行。")
    advice = _("请按新的预览再核对一次。")
