"""What follows an act on an inspection, where that depends on its papers, its terms or the law."""

from django.utils.translation import gettext_lazy as _

from grid.texts import Text
from workflows.cases import states as case_states
from workflows.inspections import states
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import File, weighing


def noticed(file: File) -> Text:
    if file.inspection.hearing_owed:
        return _("陈述申辩期、听证申请期自送达次日起算")
    return _("陈述申辩期自送达次日起算")


def answered(file: File) -> Text:
    at = file.inspection.state
    if at == S.LEGAL_REVIEW:
        return _("随案卷由法制审核")
    return _("重新告知后随案卷送法制审核") if at == S.INVESTIGATING else _("随案卷送法制审核")


def called_in_time(file: File) -> Text:
    return _("编号并生成听证通知书，须在听证 {term}前送达").format(
        term=file.term("inspection.hearing_notice")
    )


def moved(file: File) -> Text:
    words = _("撤回原通知书，重新编号制发，仍须在听证 {term}前送达")
    return words.format(term=file.term("inspection.hearing_notice"))


def held_then(file: File) -> Text:
    on = file.inspection.hearing_on
    return _("{on} 举行听证").format(on=on) if on else _("到期举行听证")


def reviewed(file: File) -> Text:
    return _("转集体讨论") if weighing.is_weighty(file.inspection, file.law) else _("转负责人决定")


def decided(file: File) -> Text:
    words = _("编号并生成处罚决定书，{term}内送达")
    return words.format(term=file.term("inspection.service"))


def demanded(file: File) -> Text:
    words = _("编号并生成履行催告书；送达后 {term}仍不履行，复议、诉讼期限也已届满的，可以申请强制执行")
    return words.format(term=file.term("inspection.demand"))


def extended(file: File) -> Text:
    return _("延长 {term}，只能一次").format(term=file.term("inspection.extension"))


def stayed(file: File) -> Text:
    running = file.running("penalty.payment")
    paused = _("至复议或诉讼结束前缴纳期限中止，不催告，不申请强制执行")
    return paused if running else _("至复议或诉讼结束前不催告，不申请强制执行")


def challenged(file: File) -> Text:
    if file.inspection.state in states.OWING:
        return _("处罚不停止执行；加处罚款停止计算，期间不申请强制执行，不催告")
    return _("结果登记前处罚决定照常有效")


def closed_remedy(file: File) -> Text:
    inspection = file.inspection
    reopens = case_states.may(inspection.case, "reopen")
    if not inspection.is_open:
        quashed = _("撤销处罚决定的退回案件处置") if reopens else _("撤销处罚决定的记入案卷")
        return _("生效后登记；{quashed}，维持的不变").format(quashed=quashed)
    quashed = _("撤销处罚决定的监察终结并退回案件处置") if reopens else _("撤销处罚决定的监察终结")
    return _("生效后登记；{quashed}，维持的继续履行").format(quashed=quashed)
