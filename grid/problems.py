"""Every refusal a person can meet, in one list.

The text may change, the code never does. `docs/problems.md` is written from this file and a test
compares the two. Pages show `title` and `detail`; the API answers RFC 9457 problem documents.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """A refusal: `code` and `status` are fixed, `template` is filled with the facts given."""

    code = "problem"
    status = 400
    title: Any = _("操作未能完成")
    template: Any = ""
    advice: Any = ""
    # Where what is missing can be done: the name of a page's address, and what its button says.
    leads_to: tuple[str, Any] | None = None

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def detail(self) -> str:
        return str(self.template).format(**self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


# --- who and where -----------------------------------------------------------------------------


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


class SessionEnded(Problem):
    """The form came from a session that has ended; what was typed is still in the browser."""

    code = "session-ended"
    status = 401
    title = _("登录已结束")
    template = _("您的登录已经结束（长时间没有操作、在别处退出或者密码已更改），这次提交没有办理。")
    advice = _("请在新的标签页登录，再回到刚才的页面提交：填写的内容还在那里。")


class PasswordToChange(Problem):
    code = "password-to-change"
    status = 403
    title = _("请先更改密码")
    template = _("现在的密码是别人给您设的，更改之后才能继续。")


class SecondFactorMissing(Problem):
    code = "second-factor-missing"
    status = 403
    title = _("请先设置两步验证")
    template = _("本系统为等级保护第三级，登录工作台须有两步验证。")
    advice = _("请在“我的账号”设置身份验证器或通行密钥，之后即可继续。")


class OwnReset(Problem):
    code = "own-reset"
    status = 409
    title = _("不能重置自己的登录")
    template = _("自己的密码和两步验证在“我的账号”更改；忘记了的，由管理您岗位的同事重置。")


class NoFactor(Problem):
    code = "no-second-factor"
    status = 409
    title = _("没有两步验证")
    template = _("{name}没有设置两步验证，无需解除。")


class TooManySignIns(Problem):
    code = "too-many-sign-ins"
    status = 429
    title = _("登录请求过于频繁")
    template = _("您所在的网络请求过于频繁，请在 {seconds} 秒后再试。")


class UnknownArea(Problem):
    code = "unknown-area"
    status = 422
    title = _("区划代码不存在")
    template = _("没有代码为“{area}”的区划或网格。")
    advice = _("请使用官方区划代码（区6位、街道9位、社区12位、网格15位）。")


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


class NotAGrid(Problem):
    code = "not-a-grid"
    status = 422
    title = _("不是网格")
    template = _("“{area}”不是网格，对象只能归入网格。")


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


class NobodyWaits(Problem):
    code = "nobody-waits"
    status = 409
    title = _("没有需要解除的等待")
    template = _("{name}现在登录不需要等待。")


class HasPassword(Problem):
    code = "has-password"
    status = 409
    title = _("已经设过密码")
    template = _("所选的人都已设过密码，不需要首次登录码。")
    advice = _("忘记密码的，在“登录帮助”里逐个给出重置码。")


class TooManyPeople(Problem):
    code = "too-many-people"
    status = 422
    title = _("一次选得太多")
    template = _("一次最多办理 {most} 人，这里有 {n} 人。")
    advice = _("请用筛选分几次办理。")


class AreaAmbiguous(Problem):
    code = "area-ambiguous"
    status = 422
    title = _("区划名称不止一个")
    template = _("“{area}”有 {n} 个：{codes}。")
    advice = _("请改填区划代码。")


class RoleUnknown(Problem):
    code = "role-unknown"
    status = 422
    title = _("没有这种岗位")
    template = _("“{role}”不是本系统的岗位。")
    advice = _(
        "可填：网格员、社区复核员、街道主管、区主管、劳动监察员、市扩面办、部门联络员、审计员、法制审核员、组织人事。"
    )


class DayUnreadable(Problem):
    code = "day-unreadable"
    status = 422
    title = _("日期认不出")
    template = _("“{day}”不是日期。")
    advice = _("请写作 2026-01-31。")


class TooManyLines(Problem):
    code = "too-many-lines"
    status = 422
    title = _("行数太多")
    template = _("一次最多录入 {most} 行。")
    advice = _("请分成几份文件。")


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


class CityManaged(Problem):
    code = "city-managed"
    status = 409
    title = _("已经有人可以办理")
    template = _("{area}已有{role}：{names}。")
    advice = _("请由他在“人员”页新增人员、安排岗位、给出登录码。")


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


class WrongPeriod(Problem):
    code = "wrong-period"
    status = 422
    title = _("起止日期不对")
    template = _("截止日 {last} 早于起始日 {first}。")


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


class RecutIncomplete(Problem):
    code = "recut-incomplete"
    status = 422
    title = _("网格调整不完整")
    template = _("还有 {count} 户没有说明归入哪个新网格。")
    advice = _("请为每一户指定新网格，或画出能包含其点位的边界。")


class RecutWrong(Problem):
    code = "recut-wrong"
    status = 422
    title = _("网格调整不成立")
    template = _("{why}")


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


class ChecklistUnfinished(Problem):
    code = "checklist-unfinished"
    status = 409
    title = _("清单还没有办完")
    template = _("还有 {count} 项不办完就不能对外开展：{titles}。")


class PlaceUnclear(Problem):
    code = "grid-unclear"
    status = 422
    title = _("看不出是哪个网格")
    template = _("“{text}”不是可选的网格。")
    advice = _("请从提示中选一个，或写 15 位网格代码；只有一个网格的社区也可写社区代码。")


# --- acting at once ----------------------------------------------------------------------------


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


# --- ledger --------------------------------------------------------------------------------------


class NotSealedYet(Problem):
    code = "not-sealed-yet"
    status = 503
    title = _("台账尚未封存")
    template = _("要导出的台账条目还没有封存，通常在两秒内完成。")
    advice = _("请稍候再试；如果一直如此，请联系系统管理员查看封存程序。")


class SealerSilent(Problem):
    """The pages hold no signing key; the clock that does has not answered."""

    code = "sealer-silent"
    status = 503
    title = _("封存服务没有应答")
    template = _("导出需要封存服务签名，它现在没有应答。")
    advice = _("请稍后再试；仍然如此的，请系统管理员检查时钟服务（grid-clock）是否在运行。")


class ClockBehind(Problem):
    """An entry older than its forerunner would be taken for back-dated, for ever."""

    code = "clock-behind"
    status = 503
    title = _("服务器时间倒退，暂停登记")
    template = _("本机时间比台账中最近一条{behind}。现在登记会使台账的时间次序无法证明，本次操作没有登记。")
    advice = _("内容没有改动，请稍后再试；仍然如此的，请系统管理员检查各台服务器的时间同步。")


class ClockApart(Problem):
    """One of several machines goes by another clock than all share."""

    code = "clock-apart"
    status = 503
    title = _("服务器时间不一致，暂停登记")
    template = _("本机时间比数据库时间{ahead}。在核对一致之前不登记台账，本次操作没有登记。")
    advice = _("内容没有改动，请稍后再试；仍然如此的，请系统管理员检查各台服务器的时间同步。")


class NothingToRotate(Problem):
    code = "nothing-to-rotate"
    status = 409
    title = _("没有可以更换的密钥")
    template = _("{name} 里没有新旧两把密钥，或者新密钥已经在用。")
    advice = _("请把新密钥写在前、旧密钥写在后，用逗号隔开，重启各个服务，再执行更换。")


class RotationOpen(Problem):
    """Two at once could close each other's gate."""

    code = "rotation-open"
    status = 409
    title = _("另一把密钥正在更换")
    template = _("{key}的更换还没有完成。")
    advice = _("请先把它执行完；中断的更换再执行一次即可接着做。")


class RotationUnfinished(Problem):
    code = "rotation-unfinished"
    status = 409
    title = _("密钥还没有换完")
    template = _("有 {count} 处没有换成新密钥，其中 {unreadable} 处用现有的密钥都打不开。")
    advice = _("旧密钥必须保留。请确认各个服务都已用新配置重启、缺少的旧密钥已补上，再执行一次。")


class StrangeKeys(Problem):
    code = "strange-keys"
    status = 409
    title = _("密钥与台账不符")
    template = _("最近的封存点不是用现在配置的密钥签的，也不是由它交接而来的密钥。")
    advice = _("请核对 LEDGER_KEY 和 LEDGER_PUBLIC_KEY 是否属于这套系统。")


class AlarmAnswered(Problem):
    """Nobody closes an alarm of the ledger alone, nor one office by itself."""

    code = "alarm-answered"
    status = 409
    title = _("须由另一部门的另一人处置")
    template = _("{office}的{name}已经对这条警报作出说明。")
    advice = _("警报须由市扩面办和审计各一人、分属两个部门的人员分别查明，才会关闭。")


class TooManyReveals(Problem):
    code = "too-many-reveals"
    status = 429
    title = _("今天查看个人信息已达上限")
    template = _("您今天已查看个人信息 {count} 次，达到每人每日上限；已向市扩面办和审计发出警报。")
    advice = _("确因办案需要的，请明天再看，或者由同事办理。")


class StillNeeded(Problem):
    """个人信息保护法 第47条第2款, 第19条: what the law or a running matter still needs is not deleted."""

    code = "still-needed"
    status = 409
    title = _("现在不能遗忘")
    template = _("依法还需要这些个人信息：{why}。")
    advice = _("事项办结、保存期限届满之后再申请；在此之前应停止存储和采取必要的安全保护措施之外的处理。")


class ForgettingAsked(Problem):
    code = "forgetting-asked"
    status = 409
    title = _("已经申请过")
    template = _("{name}已于 {at} 申请遗忘这些个人信息，等待决定。")


class ForgettingDecided(Problem):
    code = "forgetting-decided"
    status = 409
    title = _("已经决定")
    template = _("{name}已于 {at} 作出决定。")


class OwnForgetting(Problem):
    code = "own-forgetting"
    status = 409
    title = _("不能决定自己的申请")
    template = _("遗忘个人信息须由申请人以外的另一人决定。")


class NothingToForget(Problem):
    code = "nothing-to-forget"
    status = 409
    title = _("没有可遗忘的个人信息")
    template = _("“{name}”没有由本系统加密保存的个人信息，或者已经遗忘。")


# --- identifiers -------------------------------------------------------------------------------


class WrongCheckDigit(Problem):
    code = "wrong-check-digit"
    status = 422
    title = _("代码校验位不符")
    template = _("“{value}”的校验位不符，可能抄写有误。")
    advice = _("请对照证照原件重新核对。")


class MalformedCode(Problem):
    code = "malformed-code"
    status = 422
    title = _("代码格式不符")
    template = _("“{value}”不是18位统一社会信用代码，也不是15位注册号。")


class RoundedCode(Problem):
    code = "rounded-code"
    status = 422
    title = _("代码已残缺")
    template = _("“{value}”被表格软件当作数字保存过，后几位已经丢失。")
    advice = _("请把代码列设为“文本”格式，从原始系统重新导出；不能靠补零恢复。")


class PersonNumber(Problem):
    """The number is masked before it is told."""

    code = "person-number"
    status = 422
    title = _("是个人的证件号码")
    template = _("统一社会信用代码处填的是公民身份号码（{value}），不是单位的代码。")
    advice = _("请核对是否填错了列；自然人不列入单位名册。")


class UnknownUnitClass(MalformedCode):
    code = "unknown-unit-class"
    title = _("代码前两位不符")
    template = _("“{value}”的前两位“{pair}”不是 GB 32100 规定的登记管理部门和机构类别。")
    advice = _("请对照证照核对；个人的号码不能填在单位代码里。")


class OrganisationCodeAlone(MalformedCode):
    code = "organisation-code-alone"
    title = _("是组织机构代码")
    template = _("“{value}”是9位组织机构代码，2015年起由18位统一社会信用代码代替。")
    advice = _("请填18位统一社会信用代码，它的第9至17位就是这个号码。")


class OldTaxNumber(MalformedCode):
    code = "old-tax-number"
    title = _("是旧的纳税人识别号")
    template = _("“{value}”是15位旧纳税人识别号（6位行政区划加9位组织机构代码），不是注册号。")
    advice = _("请填18位统一社会信用代码，它的第9至17位就是这个号码的后9位。")


class LocalCodeMissing(Problem):
    code = "local-code-missing"
    status = 422
    title = _("缺少编码")
    template = _("“{kind}”要有编码：项目填项目代码，宣传点填点位编号，自然人填公民身份号码。")


class MissingCode(Problem):
    code = "missing-code"
    status = 422
    title = _("缺少代码")
    template = _("此行没有统一社会信用代码，也没有注册号。")


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


class NameMissing(Problem):
    code = "name-missing"
    status = 422
    title = _("名称不成立")
    template = _("“{value}”不能作为单位名称。")


class SubjectKnown(Problem):
    code = "subject-known"
    status = 409
    title = _("对象已在册")
    template = _("代码 {value} 已在册，无需重复登记。")


# --- registers ---------------------------------------------------------------------------------


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


class WrongEncoding(Problem):
    code = "wrong-encoding"
    status = 422
    title = _("文字编码不对")
    template = _("“{name}”既不是 UTF-8，也不是 GB18030 编码。")
    advice = _("请在导出时选择 UTF-8 或 GB18030，再次上传。")


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


class LineUnread(Problem):
    code = "line-unread"
    status = 422
    title = _("这一行无法读出")
    template = _("这一行无法读出：{why}。")
    advice = _("请在原来的软件里看这一行，改好后再交。")


class FormTooLong(Problem):
    code = "form-too-long"
    status = 413
    title = _("一次提交的项太多")
    template = _("一个页面一次最多提交 {most} 项。什么都没有改变。")
    advice = _("请少勾选一些，分几次办理。")


class TooManyAtOnce(Problem):
    code = "too-many-at-once"
    status = 422
    title = _("一次办得太多")
    template = _("这一次有 {n} 户，一次最多 {most} 户。什么都没有改变。")
    advice = _("请分几次办理。")


class SheetsSeveral(Problem):
    code = "sheets-several"
    status = 422
    title = _("不止一张工作表有内容")
    template = _("“{name}”还有别的工作表有内容（{sheets}），这里只读一张，没有导入。")
    advice = _("请把各行并到一张工作表里，说明文字的工作表请删去或隐藏，再交一次。")


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


# --- comparison, rounds and check tasks ---------------------------------------------------------


class DeadlinePast(Problem):
    code = "deadline-past"
    status = 422
    title = _("截止日期已过")
    template = _("截止日期 {due_on} 早于今天。")
    advice = _("请选择今天或以后的日期。")


class NothingPlaced(Problem):
    code = "nothing-placed"
    status = 409
    title = _("没有一户可派：都未归格")
    template = _("“{round}”选中的 {n} 户都还没有归入网格，派不到人。")
    advice = _("请先在“待归格”里把它们归入网格，再回来派发。")
    leads_to = ("pool", _("去待归格"))


class NothingToDispatch(Problem):
    code = "nothing-to-dispatch"
    status = 409
    title = _("没有一户可派")
    template = _("“{round}”现在一户也派不出：{why}。")
    advice = _("请看试算里的原因，处理之后再派发；不再需要的，请撤回这个轮次。")


class NotAWorker(Problem):
    code = "not-a-worker"
    status = 422
    title = _("不是在岗网格员")
    template = _("{name}现在不是在岗网格员，不能接收核查任务。")
    advice = _("请选择在岗的网格员。")


# --- phone ---------------------------------------------------------------------------------------


class MalformedRequest(Problem):
    code = "malformed-request"
    status = 422
    title = _("请求无法识别")
    template = _("提交的内容有误：{faults}")


class DeviceUnknown(Problem):
    code = "device-unknown"
    status = 401
    title = _("手机未登记")
    template = _("这部手机没有登记，或登记信息已失效。")
    advice = _("请让主管出示登记码，重新扫码登记；手机里未发送的走访不会丢失。")


class DeviceRevoked(Problem):
    code = "device-revoked"
    status = 401
    title = _("手机已停用")
    template = _("这部手机已停用，或岗位已结束，不能再查看辖区内容。")
    advice = _("手机里未发送的走访仍可交回；如需继续使用，请让主管重新登记。")


class DeviceClosed(Problem):
    code = "device-closed"
    status = 401
    title = _("手机停用已久")
    template = _("这部手机已于 {when} 停用，或岗位已在那时结束，不能再直接发送。")
    advice = _("没发送的内容都还在手机里。请导出成文件，交到社区由主管导入。")


class EnrolmentUnknown(Problem):
    code = "enrolment-unknown"
    status = 404
    title = _("登记码无效")
    template = _("没有找到这个登记码。")
    advice = _("请让主管重新出示登记码。")


class EnrolmentExpired(Problem):
    code = "enrolment-expired"
    status = 410
    title = _("登记码已过期")
    template = _("登记码已于 {when} 过期。")
    advice = _("请让主管重新出示登记码。")


class EnrolmentUsed(Problem):
    code = "enrolment-used"
    status = 409
    title = _("登记码已使用")
    template = _("每个登记码只能登记一部手机，这个登记码已经用过。")
    advice = _("请让主管重新出示登记码。")


class NotAFieldPost(Problem):
    code = "not-a-field-post"
    status = 422
    title = _("岗位不走访")
    template = _("“{role}”岗位不承担上门走访，不能登记手机。")


class DeviceAlreadyRevoked(Problem):
    code = "device-already-revoked"
    status = 409
    title = _("手机已停用")
    template = _("这部手机已于 {when} 停用。")


class TusVersion(Problem):
    code = "tus-version"
    status = 412
    title = _("上传协议版本不符")
    template = _("服务器只支持 tus 1.0.0。")


class UploadTooLarge(Problem):
    code = "upload-too-large"
    status = 413
    title = _("照片太大")
    template = _("单张照片不能超过 {limit} MB。")
    advice = _("请重新拍摄；应用会自动压缩照片。")


class PhotoAllowance(Problem):
    code = "photo-allowance"
    status = 429
    title = _("今天的照片已达上限")
    template = _("这部手机今天上传的照片已达上限（{limit}），明天自动继续；照片都还在手机里。")

    def __init__(self, **facts: Any) -> None:
        super().__init__(seconds=3_600, **facts)


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


class PictureUnshown(Problem):
    code = "picture-unshown"
    status = 415
    title = _("图片无法显示")
    template = _("这个文件不是完整的图片，无法显示；原件仍然保存。")
    advice = _("请提交人重新提供。")


class UploadOffset(Problem):
    code = "upload-offset"
    status = 409
    title = _("上传位置不符")
    template = _("服务器已收到 {offset} 字节，请从那里继续。")


class UploadOverrun(Problem):
    code = "upload-overrun"
    status = 413
    title = _("上传内容超出长度")
    template = _("发送的内容超过了声明的 {size} 字节。")


class UploadType(Problem):
    code = "upload-type"
    status = 415
    title = _("上传内容类型不符")
    template = _("续传须使用 application/offset+octet-stream。")


class PhotoHashWrong(Problem):
    code = "photo-hash-wrong"
    status = 460
    title = _("照片内容不符")
    template = _("收到的照片与手机记录的指纹不符，已删除，请重新上传。")


class SuggestionAnswered(Problem):
    code = "suggestion-answered"
    status = 409
    title = _("意见建议已答复")
    template = _("{who} 已于 {when} 答复。")


class MethodNotAllowed(Problem):
    code = "method-not-allowed"
    status = 405
    title = _("此地址不支持这种请求")
    template = _("此地址只支持：{allowed}。")


class RequestTooLarge(Problem):
    code = "request-too-large"
    status = 413
    title = _("请求太大")
    template = _("一次请求不能超过 {limit} MB，请分批发送。")


class TooManyRequests(Problem):
    code = "too-many-requests"
    status = 429
    title = _("请求过于频繁")
    template = _("这部手机请求太多，请在 {seconds} 秒后继续；未发送的内容都还在手机里。")


class UnreadableSubmission(Problem):
    code = "unreadable-submission"
    status = 400
    title = _("提交无法读取")
    template = _("{why}")
    advice = _("记录仍在手机里，请更新表单后重新发送，或联系主管。")


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


class FontMissing(Problem):
    """Nothing was issued: documents are set before they are numbered for good."""

    code = "font-missing"
    status = 503
    title = _("文书字体没有装好")
    template = _("服务器上没有文书字体“{font}”，文书排不出来；这一次没有发出，也没有占用文号。")
    advice = _(
        "请系统管理员装好字体：随系统附带的运行 make packages，另选的装到本机或改 PRINT_FONT；"
        "装好后 grid-manage doctor 的“字体”一项为 ✓，再办一次即可。"
    )


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


class NoTaskToReturn(Problem):
    code = "no-task-to-return"
    status = 409
    title = _("没有可退回的任务")
    template = _("这次走访没有对应的核查任务，不能退回手机。")
    advice = _("请另行派发核查任务。")


class UnknownQuestion(Problem):
    code = "unknown-question"
    status = 422
    title = _("表单中没有这个问题")
    template = _("表单中没有“{name}”。")


class FormFileUnreadable(Problem):
    code = "form-file-unreadable"
    status = 422
    title = _("文件读不了")
    template = _("“{name}”不是可用的 XLSForm 表格：请上传 1 MB 以内的 .xlsx、.md 或 .csv 文件。")


class FormTableWrong(Problem):
    code = "form-table-wrong"
    status = 422
    title = _("表格有错误")
    template = _("表格有 {count} 处错误，第一处：{first}")
    advice = _("请按逐行说明修改后重新上传；没有保存任何内容。")


class FormVersionUsed(Problem):
    code = "form-version-used"
    status = 409
    title = _("版本号已经用过")
    template = _("表单“{form}”的版本 {version} 已经用过。")
    advice = _("请在 settings 工作表里换一个更晚的 version。")


class FormVersionOlder(Problem):
    code = "form-version-older"
    status = 409
    title = _("版本号不够新")
    template = _("表单“{form}”现用版本是 {current}，新版本 {version} 须晚于它。")
    advice = _("请在 settings 工作表里填写更晚的日期后重新上传。")


class UnsentUnreadable(Problem):
    code = "unsent-file-unreadable"
    status = 422
    title = _("手机文件无法读取")
    template = _("这个文件无法读取：{why}。")
    advice = _("请在手机应用“我的”里重新导出，并原样交来。")


class UnsentEmpty(Problem):
    code = "unsent-file-empty"
    status = 422
    title = _("手机文件里没有内容")
    template = _("文件里没有走访、照片，也没有意见建议。")


class UnsentTooLarge(Problem):
    code = "unsent-file-too-large"
    status = 413
    title = _("手机文件太大")
    template = _("手机文件不能超过 {limit} MB。")
    advice = _("请把手机连上网络，由应用自行发送。")


class DifferentUnits(Problem):
    code = "different-units"
    status = 409
    title = _("不是同一个单位")
    template = _("“{kept}”与“{dropped}”各有自己的代码，在法律上是两个单位，不能合并。")


class AlreadyMerged(Problem):
    code = "already-merged"
    status = 409
    title = _("已经并入其他对象")
    template = _("“{name}”已经并入“{into}”。")


class CaseInTheWay(Problem):
    code = "open-case-in-the-way"
    status = 409
    title = _("案件尚未办结")
    template = _("“{name}”有尚未办结的案件，不能并入其他对象。")
    advice = _("请先办结或撤销案件，再合并。")


class FieldsUndecided(Problem):
    code = "fields-undecided"
    status = 422
    title = _("还有项目没有核定")
    template = _("请为“{fields}”选择采用哪一份走访所报。")
    advice = _("如果列出的走访与您看到的不同，说明刚有新的走访送到，请刷新后再核定。")


class NothingToReject(Problem):
    code = "nothing-to-reject"
    status = 409
    title = _("没有可否定的措施")
    template = _("这次走访没有提出措施；对结果有疑问时请退回补充。")


# --- inspections ---------------------------------------------------------------------------------


class CertificateInvalid(Problem):
    code = "certificate-invalid"
    status = 422
    title = _("没有有效的执法证件")
    template = _("{name}在 {on} 没有有效的执法证件，不能办理（行政处罚法第42条、劳动保障监察条例第15条）。")
    advice = _("请登记执法证件，或者另选执法人员。")


class OfficerUnfit(Problem):
    code = "officer-unfit"
    status = 422
    title = _("不是本地的监察员")
    template = _("{name}没有本案所在地的劳动监察岗位，不能作为本案执法人员。")


class OfficerExcluded(Problem):
    code = "officer-recused"
    status = 409
    title = _("须回避")
    template = _("{name}在本案中已决定回避，不能再参与办理（行政处罚法第43条）。")


class OrderFirst(Problem):
    code = "order-first"
    status = 409
    title = _("须先责令改正")
    template = _("{inspection} 还没有责令改正期满，不能告知处罚（社会保险法第84条）。")


class HeavierAfterStatement(Problem):
    code = "heavier-after-statement"
    status = 422
    title = _("不得加重处罚")
    template = _("已告知罚款 {told} 元，当事人陈述申辩后不得给予更重的处罚（行政处罚法第45条）。")
    advice = _("查明新的违法事实的，请写明事实后重新告知。")


class StatementRecorded(Problem):
    code = "statement-recorded"
    status = 409
    title = _("已经记录过陈述申辩")
    template = _("陈述申辩已于 {on} 记录。")


class StatementMissing(Problem):
    code = "statement-missing"
    status = 409
    title = _("没有陈述申辩")
    template = _("还没有记录陈述申辩，没有可答复的内容。")


class StatementUnanswered(Problem):
    code = "statement-unanswered"
    status = 409
    title = _("陈述申辩尚未复核")
    template = _("当事人的陈述申辩还没有复核答复，不能进入下一步（行政处罚法第45条）。")


class StatementTermRuns(Problem):
    code = "statement-term-runs"
    status = 409
    title = _("陈述申辩期未满")
    template = _("陈述申辩、听证申请期限至 {on}，期满才能送法制审核。")


class HearingNotOwed(Problem):
    code = "hearing-not-owed"
    status = 409
    title = _("不属于听证范围")
    template = _("拟罚款数额未达到听证标准（行政处罚法第63条）。")
    advice = _("当事人的意见可以作为陈述申辩记录。")


class HearingTermOver(Problem):
    code = "hearing-term-over"
    status = 409
    title = _("听证申请期限已过")
    template = _("听证应当在告知后 {days} 个工作日内提出（行政处罚法第64条）。")


class HearingTooSoon(Problem):
    code = "hearing-too-soon"
    status = 422
    title = _("听证通知不足七日")
    template = _("听证通知书须在听证七个工作日前送达，最早可在 {on} 举行（行政处罚法第64条）。")


class HearingUnready(Problem):
    code = "hearing-not-held"
    status = 409
    title = _("听证尚未举行")
    template = _("听证通知书尚未送达，或者还没有到听证日期。")


class DiscussionTooSmall(Problem):
    code = "discussion-too-small"
    status = 422
    title = _("集体讨论人数不足")
    template = _("集体讨论须有承办人员以外的至少 {n} 人参加（行政处罚法第57条）。")


class DiscussionOpen(Problem):
    code = "discussion-open"
    status = 409
    title = _("还有人没有发表意见")
    template = _("{who}还没有发表讨论意见。")


class NotCalled(Problem):
    code = "not-called"
    status = 403
    title = _("不是讨论成员")
    template = _("您不在本案集体讨论成员之列，或者已经发表过意见。")


class PenaltyNotOverdue(Problem):
    code = "penalty-not-overdue"
    status = 409
    title = _("缴纳期限未到")
    template = _("罚款缴纳期限至 {on}，期满未缴才能催告（行政处罚法第67条、行政强制法第54条）。")


class CourtTooSoon(Problem):
    code = "court-too-soon"
    status = 409
    title = _("还不能申请强制执行")
    template = _("复议、诉讼期限或者催告期限至 {on}，期满才能申请（行政强制法第53、54条）。")


class CourtTooLate(Problem):
    code = "court-too-late"
    status = 409
    title = _("申请强制执行的期限已过")
    template = _("应当在 {on} 以前申请人民法院强制执行（行政强制法第53条）。")


class PenaltyChallenged(Problem):
    code = "penalty-challenged"
    status = 409
    title = _("复议或诉讼尚未结束")
    template = _("处罚决定正在{kind}（{body}），期间不能{act}（行政处罚法第73条、行政强制法第53条）。")
    advice = _("请在登记复议或诉讼结果以后办理。")


class ChangedFineMissing(Problem):
    code = "changed-fine-missing"
    status = 422
    title = _("没有填写变更后的罚款")
    template = _("结果是变更处罚决定的，须填写变更后的罚款数额。")


class HeavierOnRemedy(Problem):
    code = "heavier-on-remedy"
    status = 422
    title = _("复议、诉讼不得加重处罚")
    template = _("原处罚为 {fine} 元，变更后不得高于原处罚（行政复议法第63条、行政诉讼法第77条）。")


class OutcomeChanged(Problem):
    code = "outcome-changed"
    status = 409
    title = _("接下来的事已经变了")
    template = _("这一户的案件刚刚变化，确认后不再是页面所说的结果。什么都没有改变。")
    advice = _("请回到页面，看新的“接下来”，再决定。")


class PaymentWrong(Problem):
    code = "payment-wrong"
    status = 422
    title = _("缴款信息不对")
    template = _("缴款日期不能早于处罚决定，也不能晚于今天；票据号不能为空，也不能重复登记。")


class AmountMissing(Problem):
    code = "amount-missing"
    status = 422
    title = _("没有写明数额")
    template = _("请写明应缴未缴的数额和欠缴之日；日期不能晚于今天。")


# --- cases, notices and listing ------------------------------------------------------------------


class ClockPaused(Problem):
    code = "term-already-paused"
    status = 409
    title = _("期限已中止")
    template = _("“{term}”已经中止，恢复后才能再次中止。")


class ClockNotPaused(Problem):
    code = "term-not-paused"
    status = 409
    title = _("期限没有中止")
    template = _("“{term}”没有中止，无需恢复。")


class FindingEmpty(Problem):
    code = "finding-without-measures"
    status = 409
    title = _("没有需要处理的事项")
    template = _("这次走访没有发现需要处理的事项，不能立案。")


class FindingOfAnother(Problem):
    code = "finding-of-another-subject"
    status = 409
    title = _("发现与案件不符")
    template = _("这份发现不是案件 {case} 的对象的，不能用来补正。")


class NoticeUnserved(Problem):
    code = "notice-already-issued"
    status = 409
    title = _("文书已制发")
    template = _("{kind}（{number}）已经制发、尚未送达，不必重复制发。")
    advice = _("请先送达并登记送达情况。")


class NoticeServed(Problem):
    code = "notice-already-served"
    status = 409
    title = _("送达情况已登记")
    template = _("{number} 已于 {on} 送达，不能重复登记。")


class NoticeWithdrawn(Problem):
    code = "notice-withdrawn"
    status = 409
    title = _("文书已撤回")
    template = _("{number} 已撤回，不能再送达。")


class NotForWorkers(Problem):
    code = "not-for-workers"
    status = 409
    title = _("不能请网格员送达")
    template = _("{kind}须由执法人员送达，网格员只可作见证人。")
    advice = _("请由两名执法人员送达，并登记送达情况（行政处罚法第42条）。")


class NoDoorToServe(Problem):
    code = "no-door-to-serve"
    status = 409
    title = _("没有在岗网格员负责此户")
    template = _("“{name}”不在任何在岗网格员的走访清单上，不能请网格员送达。")
    advice = _("请自行送达并登记，或先派发核查任务。")


class NoticeMissing(Problem):
    code = "notice-missing"
    status = 409
    title = _("尚未制发文书")
    template = _("请先制发{kind}，再登记送达。")


class WrongServiceDate(Problem):
    code = "service-date-wrong"
    status = 422
    title = _("送达日期有误")
    template = _("送达日期应在制发日 {issued_on} 与今天之间。")


class ReceiverMissing(Problem):
    code = "receiver-missing"
    status = 422
    title = _("缺少签收人")
    template = _("{way}须写明签收人。")
    advice = _("用人单位的法定代表人、主要负责人或者收发人员可以签收（民事诉讼法第88条）。")


class WitnessMissing(Problem):
    code = "witness-missing"
    status = 422
    title = _("缺少见证人")
    template = _("{way}须有见证人，并写明姓名（民事诉讼法第89条）。")


class ServiceUnproved(Problem):
    code = "service-unproved"
    status = 422
    title = _("送达凭据不全")
    template = _("{way}还须写明：{lacks}。")
    advice = _("每种送达方式都要留下法律要求的凭据（民事诉讼法第87至95条）。")


class ReissueRefused(Problem):
    code = "reissue-refused"
    status = 409
    title = _("不能换发")
    template = _("{number} 已于 {on} 送达，只有补正笔误才能换发。")
    advice = _("内容有变的，请撤销后按程序重新作出。")


class NothingToMend(Problem):
    code = "nothing-to-mend"
    status = 422
    title = _("没有找到要补正的文字")
    template = _("文书中没有“{wrong}”。")
    advice = _("请照文书上的原文填写要补正的文字。")


class PreviewIncomplete(Problem):
    code = "preview-incomplete"
    status = 422
    title = _("预览前请先填写")
    template = _("预览{kind}还缺：{lacks}。")
    advice = _("请在案件页填好这一项，再点“预览”。")


class NothingToPreview(Problem):
    code = "nothing-to-preview"
    status = 409
    title = _("现在没有可预览的文书")
    template = _("这一步不制发{kind}。")
    advice = _("请在案件页查看当前可以办理的事项。")


class OfficersMissing(Problem):
    code = "two-officers"
    status = 422
    title = _("须有两名执法人员")
    template = _("须由不少于两名执法人员办理，并写明姓名和证件号（行政处罚法第42条）。")
    advice = _("请另选一名持有效执法证的同事。")


class GroundNotInForce(Problem):
    code = "ground-not-in-force"
    status = 422
    title = _("列入情形不在有效期内")
    template = _("列入情形“{ground}”在 {on} 没有有效的法律依据，不能据此列入。")


class PenaltyFirst(Problem):
    code = "penalty-first"
    status = 409
    title = _("须先处罚且仍未改正")
    template = _("列入情形“{ground}”须先有行政处罚决定，案件中没有记录。")


class AlreadyRectified(Problem):
    code = "already-rectified"
    status = 409
    title = _("已经整改")
    template = _("社保名册显示该单位已于 {on} 整改，不能再以此为由列入。")


class DefenceRecorded(Problem):
    code = "defence-already-recorded"
    status = 409
    title = _("陈述申辩已记录")
    template = _("{on} 已记录陈述申辩；补充内容请写入答复。")


class DefenceMissing(Problem):
    code = "defence-missing"
    status = 409
    title = _("没有陈述申辩")
    template = _("当事人没有提出陈述申辩，无需答复。")


class DefenceUnanswered(Problem):
    code = "defence-unanswered"
    status = 409
    title = _("陈述申辩尚未答复")
    template = _("当事人的陈述申辩须先逐条答复，才能通过法制审核。")


class NotServedYet(Problem):
    code = "service-not-effective"
    status = 409
    title = _("送达尚未生效")
    template = _("列入决定书的送达自 {on} 生效，此前不能公示。")


class NoSuchDocument(Problem):
    code = "no-such-document"
    status = 404
    title = _("查无此文书")
    template = _("本系统没有发出过核验码为“{code}”的文书。")
    advice = _("请核对文书上的核验码；如确认无误，该文书可能是伪造的，请拨打12333核实。")


# --- audits, tax transfers, reminders -----------------------------------------------------------------


class AuditorsMissing(Problem):
    code = "auditors-missing"
    status = 422
    title = _("稽核人员不足")
    template = _("稽核须由两名以上稽核人员共同进行，请指定两位不同的、持有有效证件的在岗人员。")
    advice = _("请选择在本区任职、有稽核权限、证件在有效期内的两位同事。")


class NotAnAuditor(Problem):
    code = "not-an-auditor"
    status = 403
    title = _("不是本案的稽核人员")
    template = _("本次稽核由{names}进行，其他人不能代为办理。")
    advice = _("请由指定的稽核人员办理，或者请区主管更换稽核人员。")


class AuditFindingsMissing(Problem):
    code = "audit-findings-missing"
    status = 422
    title = _("还没有稽核发现")
    template = _("没有登记稽核记录和发现的问题，不能告知情况。")
    advice = _("请先登记工作记录和各险种的发现；没有问题的，由区主管以“未发现问题”结束稽核。")


class AuditFindingsPresent(Problem):
    code = "audit-findings-present"
    status = 409
    title = _("已登记了问题")
    template = _("已登记了稽核发现的问题，不能以“未发现问题”结束。")


class AnswerTermRunning(Problem):
    code = "answer-term-running"
    status = 409
    title = _("答复期未满")
    template = _("单位可以在 {until} 前答复稽核情况，期满或者收到答复后才能提出意见。")
    advice = _("收到答复的，请先登记答复。")


class CorrectionTermRunning(Problem):
    code = "correction-term-running"
    status = 409
    title = _("改正期未满")
    template = _("责令改正的期限到 {until}，期满未改才能{act}。")


class ArrearsMissing(Problem):
    code = "arrears-missing"
    status = 422
    title = _("没有欠费")
    template = _("稽核发现里没有欠缴金额，不能移送税务。")
    advice = _("请先登记各险种欠缴的起止月份和金额。")


class NoTaxLiaison(Problem):
    code = "no-tax-liaison"
    status = 422
    title = _("没有税务联络员")
    template = _("{area} 没有“{department}”的在岗联络员，无法移送。")
    advice = _("请联系市扩面办安排税务部门的联络员岗位。")


class AgreementTooLong(Problem):
    code = "agreement-too-long"
    status = 422
    title = _("缓缴协议过长")
    template = _("分期缴纳协议应在今天之后、{until} 之前到期。")


class WrongAmount(Problem):
    code = "wrong-amount"
    status = 422
    title = _("金额不对")
    template = _("金额应大于 0，且不超过尚未征收的 {left} 元。")


class WrongDay(Problem):
    code = "wrong-day"
    status = 422
    title = _("日期不对")
    template = _("日期应在 {first} 至 {last} 之间。")


class TransferAnswered(Problem):
    code = "transfer-answered"
    status = 409
    title = _("已经办结")
    template = _("这项移送已于 {on} 答复办结。")


class NotAPhone(Problem):
    code = "not-a-phone"
    status = 422
    title = _("号码不对")
    template = _("“{number}”不是可用的电话号码。")
    advice = _("手机号 11 位；固定电话请写区号，例如 0473-2012345。")


class NoMobile(Problem):
    code = "no-mobile"
    status = 422
    title = _("没有手机号")
    template = _("“{name}”没有登记可以接收短信的手机号。")
    advice = _("请先登记手机号，或者改用纸质提醒书。")


class RemindedRecently(Problem):
    code = "reminded-recently"
    status = 409
    title = _("刚刚提醒过")
    template = _("“{name}”已于 {on} 提醒，{days} 日内不重复提醒。")


class NothingChosen(Problem):
    code = "nothing-chosen"
    status = 422
    title = _("没有选择")
    template = _("请至少选择一项。")


# --- departments' duties and targets ------------------------------------------------------------------


class DepartmentNotInForce(Problem):
    code = "department-not-in-force"
    status = 409
    title = _("部门已撤并")
    template = _("“{name}”现已不存在，其职责由“{successor}”承接。")
    advice = _("请转给承接的部门。")


class DutyOfAnother(Problem):
    code = "duty-of-another"
    status = 422
    title = _("依据与部门不符")
    template = _("“{clause}”不是“{name}”的职责。")
    advice = _("请选择该部门自己的职责条款。")


class NoLiaison(Problem):
    code = "no-liaison"
    status = 409
    title = _("该部门没有联络员")
    template = _("“{name}”在{area}没有在岗的联络员，转办件送出后无人接收。")
    advice = _("请先在“区划”为该部门安排联络员岗位。")


class NothingToRefer(Problem):
    code = "nothing-to-refer"
    status = 409
    title = _("没有可转办的发现")
    template = _("按所选条件没有可转办的发现，或者都已转给该部门。")
    advice = _("请放宽条件，或查看已转办的件。")


class TooManyToRefer(Problem):
    code = "too-many-to-refer"
    status = 422
    title = _("一次转办过多")
    template = _("所选条件共有 {count} 件，一次最多转办 {most} 件。")
    advice = _("请缩小范围，分几次转办。")


class FileNotTaken(Problem):
    code = "file-not-taken"
    status = 415
    title = _("附件不能接收")
    template = _("“{name}”不能接收：{why}。")
    advice = _("可用 PDF、图片（JPG、PNG）、Word、Excel 和 CSV，每份 10 MB 以内，一次最多 5 份。")


class FiguresWrong(Problem):
    code = "figures-wrong"
    status = 422
    title = _("数字不合")
    template = _("已参保 {insured} 不能多于核查 {checked}。")
    advice = _("请核对后重新填写；没有核查数时不填已参保数。")


class SameDepartment(Problem):
    code = "same-department"
    status = 422
    title = _("不能退给本部门")
    template = _("退回时须指明应由哪个部门办理，不能是“{name}”自己。")


class PlanUnbalanced(Problem):
    code = "plan-unbalanced"
    status = 409
    title = _("分解数与总数不符")
    template = _("“{goal}”总数 {whole}，分解合计 {parts}，相差 {gap}，没有写明理由。")
    advice = _("请改正分解数，或者写明差额的理由。")


class PlanInTheWay(Problem):
    code = "plan-in-the-way"
    status = 409
    title = _("已有计划")
    template = _("{area} {year} 年度已有第 {version} 版计划（{state}）。")
    advice = _("请打开这一版继续；已下达的计划用“调整”编制新版。")


class NothingBelow(Problem):
    code = "nothing-below"
    status = 422
    title = _("这一级不分解计划")
    template = _("“{area}”没有可以分解目标的下级：市分解到区，区分解到街道（镇）。")


class PlanOutdated(Problem):
    code = "plan-outdated"
    status = 409
    title = _("上级计划已调整")
    template = _("第 {version} 版草案所依据的上级计划已由新版替代，不能下达。")
    advice = _("请撤回这份草案，按上级新版重新分解。")


class PlanNotHandedDown(Problem):
    code = "plan-not-handed-down"
    status = 409
    title = _("上级计划尚未下达")
    template = _("{area} {year} 年度还没有收到上级下达的目标，不能分解。")


# --- reckoning and signing -------------------------------------------------------------------------


class NoTier(Problem):
    code = "no-tier"
    status = 409
    title = _("没有对应的裁量档次")
    template = _("现行裁量基准没有覆盖本案的情形，不能推定。")
    advice = _("请法制机构在法规参数中补充裁量档次。")


class OutsideTier(Problem):
    code = "outside-tier"
    status = 422
    title = _("超出裁量档次")
    template = _("“{tier}”档次的幅度为 {low} 至 {high}。")
    advice = _("请在幅度内选择；认为档次不当的，请更正案件事实。")


class StepHandedOver(Problem):
    code = "step-handed-over"
    status = 409
    title = _("这一步已交他人办理")
    template = _("“{step}”已交由{who}办理。")
    advice = _("请等待办理；确需自己办理的，请先收回。")


class StepNotPrepared(Problem):
    code = "step-not-prepared"
    status = 409
    title = _("受托人还没有办好")
    template = _("“{step}”已委派{who}准备，还没有交回。")
    advice = _("请等待交回，或者收回委派后自己办理。")


class OpinionsOutstanding(Problem):
    code = "opinions-outstanding"
    status = 409
    title = _("还在等待意见")
    template = _("“{step}”还在等待{who}的意见。")
    advice = _("请等待答复；不再需要的，请先收回征求意见。")


class CountersignRefused(Problem):
    code = "countersign-refused"
    status = 409
    title = _("会签没有一致同意")
    template = _("{who}不同意：{words}")
    advice = _("请退回，或者终止办理；会签人的意见已存卷，不能收回。")


class MoveNotAllowed(Problem):
    code = "move-not-allowed"
    status = 409
    title = _("这一步不能这样办理")
    template = _("“{step}”不能{move}：{why}")
    advice = _("请由法定岗位的人员本人办理。")


class AskedAlready(Problem):
    code = "asked-already"
    status = 409
    title = _("已经请过")
    template = _("这一步已经请{who}办理或者发表意见。")
    advice = _("请等待答复，或者先收回。")


class NotForOneself(Problem):
    code = "not-for-oneself"
    status = 422
    title = _("不能交给本人")
    template = _("不能转办、委派给自己，也不能请自己发表意见。")
    advice = _("请选择另一位同事。")


class UnfitColleague(Problem):
    code = "colleague-unfit"
    status = 422
    title = _("该同事不能办理")
    template = _("{who}在本辖区没有“{right}”的岗位。")
    advice = _("请选择有相应岗位的同事。")


class NotAsked(Problem):
    code = "not-asked"
    status = 403
    title = _("没有请您办理")
    template = _("这一步请的是{who}。")
    advice = _("请由被请的人本人答复。")


class ActedUpon(Problem):
    code = "acted-upon"
    status = 409
    title = _("已经不能撤回")
    template = _("{why}")
    advice = _("需要更正的，请按退回、撤销的程序办理。")


# --- the law's parameters, the calendar, clocks ---------------------------------------------------------


class LawMissing(Problem, KeyError):
    """A gap in the law is filled by the legal office, never guessed; whoever only asks meets a KeyError."""

    code = "law-missing"
    status = 409
    title = _("缺少法规参数")
    template = _("参数“{key}”在 {on} 没有有效的规定，不能据此办理。")
    advice = _("请法制审核员在“法规”页录入自该日起有效的版本。")


class LawValueWrong(Problem):
    code = "law-value-wrong"
    status = 422
    title = _("参数的值不对")
    template = _("“{title}”的值“{value}”不能用：{why}。")
    advice = _("请按参数的种类填写：数字、每行一项的列表，或者是／否。")


class LawUnitWrong(Problem):
    code = "law-unit-wrong"
    status = 422
    title = _("参数的单位不对")
    template = _("“{title}”的单位不能是“{unit}”，可以是：{allowed}。")


class LawInThePast(Problem):
    code = "law-in-the-past"
    status = 422
    title = _("不能改变过去")
    template = _("参数的版本只能自今天（{today}）或以后的日期起止，不能是 {day}。")
    advice = _("已经依据旧值办理的事项不受新版本影响。")


class LawVersionThere(Problem):
    code = "law-version-there"
    status = 409
    title = _("这一天已有版本")
    template = _("“{title}”已有自 {day} 起的版本。")
    advice = _("请先撤回还没有生效的那个版本，或者另选日期。")


class LawNeeded(Problem):
    code = "law-needed"
    status = 409
    title = _("系统办理离不开这个参数")
    template = _("“{title}”不能只终止不接续：没有它，相应环节无法办理。")
    advice = _("请录入新的版本，旧版本会在前一日自动终止。")


class LawEnded(Problem):
    code = "law-ended"
    status = 409
    title = _("版本已经终止")
    template = _("“{title}”的这个版本已于 {on} 终止。")


class LawReviewedAlready(Problem):
    code = "law-reviewed-already"
    status = 409
    title = _("已经审核")
    template = _("“{title}”的这个版本已由法制审核。")


class OfficeMissing(Problem):
    """A paper names no office that two persons did not vouch for. A template shows nothing where one is missing."""

    silent_variable_failure = True
    code = "office-missing"
    status = 409
    title = _("缺少经确认的机关")
    template = _("{area}在 {on} 没有经确认的“{part}”，不能制作文书。")
    advice = _("请法制审核员在“法规 → 机关”录入，并由另一人确认；已录入的须先确认。")


class OfficeAreaWrong(Problem):
    code = "office-area-wrong"
    status = 422
    title = _("不是本市的区划")
    template = _("“{area}”不是本市（{city}）或其所辖区的代码。")
    advice = _("机关按市或区录入，区划须已导入。")


class OfficeFieldWrong(Problem):
    code = "office-field-wrong"
    status = 422
    title = _("机关资料不对")
    template = _("“{part}”的“{field}”{why}。")


class OfficeWordTaken(Problem):
    """Numbers given under a word stay: it never passes to another office."""

    code = "office-word-taken"
    status = 409
    title = _("代字已被使用")
    template = _("代字“{word}”属于 {area} 的“{part}”，不能再给别的机关。")
    advice = _("请另定代字；案号和文号全市不得重复。")


class OfficeThere(Problem):
    code = "office-there"
    status = 409
    title = _("这一天已有记录")
    template = _("“{part}”已有自 {day} 起的记录。")
    advice = _("请先撤回还没有确认的那一条，或者另选日期。")


class OfficeInThePast(Problem):
    code = "office-in-the-past"
    status = 422
    title = _("不能改变过去")
    template = _("在用的机关只能自今天（{today}）或以后的日期更替、终止，不能是 {day}。")
    advice = _("已经发出的文书按其制作之日的机关，不受更替影响。")


class OfficeEnded(Problem):
    code = "office-ended"
    status = 409
    title = _("已经终止")
    template = _("“{name}”已于 {on} 终止。")


class OfficeUnconfirmed(Problem):
    code = "office-unconfirmed"
    status = 409
    title = _("还没有确认")
    template = _("“{name}”还没有确认，不能终止。")
    advice = _("没有确认的可以直接撤回。")


class OfficeConfirmedAlready(Problem):
    code = "office-confirmed-already"
    status = 409
    title = _("已经确认")
    template = _("“{name}”已经确认。")
    advice = _("要更改的，请录入新的一条；要停用的，请终止。")


class OfficeFileWrong(Problem):
    code = "office-file-wrong"
    status = 422
    title = _("机关文件有误，没有导入")
    template = _("“{name}”：{lines}。")
    advice = _("请改正这些行后重新导入；已经录入过的行会自动跳过。")


class BasisMissing(Problem):
    code = "basis-missing"
    status = 422
    title = _("请写明依据")
    template = _("“{act}”须写明依据的文件名称、文号或条款。")


class CalendarYearOutside(Problem):
    code = "calendar-year-outside"
    status = 422
    title = _("年份不在日历范围内")
    template = _("工作日历只管 {first} 年至 {last} 年，不包括 {year} 年。")


class CalendarLineWrong(Problem):
    code = "calendar-line-wrong"
    status = 422
    title = _("节假日表有一行读不懂")
    template = _("第 {line} 行“{text}”：{why}。整份表都没有录入。")
    advice = _("每行写：日期（或 起 至 止），休或班，说明。例如：2026-02-15 至 2026-02-23，休，春节。")


class CalendarTableEmpty(Problem):
    code = "calendar-table-empty"
    status = 422
    title = _("节假日表没有内容")
    template = _("{year} 年的表里没有一天与平常的星期不同。")


class CalendarDaySame(Problem):
    code = "calendar-day-unchanged"
    status = 409
    title = _("没有变化")
    template = _("{day} 本来就是{kind}。")


class ClockNotExtendable(Problem):
    code = "clock-not-extendable"
    status = 409
    title = _("此期限不能延长")
    template = _("“{term}”依法不能延长。")


class ClockExtended(Problem):
    code = "clock-already-extended"
    status = 409
    title = _("期限只能延长一次")
    template = _("“{term}”已由{who}批准延长，不能再次延长。")


class ClockNotPausable(Problem):
    code = "clock-not-pausable"
    status = 409
    title = _("此期限不能因此中止")
    template = _("“{term}”依法不因所选事由中止计算。")
    advice = _("可以中止的事由及其依据见“法规”页的“期限中止的事由”。")


class PauseDayWrong(Problem):
    code = "pause-day-wrong"
    status = 422
    title = _("中止的日期不对")
    template = _("日期须在 {first} 至 {last} 之间。")


class ExtensionTooLong(Problem):
    code = "extension-too-long"
    status = 422
    title = _("延长的期间超过规定")
    template = _("“{term}”最多延长 {most}，不能延长 {asked}。")


# --- the list, what is set against it, its sanctions, announcements --------------------------------


class GroundUnfit(Problem):
    code = "ground-does-not-fit"
    status = 422
    title = _("情形不适用于该主体")
    template = _("列入情形“{ground}”不适用于{kind}。")


class GroundNotForListing(Problem):
    code = "ground-not-for-listing"
    status = 422
    title = _("该情形不能列入名单")
    template = _("“{ground}”不是列入名单的法定情形，应转重大劳动保障违法行为社会公布。")
    advice = _("请在案件处理完毕后，按社会公布办法提请公布。")


class ConditionsUnmet(Problem):
    code = "ground-conditions-unmet"
    status = 422
    title = _("在卷事实不符合列入条件")
    template = _("下列条件没有在卷事实支持：{conditions}。")
    advice = _("请补充查明的情节及其证据，或者选择其他情形。")


class RemedyPending(Problem):
    code = "remedy-pending"
    status = 409
    title = _("复议或诉讼尚未结束")
    template = _("处罚决定正在{kind}（{body}），结果作出前不决定列入。")


class RemedyOpen(Problem):
    code = "remedy-already-noted"
    status = 409
    title = _("已登记复议或诉讼")
    template = _("{target}的{kind}已经登记，尚未结束。")


class RemedyIncomplete(Problem):
    code = "remedy-incomplete"
    status = 422
    title = _("复议诉讼信息不完整")
    template = _("请写明受理机关、文号和日期；日期不能晚于今天，结果不能早于受理。")


class JudgmentNotBinding(Problem):
    code = "judgment-not-binding"
    status = 422
    title = _("判决、裁定尚未生效")
    template = _(
        "一审判决送达后15日（裁定10日）内可以上诉，期满无人上诉的才生效；二审判决、裁定自送达起生效（行政诉讼法第85条）。"
    )
    advice = _("请填写生效日期：不早于作出日期，不晚于今天；还在上诉期内或者已经上诉的，先不登记结果。")


class ListingNotPublic(Problem):
    code = "listing-not-public"
    status = 409
    title = _("该条目没有公示")
    template = _("{code} 不在公示中，不能{act}。")


class ObjectionOpen(Problem):
    code = "objection-open"
    status = 409
    title = _("已有异议正在处理")
    template = _("{code} 已有 {on} 提出的异议正在核查，答复后可以再次提出。")


class ObjectionClosed(Problem):
    code = "objection-answered"
    status = 409
    title = _("异议已答复")
    template = _("{who} 已于 {on} 答复该异议。")


class RepairTooEarly(Problem):
    code = "repair-too-early"
    status = 409
    title = _("尚未到可以申请修复的日期")
    template = _("严重失信信息公示满最短期限后方可申请修复，最早为 {on}。")
    advice = _("请先改正违法行为、履行法定义务，到期后再申请。")


class RepairProofMissing(Problem):
    code = "repair-proof-missing"
    status = 422
    title = _("修复材料不齐")
    template = _("申请信用修复须有改正和履行义务的证明，并作出信用承诺。")


class RepairOpen(Problem):
    code = "repair-open"
    status = 409
    title = _("已有修复申请正在审核")
    template = _("{code} 已有 {on} 的修复申请正在审核。")


class RepairClosed(Problem):
    code = "repair-decided"
    status = 409
    title = _("修复申请已决定")
    template = _("{who} 已于 {on} 对该修复申请作出决定。")


class RepairUninspected(Problem):
    code = "repair-not-inspected"
    status = 409
    title = _("现场核查尚未完成")
    template = _("准予修复前须经网格员现场核查并由复核员确认。")


class RepairUnfounded(Problem):
    code = "repair-not-corrected"
    status = 409
    title = _("现场核查仍有问题")
    template = _("现场核查仍发现：{found}。不能准予修复。")


class NoWorkerThere(Problem):
    code = "no-worker-there"
    status = 409
    title = _("没有在岗的网格员")
    template = _("“{name}”所在网格没有在岗的网格员，不能派发现场核查。")
    advice = _("请先安排岗位或归格。")


class SanctionUnbased(Problem):
    code = "sanction-without-basis"
    status = 422
    title = _("惩戒措施没有现行依据")
    template = _("“{sanction}”没有现行有效的依据，或者不在全国失信惩戒措施基础清单内，不能选用。")
    advice = _("由法制审核员核实并写明依据后方可选用。")


class SanctionAnswered(Problem):
    code = "sanction-answered"
    status = 409
    title = _("已经反馈")
    template = _("{department}已反馈“{sanction}”，不能重复反馈。")


class NotHandledYet(Problem):
    code = "case-not-handled"
    status = 409
    title = _("案件尚未处理")
    template = _("{case} 尚未依法处理（处罚决定未作出），不能向社会公布。")


class AnnouncementThere(Problem):
    code = "announcement-exists"
    status = 409
    title = _("已提请公布")
    template = _("{case} 已提请社会公布。")


class AnnouncementIncomplete(Problem):
    code = "announcement-incomplete"
    status = 422
    title = _("公布内容不完整")
    template = _("社会公布须写明单位全称、法定代表人或负责人、主要违法事实和处理情况。")


class BatchEmpty(Problem):
    code = "batch-empty"
    status = 409
    title = _("没有待公布的条目")
    template = _("{quarter}没有已决定、尚未公布的条目。")


class FeedNotYours(Problem):
    code = "feed-not-yours"
    status = 401
    title = _("没有共享权限")
    template = _("名单共享接口只向信用平台开放，请核对令牌。")


class FeedCursorUnknown(Problem):
    code = "feed-cursor-unknown"
    status = 422
    title = _("游标无效")
    template = _("游标“{cursor}”不是本接口给出的，请从 0 开始。")


class TooManyLookups(Problem):
    code = "too-many-lookups"
    status = 429
    title = _("查询过于频繁")
    template = _("请在 {seconds} 秒后再查询。")


class SearchByName(Problem):
    code = "search-by-name"
    status = 422
    title = _("请按名称或代码查询")
    template = _("名单不提供全部翻阅，请输入单位名称或统一社会信用代码查询。")


# --- coverage and assessment -----------------------------------------------------------------------


class YearFrozen(Problem):
    code = "year-frozen"
    status = 409
    title = _("年度已封定")
    template = _("{year} 年度考核已于 {when} 封定，不能再改动。")


class NotComputed(Problem):
    code = "not-computed"
    status = 409
    title = _("尚未计算")
    template = _("{year} 年度考核还没有计算，不能公示。")
    advice = _("请先计算，再核对各项数字。")


class YearNotOver(Problem):
    code = "year-not-over"
    status = 409
    title = _("年度尚未终了")
    template = _("{year} 年度考核自 {first} 起才可以向各区公示和封定。")
    advice = _("在此之前可以试算；年度终了后留出的时间用于收齐各部门的名册。")


class ComputedTooEarly(Problem):
    code = "computed-too-early"
    status = 409
    title = _("结果不是全年的")
    template = _("{year} 年度考核最近一次计算在 {when}，早于 {first}，不含全年。")
    advice = _("请重新计算后再公示。")


class AssessmentObjectionOpen(Problem):
    code = "assessment-objection-open"
    status = 409
    title = _("异议尚未答复")
    template = _("{year} 年度考核有 {count} 件异议没有答复，不能封定。")
    advice = _("请逐件答复；异议成立的，重新计算后再次公示。")


class ResponsesRunning(Problem):
    code = "responses-running"
    status = 409
    title = _("各区的异议期未满")
    template = _("{year} 年度考核有 {count} 个区尚未回应，可在 {until} 前提出异议。")
    advice = _("请等各区都已回应，或异议期满后再提请封定。")


class ResponseOver(Problem):
    code = "response-over"
    status = 409
    title = _("现在不能回应")
    template = _("{year} 年度考核这次公示的异议期已满，或已收回、提请封定。")


class NumbersTouched(Problem):
    code = "numbers-touched"
    status = 409
    title = _("数字与公示的不符")
    template = _("{year} 年度考核所存的数字或名单与公示时的指纹不符，可能绕过系统被改动。")
    advice = _("请查台账自检，收回公示后重新计算。")


# --- the employer's window ------------------------------------------------------------------------------


class CodeAskedTooOften(Problem):
    code = "code-asked-too-often"
    status = 429
    title = _("验证码请求过于频繁")
    template = _("请在 {minutes} 分钟后再试。")
    advice = _("已经收到的验证码在 10 分钟内有效。")


class EntryCodeWrong(Problem):
    code = "entry-code-wrong"
    status = 422
    title = _("验证码不对或已失效")
    template = _("请核对最近一次收到的 6 位验证码；10 分钟内有效，最多可试 5 次。")


class NotOffered(Problem):
    code = "submission-not-offered"
    status = 409
    title = _("现在不能提交这类材料")
    template = _("“{kind}”现在没有需要提交的环节。")
    advice = _("请提交页面上列出的材料；有疑问请致电文书上的电话。")


class SubmissionEmpty(Problem):
    code = "submission-empty"
    status = 422
    title = _("没有内容")
    template = _("请写明“{kind}”的内容，或者附上材料。")


class TooManySubmissions(Problem):
    code = "too-many-submissions"
    status = 429
    title = _("今天提交的次数太多")
    template = _("今天已经提交 {most} 次，请明天再提交，或者当面提交。")
    advice = _("期限今天届满的，请致电文书上的电话或者当面提交。")


class TooManyMaterials(Problem):
    code = "too-many-materials"
    status = 422
    title = _("材料太多")
    template = _("一次最多提交 {most} 个文件，其余的请另行提交一次。")


class MaterialTooLarge(Problem):
    code = "material-too-large"
    status = 413
    title = _("材料太大")
    template = _("“{name}”超过 {limit} MB。")
    advice = _("请压缩或者分次提交。")


class MaterialRefused(Problem):
    code = "material-refused"
    status = 422
    title = _("材料格式不能接收")
    template = _("“{name}”不能接收：{why}。")
    advice = _("请换成 JPG、PNG 图片或普通的 PDF；不能换的，请拍照或截图后提交。")


class SubmissionTaken(Problem):
    code = "submission-taken"
    status = 409
    title = _("已有人接办")
    template = _("{who}已于 {when} 接办 {receipt}。")


class SubmissionNotTaken(Problem):
    code = "submission-not-taken"
    status = 409
    title = _("尚未接办")
    template = _("{receipt} 还没有人接办，请先接办再答复。")


class SubmissionAnswered(Problem):
    code = "submission-answered"
    status = 409
    title = _("已经答复")
    template = _("{who}已于 {when} 答复 {receipt}。")
