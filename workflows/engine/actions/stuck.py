"""The stuck detector: what stands still without a lawful reason is repaired where that is safe, and named otherwise.

Safe is: opening the step that belongs to a state again (the state is ours, the agenda follows), and firing a term
that is over. Everything else is a person's decision, and the snag says what to do.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid.calendar.now import now, today
from grid.hints import hint
from grid.keeping import free_bytes
from grid.law.queries import the_law
from grid.ledger.actions import Line, record
from grid.scope import machine
from workflows.clocks.actions import due_clocks, fire_clock
from workflows.clocks.actions.failing import KIND, advice_for, reported, what_failed
from workflows.clocks.followers import cases
from workflows.clocks.models import Clock, Pause, Snag
from workflows.clocks.rules.posts import may_anybody
from workflows.clocks.terms import sole_ways
from workflows.engine.actions.overdue import Posts, posts_in_force
from workflows.engine.agenda import Matter, OpenStep, matters, open_steps, reopen_step
from workflows.engine.kind import Stuck, kind_named, kinds
from workflows.engine.verbs import EngineVerb

log = logging.getLogger(__name__)
FINDER = machine(_("卡点检查"))
DAY = timedelta(days=1)
MEGABYTE = 1024 * 1024
LONGEST_PAUSE = "stuck.pause_days"


def find_stuck() -> list[Snag]:
    """Periodic and by `manage.py find_stuck`: looks at everything under way, repairs, and keeps what is left.

    Answers what it met this time: repaired ones carry `repaired_at`.
    """
    at, found = now(), list(_look())
    snags = [_kept(stuck, _is_repaired(stuck)) for stuck in found]
    for snag in snags:
        snag.first_seen = snag.last_seen = at
    Snag.objects.bulk_create(
        snags, 1_000, update_conflicts=True, unique_fields=["key"],
        update_fields=["what", "advice", "area", "last_seen", "repaired_at", "gone_at"],
    )  # fmt: skip
    gone = Snag.objects.filter(gone_at=None, last_seen__lt=at)
    left = {snag.area for snag in snags} | set(gone.values_list("area", flat=True))
    gone.update(gone_at=at)
    for area in left:
        hint("inbox", area)
    return snags


def _kept(stuck: Stuck, is_mended: bool) -> Snag:
    at = now() if is_mended else None
    return Snag(
        key=stuck.key, kind=stuck.kind, code=stuck.code, area=stuck.area, what=stuck.what[:300], advice=stuck.advice[:300],
        case_id=stuck.case, round_id=stuck.round, repaired_at=at, gone_at=at,
    )  # fmt: skip


def _is_repaired(stuck: Stuck) -> bool:
    if stuck.repair is None:
        return False
    try:
        return stuck.repair()
    except Exception:
        log.exception("%s is not repaired", stuck.key)
        return False


def _look() -> Iterator[Stuck]:
    posts, live = posts_in_force(), {kind.name: list(matters(kind.name)) for kind in kinds()}
    timed, proceeding = _with_terms(), _with_proceedings(live)
    for flow, under_way in live.items():
        steps: dict[int, list[OpenStep]] = {}
        for step in open_steps(flow):
            steps.setdefault(step.process, []).append(step)
        for matter in under_way:
            yield from _of_matter(matter, steps.get(matter.process, []), posts, proceeding, timed)
    yield from _unfired()
    yield from _long_paused()
    for kind in kinds():
        yield from kind.snags()
    yield from _without_room()


def _without_room() -> Iterator[Stuck]:
    """The disk: said while there is still room for a day's work, and again when files are refused."""
    free = free_bytes()
    if free >= 2 * settings.ROOM_KEPT_FREE:
        return
    log.error("disk: %d MB free", free // MEGABYTE)
    is_refusing = free < settings.ROOM_KEPT_FREE
    what = _("磁盘空间不足：剩余 {mb} MB").format(mb=free // MEGABYTE)
    what += _("，暂不接收新的照片和文件（走访照常接收）") if is_refusing else _("，将近停止接收照片和文件")
    advice = _("请系统管理员清理或扩充服务器磁盘；手机和 ODK Collect 里的照片都还在，有空间后自动续传")
    yield Stuck("disk", "disk", str(_("服务器磁盘")), settings.CITY, what, advice)


def _with_terms() -> set[tuple[str, int]]:
    """Cases and rounds with a running term. One query."""
    running = Clock.objects.filter(fired_at=None, stopped_at=None).values_list("case", "round")
    return {("case", case) if case else ("round", round) for case, round in running}


def _with_proceedings(live: dict[str, list[Matter]]) -> dict[str, set[int | None]]:
    """By the state in which a case waits: those with something to wait for, be it what a proceeding left behind."""
    found: dict[str, set[int | None]] = {}
    for kind in (kind for kind in kinds() if kind.awaited_in):
        here = {matter.case for matter in live[kind.name]} | set(kind.left_behind())
        found[kind.awaited_in] = found.get(kind.awaited_in, set()) | here
    return found


def _of_matter(
    matter: Matter,
    steps: list[OpenStep],
    posts: Posts,
    proceeding: dict[str, set[int | None]],
    timed: set[tuple[str, int]],
) -> Iterator[Stuck]:
    for step in steps:
        if step.in_error:
            why = _("流程引擎的环节“{step}”出错").format(step=step.title or step.task)
            yield _stuck(
                matter, "error", why, _("请系统管理员查看运行日志；案件本身的状态没有受影响"), step.task
            )
    here = [step for step in steps if matter.state in step.at and not step.in_error]
    if not here:
        yield _without_step(matter)
        return
    waits, rights, kind = here[0].waits, here[0].rights, kind_named(matter.flow)
    if matter.state in proceeding and not kind.beside and kind.owner == "case":
        if matter.case not in proceeding[matter.state]:
            yield _without_proceeding(matter)
    elif (matter.flow, matter.state) in sole_ways() or (waits and not rights):
        yield from _without_term(matter, timed)
    elif not waits and not may_anybody(rights, matter.area, posts):
        who = "、".join(right.value for right in rights)
        why = _("“{state}”没有人可以办理：辖区内无人任有“{who}”权限的岗位").format(
            state=matter.label, who=who
        )
        yield _stuck(matter, "nobody", why, _("请在“区划”页安排岗位"))


def _without_step(matter: Matter) -> Stuck:
    if kind_named(matter.flow).node_at(matter.state) is None:
        why = _("状态“{state}”没有对应的办理环节").format(state=matter.label)
        return _stuck(matter, "no-step", why, _("请系统管理员核对流程定义"))
    why = _("状态是“{state}”，但没有打开的办理环节").format(state=matter.label)
    advice = _("系统会重新打开这一环节；如果仍然出现，请联系系统管理员")
    return _stuck(matter, "no-step", why, advice, repair=lambda: _reopen(matter))


def _without_proceeding(matter: Matter) -> Stuck:
    why = _("案件在“{state}”，但没有正在进行的稽核或监察").format(state=matter.label)
    advice = _("请核对已结束的稽核、监察，由经办机构或劳动监察重新提出")
    return _stuck(matter, "no-proceeding", why, advice)


def _without_term(matter: Matter, timed: set[tuple[str, int]]) -> Iterator[Stuck]:
    owner = ("case", matter.case) if matter.case else ("round", matter.round)
    if owner not in timed:
        why = _("“{state}”要等期限届满，但没有正在计算的期限").format(state=matter.label)
        yield _stuck(matter, "no-term", why, _("请核对文书送达登记；确有期限的，由系统管理员补建"))


def _unfired() -> Iterator[Stuck]:
    """Terms whose handler failed, or over for more than a day: every sweep tries them, so something is wrong here."""
    wrong = Q(due_on__lt=today() - DAY) | Q(pk__in=list(reported()))
    for clock in due_clocks().filter(wrong).select_related("case", "round").order_by("pk"):
        repair = partial(fire_clock, clock.pk)
        yield stuck_term(clock, KIND, what_failed(clock), advice_for(clock), repair)


def _long_paused() -> Iterator[Stuck]:
    law = the_law(today())
    if LONGEST_PAUSE not in law:
        return
    days = int(law[LONGEST_PAUSE].value)
    still = Pause.objects.filter(
        last_day=None, first_day__lt=today() - days * DAY, clock__fired_at=None, clock__stopped_at=None
    )
    for pause in still.select_related("clock__case", "clock__round").order_by("pk"):
        why = _("“{term}”自 {day} 起中止，已超过 {days} 日（{basis}）").format(
            term=pause.clock.name, day=pause.first_day, days=days, basis=pause.basis
        )
        yield stuck_term(pause.clock, "long-pause", why, _("请核对中止的事由是否消除；已消除的恢复计算"))


def stuck_term(
    clock: Clock, kind: str, why: str, advice: str, repair: Callable[[], bool] | None = None
) -> Stuck:
    """What stands still at one term; the clock comes with its case or round."""
    case, round = clock.case, clock.round
    code = case.code if case else round.code if round else ""
    return Stuck(
        f"{kind}:{clock.pk}", kind, code, clock.area, why, advice, clock.case_id, clock.round_id, repair
    )


def _stuck(
    matter: Matter, kind: str, why: str, advice: str, task: int = 0, repair: Callable[[], bool] | None = None
) -> Stuck:
    key = f"{kind}:{matter.flow}:{task or matter.process}"
    return Stuck(key, kind, matter.code, matter.area, why, advice, matter.case, matter.round, repair)


@transaction.atomic
def _reopen(matter: Matter) -> bool:
    case = cases().locked(matter.case) if matter.case else None
    title = reopen_step(matter.flow, matter.process, by=FINDER)
    if title:
        record(
            EngineVerb.STEP_REOPENED,
            Line(
                matter.area,
                subject=case.subject_id if case else None,
                case=case.code if case else "",
                data={"step": title, "matter": matter.code, "reason": _("卡点检查发现没有打开的环节")},
            ),
            by=FINDER,
        )
        hint("case", matter.area)
    return True
