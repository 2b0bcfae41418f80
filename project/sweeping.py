"""What goes by itself, and when: the one table of terms.

Each line names what goes, how many days after its end, why then, and the function that does it: it takes the moment
before which something must have ended, answers how many went, and may be run by two at once. The clock runs all of
them every hour; `manage.py sweep` runs them now. What the law wants kept for good (ledger, papers, evidence of visits)
is not among them; personal data in registers and ledger go by their own acts (grid/personal, docs/decisions/0050).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from grid.calendar.now import now
from grid.keeping import clear_leftovers
from grid.texts import Text
from project.backup import reports

log = logging.getLogger(__name__)


class SweepFailed(Exception):
    """Some lines of the table could not be swept; the others were."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """`days` may be the name of a setting."""

    what: Text
    days: int | str
    why: Text
    path: str

    @property
    def term(self) -> int:
        return int(getattr(settings, self.days)) if isinstance(self.days, str) else self.days


SWEEPS: Final = (
    Sweep(
        _("写到一半的文件"), 2, _("还在写的请求不会超过两天；这是崩溃或断电留下的"),
        "project.sweeping.clear_halves",
    ),
    Sweep(
        _("等不到走访的照片"), "UPLOADS_KEPT_DAYS", _("手机可能离线两周，再留两周补传"),
        "mobile_api.uploads.sweeping.give_up_uploads",
    ),
    Sweep(
        _("没有读完、没有决定的名册文件"), 7, _("原始名册的个人信息最多，够一次补办即可；可以重新上传"),
        "grid.registers.sweeping.clear_unread",
    ),
    Sweep(_("录入的人员名单"), 30, _("姓名和手机号已在账号里；逐行结果够核对一个月"), "grid.people.sweeping.forget_lists"),
    Sweep(_("已办完的后台办理"), 30, _("经过在台账里；进度和结果够回看一个月"), "grid.operations.sweeping.forget_operations"),
    Sweep(_("手机每日用量"), 7, _("只限制当日"), "mobile_api.uploads.sweeping.forget_allowances"),
    Sweep(_("已结束的登录"), 0, _("结束即无用"), "grid.accounts.sweeping.end_old_sessions"),
    Sweep(_("登录失败次数"), 2, _("两天后已不再计入等待"), "grid.accounts.sweeping.forget_tries"),
    Sweep(
        _("登录日志"), "SIGN_IN_LOG_DAYS", _("网络安全法第二十一条（三）：不少于六个月"),
        "grid.accounts.sweeping.forget_sign_ins",
    ),
    Sweep(_("重置密码的一次性码"), 1, _("只清除码的摘要；谁为谁重置照留"), "grid.accounts.sweeping.forget_codes"),
    Sweep(_("没有用过的手机登记码"), 30, _("一刻钟失效；一个月内还能说明失效原因"), "mobile_api.devices.sweeping.forget_codes"),
    Sweep(_("单位窗口的验证码"), 7, _("用于按单位、按来源限次，最长的一档是一天"), "workflows.counter.sweeping.forget_codes"),
    Sweep(_("办完的后台任务"), 7, _("结果已在各自的页面上"), "project.sweeping.forget_done_jobs"),
    Sweep(_("没有办成的后台任务"), 90, _("收件箱提示一周；留一季供查找原因"), "project.sweeping.forget_failed_jobs"),
)  # fmt: skip


def sweep_all() -> dict[str, int]:
    """Periodic: what → how many went. A line that fails stops no other. Raises SweepFailed after all were tried."""
    gone: dict[str, int] = {}
    failed: list[str] = []
    for sweep in SWEEPS:
        try:
            gone[str(sweep.what)] = import_string(sweep.path)(now() - timedelta(days=sweep.term))
        except Exception:
            log.exception("sweep %s failed", sweep.path)
            failed.append(sweep.path)
    swept = {what: count for what, count in gone.items() if count}
    if swept:
        log.warning("swept %s", ", ".join(f"{what} {count}" for what, count in swept.items()))
    reports.note("sweep", {"gone": gone, "failed": failed})
    if failed:
        raise SweepFailed(", ".join(failed))
    return gone


def clear_halves(before: datetime) -> int:
    seconds = (now() - before).total_seconds()
    return sum(
        clear_leftovers(folder, seconds)
        for folder in (Path(settings.FILE_UPLOAD_TEMP_DIR), Path(settings.FILES) / "arriving")
    )


def forget_done_jobs(before: datetime) -> int:
    return _forget_jobs(TaskResultStatus.SUCCESSFUL, before)


def forget_failed_jobs(before: datetime) -> int:
    return _forget_jobs(TaskResultStatus.FAILED, before)


def _forget_jobs(status: str, before: datetime) -> int:
    gone, _each = DBTaskResult.objects.filter(status=status, finished_at__lt=before).delete()
    return gone
