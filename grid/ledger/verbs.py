"""The closed list of what can be written in the ledger, and how each is told in plain Chinese.

To add a verb: one member in `Verb` in the section of your room, one sentence in `SENTENCES`. A test
refuses a verb without a sentence.

A sentence names facts of `entry.data` in braces. A part in square brackets is left out when a fact it
names is absent or empty, so an old entry with fewer facts still reads well. Besides the data, every
sentence may use {case} {area} {subject}. Who did it and when stand beside the sentence on every page,
so the sentence itself begins with the act.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from grid.ledger.words import word


class Verb(StrEnum):
    # --- territory, people, sign-in ---
    TERRITORY_IMPORTED = "territory.imported"
    AREA_RECUT = "area.recut"
    AREA_FILE_KEPT = "area.file_kept"
    AREA_FILE_DROPPED = "area.file_dropped"
    DIVISION_RENAMED = "division.renamed"
    GRID_ADDED = "grid.added"
    GRID_CHANGED = "grid.changed"
    GRIDS_IMPORTED = "grids.imported"
    GRIDS_STARTED = "grids.started"
    CHECKPOINT_KEPT = "checkpoint.kept"
    CHECKLIST_CLOSED = "checklist.closed"
    PERSON_ADDED = "person.added"
    PERSON_CORRECTED = "person.corrected"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_REACTIVATED = "person.reactivated"
    PEOPLE_IMPORTED = "people.imported"
    POSTING_GIVEN = "posting.given"
    POSTING_ENDED = "posting.ended"
    ABSENCE_NOTED = "absence.noted"
    ABSENCE_ENDED = "absence.ended"
    SIGNED_IN = "signed.in"
    SIGNED_OUT = "signed.out"
    PASSWORD_CODE_GIVEN = "password.code_given"
    FIRST_CODE_GIVEN = "password.first_code_given"
    WAIT_ENDED = "wait.ended"
    PASSWORD_SET_BY_CODE = "password.set_by_code"
    PASSWORD_CHANGED = "password.changed"
    FACTOR_ADDED = "factor.added"
    FACTOR_REMOVED = "factor.removed"
    FACTOR_TAKEN_AWAY = "factor.taken_away"
    SESSIONS_ENDED = "sessions.ended"

    # --- law and calendar ---
    LAW_LOADED = "law.loaded"
    LAW_REVIEWED = "law.reviewed"
    LAW_CHANGED = "law.changed"
    LAW_ENDED = "law.ended"
    LAW_WITHDRAWN = "law.withdrawn"
    OFFICE_ENTERED = "office.entered"
    OFFICE_CONFIRMED = "office.confirmed"
    OFFICE_ENDED = "office.ended"
    OFFICE_WITHDRAWN = "office.withdrawn"
    CALENDAR_CHANGED = "calendar.changed"
    CALENDAR_ENTERED = "calendar.entered"

    # --- registers, subjects, placing ---
    REGISTER_IMPORTED = "register.imported"
    REGISTER_COLUMNS_SAID = "register.columns_said"
    REGISTER_WITHDRAWN = "register.withdrawn"
    REGISTER_HELD = "register.held"
    REGISTER_CONFIRMED = "register.confirmed"
    REGISTER_DROPPED = "register.dropped"
    REGISTER_UNDONE = "register.undone"
    REGISTER_ASKED_FOR = "register.asked_for"
    REGISTER_ROW_REFUSED = "register.row_refused"
    SUBJECT_ADDED = "subject.added"
    SUBJECT_CHANGED = "subject.changed"
    SUBJECT_PLACED = "subject.placed"
    OPERATION_ORDERED = "operation.ordered"
    OPERATION_DONE = "operation.done"
    ALIAS_TAUGHT = "alias.taught"

    # --- background jobs ---
    JOB_GIVEN_UP = "job.given_up"

    # --- comparison ---
    COMPARISON_RUN = "comparison.run"
    LEAD_FOUND = "lead.found"
    LEAD_HEALED = "lead.healed"
    LEAD_DROPPED = "lead.dropped"

    # --- rounds and check tasks ---
    ROUND_PLANNED = "round.planned"
    ROUND_CHANGED = "round.changed"
    ROUND_SUBMITTED = "round.submitted"
    ROUND_APPROVED = "round.approved"
    ROUND_RETURNED = "round.returned"
    ROUND_WITHDRAWN = "round.withdrawn"
    ROUND_DISPATCH_STARTED = "round.dispatch_started"
    ROUND_DISPATCHED = "round.dispatched"
    ROUND_CLOSED = "round.closed"
    TASK_DISPATCHED = "task.dispatched"
    TASK_HANDED_OVER = "task.handed_over"
    TASK_WITHDRAWN = "task.withdrawn"

    # --- phone, visits, evidence ---
    DEVICE_INVITED = "device.invited"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_REVOKED = "device.revoked"
    VISIT_RECORDED = "visit.recorded"
    VISIT_DECIDED = "visit.decided"
    FACT_DECIDED = "fact.decided"
    SUBJECTS_MERGED = "subjects.merged"
    UNSENT_TAKEN = "unsent.taken"
    EVIDENCE_BOUND = "evidence.bound"
    FORM_UPLOADED = "form.uploaded"
    FORM_PUBLISHED = "form.published"
    FORM_WITHDRAWN = "form.withdrawn"
    SUGGESTION_MADE = "suggestion.made"
    SUGGESTION_ANSWERED = "suggestion.answered"

    # --- findings ---
    FINDING_MADE = "finding.made"
    FINDING_CONFIRMED = "finding.confirmed"
    FINDING_RETURNED = "finding.returned"
    FINDING_REJECTED = "finding.rejected"
    FINDING_ANSWERED = "finding.answered"

    # --- cases, notices, clocks ---
    CASE_OPENED = "case.opened"
    CASE_APPROVED = "case.approved"
    CASE_RETURNED = "case.returned"
    CASE_CORRECTED = "case.corrected"
    CASE_JOINED = "case.joined"
    CASE_WITHDRAWN = "case.withdrawn"
    CASE_URGED = "case.urged"
    CASE_HEALED = "case.healed"
    CASE_CLOSED = "case.closed"
    CASE_ESCALATED = "case.escalated"
    NOTICE_ISSUED = "notice.issued"
    NOTICE_SERVED = "notice.served"
    NOTICE_WITHDRAWN = "notice.withdrawn"
    NOTICE_REISSUED = "notice.reissued"
    NOTICE_SENT_OUT = "notice.sent_out"
    NOTICE_RECALLED = "notice.recalled"
    NOTICE_CARRIED = "notice.carried"
    NOTICE_CARRIED_DECIDED = "notice.carried_decided"
    NOTICE_PROVED = "notice.proved"
    TERM_STARTED = "term.started"
    TERM_PAUSED = "term.paused"
    TERM_RESUMED = "term.resumed"
    TERM_EXTENDED = "term.extended"
    TERM_STOPPED = "term.stopped"
    TERM_EXPIRED = "term.expired"
    TERM_MOVED = "term.moved"
    STEP_OVERDUE = "step.overdue"
    STEP_REOPENED = "step.reopened"
    CLOCK_FIRED = "clock.fired"
    INSPECTION_ORDERED = "inspection.ordered"
    PENALTY_RECORDED = "penalty.recorded"

    # --- inspections ---
    INSPECTION_PROPOSED = "inspection.proposed"
    INSPECTION_FILED = "inspection.filed"
    INSPECTION_REFUSED = "inspection.refused"
    OFFICER_RECUSED = "inspection.recused"
    CERTIFICATE_NOTED = "inspection.certificate"
    INVESTIGATION_EXTENDED = "inspection.extended"
    PENALTY_WEIGHED = "inspection.weighed"
    PENALTY_NOTICED = "inspection.noticed"
    STATEMENT_RECORDED = "inspection.statement"
    STATEMENT_ANSWERED = "inspection.statement_answered"
    STATEMENT_CLOSED = "inspection.statement_closed"
    HEARING_ASKED = "inspection.hearing_asked"
    HEARING_CALLED = "inspection.hearing_called"
    HEARING_NOTICED = "inspection.hearing_noticed"
    HEARING_HELD = "inspection.hearing_held"
    PENALTY_REVIEWED = "inspection.reviewed"
    MEMBERS_CALLED = "inspection.members_called"
    OPINION_GIVEN = "inspection.opinion"
    PENALTY_DISCUSSED = "inspection.discussed"
    INSPECTION_RETURNED = "inspection.returned"
    PENALTY_DECIDED = "inspection.decided"
    PAYMENT_RECORDED = "inspection.payment"
    PENALTY_DEMANDED = "inspection.demanded"
    COURT_ASKED = "inspection.court"
    PENALTY_ENFORCED = "inspection.enforced"
    PENALTY_PERFORMED = "inspection.performed"
    INSPECTION_WITHDRAWN = "inspection.withdrawn"
    PENALTY_SPARED = "inspection.spared"
    INSPECTION_TRANSFERRED = "inspection.transferred"
    INSPECTION_OVERDUE = "inspection.overdue"
    PENALTY_CHANGED = "inspection.changed"
    PENALTY_QUASHED = "inspection.quashed"

    # --- listing ---
    LISTING_PROPOSED = "listing.proposed"
    LISTING_NOTICED = "listing.noticed"
    DEFENCE_RECORDED = "defence.recorded"
    DEFENCE_ANSWERED = "defence.answered"
    DEFENCE_CLOSED = "defence.closed"
    LISTING_REVIEWED = "listing.reviewed"
    LISTING_APPROVED = "listing.approved"
    LISTING_DECIDED = "listing.decided"
    LISTING_SERVED = "listing.served"
    LISTING_PUBLISHED = "listing.published"
    LISTING_DROPPED = "listing.dropped"
    LISTING_REMOVED = "listing.removed"
    LISTING_STAYED = "listing.stayed"
    LISTING_RESUMED = "listing.resumed"
    LISTING_CORRECTED = "listing.corrected"
    LISTING_REVOKED = "listing.revoked"
    LISTING_LATE = "listing.late"
    OBJECTION_FILED = "objection.filed"
    OBJECTION_ANSWERED = "objection.answered"
    REMEDY_NOTED = "remedy.noted"
    REMEDY_STAYED = "remedy.stayed"
    REMEDY_CLOSED = "remedy.closed"
    REPAIR_APPLIED = "repair.applied"
    REPAIR_SENT_OUT = "repair.sent_out"
    REPAIR_DECIDED = "repair.decided"
    SANCTIONS_LOADED = "sanctions.loaded"
    SANCTION_EDITED = "sanction.edited"
    SANCTION_ORDERED = "sanction.ordered"
    SANCTION_ANSWERED = "sanction.answered"
    SANCTION_SUSPENDED = "sanction.suspended"
    SANCTION_RESUMED = "sanction.resumed"
    SANCTION_CORRECTED = "sanction.corrected"
    SANCTION_LIFT_ORDERED = "sanction.lift_ordered"
    SANCTION_LIFTED = "sanction.lifted"
    SANCTION_REMINDED = "sanction.reminded"
    SANCTION_ESCALATED = "sanction.escalated"
    ANNOUNCEMENT_PROPOSED = "announcement.proposed"
    ANNOUNCEMENT_DECIDED = "announcement.decided"
    ANNOUNCEMENT_REFUSED = "announcement.refused"
    ANNOUNCEMENT_PUBLISHED = "announcement.published"
    ANNOUNCEMENT_OBJECTED = "announcement.objected"
    ANNOUNCEMENT_ANSWERED = "announcement.answered"
    ANNOUNCEMENT_CORRECTED = "announcement.corrected"
    ANNOUNCEMENT_REMOVED = "announcement.removed"
    ANNOUNCEMENT_LATE = "announcement.late"

    # --- departments' duties and targets ---
    REFERRAL_SENT = "referral.sent"
    REFERRAL_RECEIVED = "referral.received"
    REFERRAL_ANSWERED = "referral.answered"
    REFERRAL_RETURNED = "referral.returned"
    REFERRAL_REDIRECTED = "referral.redirected"
    REFERRAL_ACCEPTED = "referral.accepted"
    REFERRAL_ASKED_AGAIN = "referral.asked_again"
    REFERRAL_CLOSED = "referral.closed"
    REFERRAL_WITHDRAWN = "referral.withdrawn"
    REFERRAL_REMINDED = "referral.reminded"
    REFERRAL_ESCALATED = "referral.escalated"
    PLAN_DRAFTED = "plan.drafted"
    PLAN_CHANGED = "plan.changed"
    PLAN_CHECKED = "plan.checked"
    PLAN_ISSUED = "plan.issued"
    PLAN_REVISED = "plan.revised"
    PLAN_WITHDRAWN = "plan.withdrawn"

    # --- signing ---
    STEP_HANDED_OVER = "step.handed_over"
    STEP_DELEGATED = "step.delegated"
    STEP_PREPARED = "step.prepared"
    SIGNER_ASKED = "signer.asked"
    COUNTERSIGN_ASKED = "countersign.asked"
    SIGNER_ANSWERED = "signer.answered"
    SIGNER_LAPSED = "signer.lapsed"
    MOVE_RECALLED = "move.recalled"
    MOVE_VACATED = "move.vacated"
    ACT_TAKEN_BACK = "act.taken_back"

    # --- assessment ---
    SCHEME_OPENED = "scheme.opened"
    ASSESSMENT_COMPUTED = "assessment.computed"
    ASSESSMENT_SHOWN = "assessment.shown"
    ASSESSMENT_AGREED = "assessment.agreed"
    ASSESSMENT_OBJECTED = "assessment.objected"
    ASSESSMENT_ANSWERED = "assessment.answered"
    ASSESSMENT_TAKEN_BACK = "assessment.taken_back"
    ASSESSMENT_PROPOSED = "assessment.proposed"
    ASSESSMENT_FREEZE_REFUSED = "assessment.freeze_refused"
    ASSESSMENT_FROZEN = "assessment.frozen"

    # --- audits, tax transfers ---
    AUDIT_OPENED = "audit.opened"
    AUDIT_BEGUN = "audit.begun"
    AUDIT_RECORDED = "audit.recorded"
    AUDIT_FOUND = "audit.found"
    AUDIT_INFORMED = "audit.informed"
    AUDIT_ANSWERED = "audit.answered"
    AUDIT_DRAFTED = "audit.drafted"
    AUDIT_APPROVED = "audit.approved"
    AUDIT_RETURNED = "audit.returned"
    AUDIT_ORDERED = "audit.ordered"
    AUDIT_OVERDUE = "audit.overdue"
    AUDIT_ENDED = "audit.ended"
    PENALTY_PROPOSED = "penalty.proposed"
    TAX_TRANSFERRED = "tax.transferred"
    TAX_REMINDED = "tax.reminded"
    TAX_ESCALATED = "tax.escalated"
    TAX_ANSWERED = "tax.answered"

    # --- contacts, messages, lapsed contributors ---
    PHONE_NOTED = "phone.noted"
    PHONE_RETIRED = "phone.retired"
    CONTACT_NOTED = "contact.noted"
    MESSAGE_QUEUED = "message.queued"
    MESSAGE_SENT = "message.sent"
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_FAILED = "message.failed"
    LAPSES_FOUND = "lapses.found"
    LAPSE_SETTLED = "lapse.settled"
    LAPSE_REMINDED = "lapse.reminded"

    # --- the employer's window ---
    EMPLOYER_ENTERED = "employer.entered"
    SUBMISSION_ARRIVED = "submission.arrived"
    SUBMISSION_TAKEN = "submission.taken"
    SUBMISSION_ANSWERED = "submission.answered"
    SUBMISSION_OVERDUE = "submission.overdue"

    # --- personal data, exports ---
    PERSONAL_REVEALED = "personal.revealed"
    FORGETTING_ASKED = "forgetting.asked"
    FORGETTING_REFUSED = "forgetting.refused"
    PERSONAL_FORGOTTEN = "personal.forgotten"
    EXPORT_MADE = "export.made"

    # --- the ledger's own check ---
    ALARM_RAISED = "alarm.raised"
    ALARM_ANSWERED = "alarm.answered"
    BACKUP_RESTORED = "backup.restored"

    # --- keys ---
    KEY_HANDED_OVER = "key.handed_over"
    KEY_ROTATION_BEGUN = "key.rotation_begun"
    KEY_ROTATED = "key.rotated"


SENTENCES: Mapping[Verb, Any] = {
    # --- territory, people, sign-in ---
    Verb.TERRITORY_IMPORTED: _("导入了行政区划[，共 {areas} 个][，文件“{file}”]"),
    Verb.AREA_RECUT: _("调整了网格 {area}[，由 {successors} 承接][，理由：{reason}]"),
    Verb.AREA_FILE_KEPT: _("提交了{what}文件[“{file}”][，共 {lines} 行]，尚待确认"),
    Verb.AREA_FILE_DROPPED: _("放弃了区划文件[“{file}”]，没有采用其中任何一行"),
    Verb.DIVISION_RENAMED: _("更改了区划 {area} 的名称[，原名“{before}”][，现名“{name}”]"),
    Verb.GRID_ADDED: _("新增了网格[“{name}”]（{area}）[，{households} 户][，{why}]"),
    Verb.GRID_CHANGED: _("更改了网格 {area}[“{name}”]的{changed}[，依据：{why}]"),
    Verb.GRIDS_IMPORTED: _(
        "按文件[“{file}”]导入网格[，新增 {added} 个][，更改 {changed} 个][，未采用 {refused} 行]"
    ),
    Verb.CHECKPOINT_KEPT: _("把台账封存点[（{size} 条）]取出系统保管[，存于{where}]"),
    Verb.CHECKLIST_CLOSED: _("收起了首周清单[，还有 {left} 项以后再办]"),
    Verb.GRIDS_STARTED: _("为没有网格的社区先各建了一个暂定网格[，共 {count} 个]"),
    Verb.PERSON_ADDED: _("登记了工作人员[“{name}”]"),
    Verb.PERSON_CORRECTED: _("更正了工作人员的信息[：{name}][，{fields}]"),
    Verb.PERSON_DEACTIVATED: _("停用了工作人员账号[“{name}”][，理由：{reason}]"),
    Verb.PERSON_REACTIVATED: _("恢复了工作人员账号[“{name}”][，理由：{reason}]"),
    Verb.PEOPLE_IMPORTED: _(
        "录入了人员名单[“{file}”][：新增 {people} 人][、岗位 {posts} 个][，退回 {refused} 行]"
    ),
    Verb.POSTING_GIVEN: _("安排了岗位[：{name}][任{role_name}][，自 {from} 起]"),
    Verb.POSTING_ENDED: _("结束了岗位[：{name}][，截至 {until}][，理由：{reason}]"),
    Verb.ABSENCE_NOTED: _("登记了缺勤[：{name}][，{from} 至 {until}][，由{cover}代班]"),
    Verb.ABSENCE_ENDED: _("提前结束了缺勤[：{name}][，{from} 至 {until}]"),
    Verb.SIGNED_IN: _("登录了系统"),
    Verb.SIGNED_OUT: _("退出了系统"),
    Verb.PASSWORD_CODE_GIVEN: _("给出了一次性密码重置码[：{name}][，理由：{reason}]"),
    Verb.FIRST_CODE_GIVEN: _("给出了首次登录码[：{name}][，理由：{reason}]"),
    Verb.WAIT_ENDED: _("解除了登录等待[：{name}][，理由：{reason}]"),
    Verb.PASSWORD_SET_BY_CODE: _("用一次性重置码设置了新密码[：{name}][，重置码由{given_by}给出]"),
    Verb.PASSWORD_CHANGED: _("更改了自己的密码[：{name}]"),
    Verb.FACTOR_ADDED: _("设置了两步验证[：{name}][，{kind}]"),
    Verb.FACTOR_REMOVED: _("停用了自己的两步验证[：{name}][，{kind}]"),
    Verb.FACTOR_TAKEN_AWAY: _("解除了两步验证[：{name}][，理由：{reason}]"),
    Verb.SESSIONS_ENDED: _("结束了自己在别处的登录[：{name}]"),
    # --- law and calendar ---
    Verb.LAW_LOADED: _("载入了法定参数[，共 {provisions} 项]"),
    Verb.LAW_REVIEWED: _(
        "法制审核了参数[“{title}”][（自 {from} 起的版本）][，依据：{basis}][，意见：{reason}]"
    ),
    Verb.LAW_CHANGED: _(
        "修订了参数[“{title}”]：由 {old} 改为 {new}[，自 {from} 起][，依据：{basis}][，理由：{reason}]"
    ),
    Verb.LAW_ENDED: _("终止了参数[“{title}”][，截至 {until}][，理由：{reason}]"),
    Verb.LAW_WITHDRAWN: _("撤回了还没有生效的参数版本[“{title}”][，原定自 {from} 起][，理由：{reason}]"),
    Verb.OFFICE_ENTERED: _(
        "录入了{area}的{title}“{name}”[，代字 {word}][，地址 {address}][，电话 {phone}][，印章 {seal}][，自 {from} 起]"
        "[，理由：{reason}]"
    ),
    Verb.OFFICE_CONFIRMED: _(
        "确认了{area}的{title}“{name}”[，代字 {word}][，自 {from} 起][，意见：{reason}]"
    ),
    Verb.OFFICE_ENDED: _("终止了{area}的{title}“{name}”[，截至 {until}][，理由：{reason}]"),
    Verb.OFFICE_WITHDRAWN: _("撤回了没有确认的机关：{area}的{title}“{name}”[，理由：{reason}]"),
    Verb.CALENDAR_CHANGED: _(
        "调整了工作日历[，{day}][改为{as}][，依据：{basis}][，理由：{reason}][，{moved} 个期限随之变动]"
    ),
    Verb.CALENDAR_ENTERED: _(
        "录入了 {year} 年工作日历[，放假 {off} 天][，调休上班 {made_up} 天][，依据：{basis}][，理由：{reason}]"
        "[，{moved} 个期限随之变动]"
    ),
    # --- registers, subjects, placing ---
    Verb.REGISTER_IMPORTED: _(
        "导入了{register_name}[名册，批次 {delivery}][，{extent_name}][，接收 {accepted} 行][，拒收 {refused} 行]"
        "[，不再在册 {ended} 户]"
    ),
    Verb.REGISTER_COLUMNS_SAID: _("核对了{register_name}名册的列[：{columns}][，批次 {delivery}]"),
    Verb.REGISTER_WITHDRAWN: _("撤回了待核对的{register_name}名册[，批次 {delivery}]"),
    Verb.REGISTER_HELD: _(
        "{register_name}名册[批次 {delivery}]暂不采用，待第二人确认[：将终止 {ends} 户][，将办结 {heals} 户]"
        "[，认不出的行 {unread} 行]"
    ),
    Verb.REGISTER_CONFIRMED: _("确认采用{register_name}名册[，批次 {delivery}][，理由：{reason}]"),
    Verb.REGISTER_DROPPED: _("决定不采用{register_name}名册[，批次 {delivery}][，理由：{reason}]"),
    Verb.REGISTER_UNDONE: _(
        "撤回了{register_name}名册[，批次 {delivery}][，收回 {taken_back} 行][，恢复 {reopened} 行]"
        "[，复原对象 {restored} 户][，理由：{reason}]"
    ),
    Verb.REGISTER_ASKED_FOR: _("催交{register_name}名册[，应于 {due_on} 前送达][，由{keepers}提供]"),
    Verb.REGISTER_ROW_REFUSED: _("名册第 {line} 行未能接收[，原因：{reason}]"),
    Verb.SUBJECT_ADDED: _("登记了对象[“{name}”][，来源：{source}]"),
    Verb.SUBJECT_CHANGED: _("更新了对象[“{name}”]的资料[：{fields}]"),
    Verb.OPERATION_ORDERED: _("交后台办理[：{title}]"),
    Verb.OPERATION_DONE: _("后台办理完毕[：{title}][，{result}]"),
    Verb.SUBJECT_PLACED: _("把对象[“{name}”]归入 {area}[，依据：{why}]"),
    Verb.ALIAS_TAUGHT: _("记下地名“{alias}”属于 {area}"),
    # --- background jobs ---
    Verb.JOB_GIVEN_UP: _("由{ordered_by}交办的“{thing}”未能完成[：{reason}]"),
    # --- comparison ---
    Verb.COMPARISON_RUN: _(
        "比对了各部门名册[（{origin_name}）][，发现线索 {found} 条][，已消除 {healed} 条][，已排除 {dropped} 条]"
    ),
    Verb.LEAD_FOUND: _("比对发现线索[：{rule}][，{why}]"),
    Verb.LEAD_HEALED: _("线索已消除[：{rule}][，{why}]"),
    Verb.LEAD_DROPPED: _("线索已排除[：{rule}][，理由：{reason}]"),
    # --- rounds and check tasks ---
    Verb.ROUND_PLANNED: _("制定了摸排轮次[“{title}”][，选取 {subjects} 户]"),
    Verb.ROUND_CHANGED: _("修改了摸排轮次[“{title}”]"),
    Verb.ROUND_SUBMITTED: _("提交了摸排轮次[“{title}”]待审批"),
    Verb.ROUND_APPROVED: _("同意了摸排轮次[“{title}”][，环节：{step}]"),
    Verb.ROUND_RETURNED: _("退回了摸排轮次[“{title}”][，理由：{reason}]"),
    Verb.ROUND_WITHDRAWN: _("撤回了摸排轮次[“{title}”][，理由：{reason}]"),
    Verb.ROUND_DISPATCH_STARTED: _("开始派发摸排轮次[“{title}”]"),
    Verb.ROUND_DISPATCHED: _("派发了摸排轮次[“{title}”][，核查任务 {tasks} 件]"),
    Verb.ROUND_CLOSED: _("结束了摸排轮次[“{title}”][，完成 {done} 件][，未完成 {open} 件]"),
    Verb.TASK_DISPATCHED: _("派发了核查任务[给{worker}][，原因：{why}]"),
    Verb.TASK_HANDED_OVER: _("转派了核查任务[，由{from}][转给{to}][，理由：{reason}]"),
    Verb.TASK_WITHDRAWN: _("撤回了核查任务[，理由：{reason}]"),
    # --- phone, visits, evidence ---
    Verb.DEVICE_INVITED: _("发出了手机登记码[给{name}]"),
    Verb.DEVICE_ENROLLED: _("登记了手机[“{label}”]"),
    Verb.DEVICE_REVOKED: _("停用了手机[“{label}”][（{kind}）][，理由：{reason}]"),
    Verb.VISIT_RECORDED: _(
        "上门走访[，结果：{outcome_name}][，走访编号 {visit}][，{route_name}][，{doubt}][，{ground}]"
    ),
    Verb.VISIT_DECIDED: _("裁定了有出入的走访[{visit}][，采用：{chosen}][，理由：{reason}]"),
    Verb.FACT_DECIDED: _("核定了走访所报的“{label}”[，采用走访 {chosen} 所报][，理由：{reason}]"),
    Verb.SUBJECTS_MERGED: _("把重复的对象“{dropped}”并入“{kept}”[，理由：{reason}]"),
    Verb.UNSENT_TAKEN: _(
        "导入了手机导出文件[，走访 {visits} 条][，照片 {photos} 张][，意见建议 {suggestions} 条][，未能接收 {refused} 条]"
    ),
    Verb.EVIDENCE_BOUND: _("为走访[{visit}]附上了证据[：{kind}][，指纹 {sha256}]"),
    Verb.FORM_UPLOADED: _("上传了核查表草稿[“{title}”][第 {version} 版]"),
    Verb.FORM_WITHDRAWN: _("撤回了核查表[“{title}”][第 {version} 版][，理由：{reason}]"),
    Verb.FORM_PUBLISHED: _("发布了核查表[“{title}”][第 {version} 版]"),
    Verb.SUGGESTION_MADE: _("提出了意见建议[第 {suggestion} 条]"),
    Verb.SUGGESTION_ANSWERED: _("答复了意见建议[第 {suggestion} 条]"),
    # --- findings ---
    Verb.FINDING_MADE: _("走访发现问题[：{measures}][，依据：{basis}]"),
    Verb.FINDING_CONFIRMED: _("复核确认了发现[：{measures}]"),
    Verb.FINDING_RETURNED: _("复核退回了发现[，需要补充：{question}]"),
    Verb.FINDING_REJECTED: _("复核否定了发现[，理由：{reason}]"),
    Verb.FINDING_ANSWERED: _("补充了被退回的发现[：{answer}]"),
    # --- cases, notices, clocks ---
    Verb.CASE_OPENED: _("立案[，案号 {case}][，事由：{matter}]"),
    Verb.CASE_APPROVED: _("审批同意[，环节：{step}][，意见：{reason}]"),
    Verb.CASE_RETURNED: _("退回更正[，环节：{step}][，理由：{reason}]"),
    Verb.CASE_CORRECTED: _("更正后重新提交[：{fields}]"),
    Verb.CASE_JOINED: _("又一次走访的发现并入本案[，事由：{matter}][，走访编号 {visit}]"),
    Verb.CASE_WITHDRAWN: _("撤销案件[，理由：{reason}]"),
    Verb.CASE_URGED: _("开始督促参保[，方式：{way}]"),
    Verb.CASE_HEALED: _("已整改，经社保名册核实后结案[，核实日期 {on}]"),
    Verb.CASE_CLOSED: _("结案[，理由：{reason}]"),
    Verb.CASE_ESCALATED: _("逾期未改，案件升级[至{step}]"),
    Verb.NOTICE_ISSUED: _("制发了文书[《{title}》][，文号 {number}]"),
    Verb.NOTICE_SERVED: _("送达了文书[，文号 {number}][，方式：{way}][，签收日期 {on}]"),
    Verb.NOTICE_WITHDRAWN: _("撤回了文书[《{title}》][，文号 {number}][，理由：{reason}]"),
    Verb.NOTICE_REISSUED: _("换发了文书[《{title}》][，原文号 {old}][，新文号 {number}][，理由：{reason}]"),
    Verb.NOTICE_SENT_OUT: _("请网格员上门送达文书[，文号 {number}]"),
    Verb.NOTICE_RECALLED: _("收回了请网格员送达的文书[，文号 {number}]"),
    Verb.NOTICE_CARRIED: _("上门送达文书[，文号 {number}][，走访编号 {visit}][，{fate}]"),
    Verb.NOTICE_CARRIED_DECIDED: _(
        "核定了上门送达[，文号 {number}][，走访编号 {visit}][，{fate}][，理由：{reason}]"
    ),
    Verb.NOTICE_PROVED: _("生成了送达回证[，文号 {number}]"),
    Verb.TERM_STARTED: _("开始计算期限[：{term_name}][，{length}][，至 {due_on} 届满]"),
    Verb.TERM_PAUSED: _("期限中止[：{term_name}][，理由：{reason}]"),
    Verb.TERM_RESUMED: _("期限恢复计算[：{term_name}][，至 {due_on} 届满]"),
    Verb.TERM_EXTENDED: _(
        "批准延长期限[：{term_name}][，延长 {length}][，至 {due_on} 届满][，依据：{basis}][，理由：{reason}]"
    ),
    Verb.TERM_STOPPED: _("期限终止[：{term_name}][，理由：{reason}]"),
    Verb.TERM_EXPIRED: _("期限届满[：{term_name}][，届满日 {due_on}]"),
    Verb.TERM_MOVED: _("节假日安排变动，期限随之调整[：{term_name}][，由 {old}][改为 {new}][，依据：{why}]"),
    Verb.STEP_OVERDUE: _("办理超时，报请上级督办[：{step}][，应于 {due_on} 前办理][，报{superior}]"),
    Verb.STEP_REOPENED: _("系统重新打开了中断的环节[：{step}][，原因：{reason}]"),
    Verb.CLOCK_FIRED: _("系统按期限办理了下一步[：{term_name}]"),
    Verb.INSPECTION_ORDERED: _("交劳动监察，责令限期改正[，文号 {number}]"),
    Verb.PENALTY_RECORDED: _("记录了行政处罚[，文号 {number}][，罚款 {amount} 元]"),
    # --- inspections ---
    Verb.INSPECTION_PROPOSED: _(
        "申请监察立案[，监察案号 {inspection}][，执法人员：{officers}][，理由：{reason}]"
    ),
    Verb.INSPECTION_FILED: _("批准监察立案[，监察案号 {inspection}]"),
    Verb.INSPECTION_REFUSED: _("不予监察立案[，理由：{reason}]"),
    Verb.OFFICER_RECUSED: _("决定回避[：{officer}][，改由{instead}办理][，理由：{reason}]"),
    Verb.CERTIFICATE_NOTED: _("登记执法证件[：{name}][，证号 {number}][，有效期至 {until}]"),
    Verb.INVESTIGATION_EXTENDED: _("批准延长调查期限[，至 {until}][，理由：{reason}]"),
    Verb.PENALTY_WEIGHED: _(
        "拟定处罚[：{violation}][，应缴未缴 {arrears} 元][，裁量档次 {tier}][，罚款 {fine} 元]"
    ),
    Verb.PENALTY_NOTICED: _("处罚事先告知书已送达[，陈述申辩至 {until}]"),
    Verb.STATEMENT_RECORDED: _("记录了当事人的陈述申辩"),
    Verb.STATEMENT_ANSWERED: _("复核并答复了陈述申辩"),
    Verb.STATEMENT_CLOSED: _("调查终结，送法制审核[，期间有陈述申辩：{heard}]"),
    Verb.HEARING_ASKED: _("当事人要求听证[，{on}]"),
    Verb.HEARING_CALLED: _("决定举行听证[，{on}][，地点 {place}][，主持人 {chair}]"),
    Verb.HEARING_NOTICED: _("听证通知书已送达"),
    Verb.HEARING_HELD: _("听证结束，形成听证报告"),
    Verb.PENALTY_REVIEWED: _("处罚案件法制审核通过[，意见：{opinion}]"),
    Verb.MEMBERS_CALLED: _("召集集体讨论[：{members}]"),
    Verb.OPINION_GIVEN: _("发表集体讨论意见[：{opinion}]"),
    Verb.PENALTY_DISCUSSED: _("形成集体讨论意见[：{opinion}][，参加 {members} 人]"),
    Verb.INSPECTION_RETURNED: _("退回[：{step}][，理由：{reason}]"),
    Verb.PENALTY_DECIDED: _("作出处罚决定[，文号 {number}][，罚款 {amount} 元]"),
    Verb.PAYMENT_RECORDED: _("登记缴款[：{amount} 元][，{on}][，票据 {slip}]"),
    Verb.PENALTY_DEMANDED: _("履行催告书已送达"),
    Verb.COURT_ASKED: _("申请人民法院强制执行[，文号 {number}]"),
    Verb.PENALTY_ENFORCED: _("强制执行完毕[：{reason}]"),
    Verb.PENALTY_PERFORMED: _("处罚决定履行完毕[：{reason}]"),
    Verb.INSPECTION_WITHDRAWN: _("撤销立案[，理由：{reason}]"),
    Verb.PENALTY_SPARED: _("决定不予处罚[，理由：{reason}]"),
    Verb.INSPECTION_TRANSFERRED: _("移送{to}[，文号 {number}][，理由：{reason}]"),
    Verb.INSPECTION_OVERDUE: _("监察办理逾期[：{term_name}]"),
    Verb.PENALTY_CHANGED: _("处罚决定被变更[，罚款 {fine} 元][：{reason}]"),
    Verb.PENALTY_QUASHED: _("处罚决定被撤销[：{reason}]"),
    # --- listing ---
    Verb.LISTING_PROPOSED: _("提议列入严重失信名单[，情形：{ground}][，依据：{basis}]"),
    Verb.LISTING_NOTICED: _("告知拟列入名单及陈述申辩权利[，申辩至 {until}]"),
    Verb.DEFENCE_RECORDED: _("记录了陈述申辩[，收到日期 {on}]"),
    Verb.DEFENCE_ANSWERED: _("答复了陈述申辩"),
    Verb.DEFENCE_CLOSED: _("陈述申辩期届满[，届满日 {on}]"),
    Verb.LISTING_REVIEWED: _("完成列入名单的法制审核[，意见：{opinion}]"),
    Verb.LISTING_APPROVED: _("同意列入名单[，环节：{step}]"),
    Verb.LISTING_DECIDED: _("决定列入严重失信名单[，文号 {number}]"),
    Verb.LISTING_SERVED: _("送达了列入决定[，方式：{way}][，签收日期 {on}]"),
    Verb.LISTING_PUBLISHED: _("公布了失信信息[，公布至 {until}]"),
    Verb.LISTING_DROPPED: _("不予列入名单[，理由：{reason}]"),
    Verb.LISTING_REMOVED: _("移出严重失信名单[，理由：{reason}]"),
    Verb.LISTING_STAYED: _("暂停公示[，依据：{reason}]"),
    Verb.LISTING_RESUMED: _("恢复公示[，依据：{reason}]"),
    Verb.LISTING_CORRECTED: _("更正了公示信息[：{correction}]"),
    Verb.LISTING_REVOKED: _("撤销列入[，理由：{reason}]"),
    Verb.LISTING_LATE: _("逾期未办，报上级督办[：{term_name}][，届满日 {due_on}]"),
    Verb.OBJECTION_FILED: _("登记了对公示信息的异议[，答复至 {until}]"),
    Verb.OBJECTION_ANSWERED: _("答复了异议[，结果：{verdict}]"),
    Verb.REMEDY_NOTED: _("登记了{kind_name}[，对象：{target_name}][，{body}][，{effects}]"),
    Verb.REMEDY_STAYED: _("登记了停止执行[，文号 {number}]"),
    Verb.REMEDY_CLOSED: _("登记了{kind_name}结果[：{outcome}][，文号 {number}][，{effective_on} 生效]"),
    Verb.REPAIR_APPLIED: _("受理信用修复申请[，审核至 {until}]"),
    Verb.REPAIR_SENT_OUT: _("派发修复现场核查[给{worker}]"),
    Verb.REPAIR_DECIDED: _("决定信用修复申请[：{outcome}][，文号 {number}][，理由：{reason}]"),
    Verb.SANCTIONS_LOADED: _("载入了惩戒措施[，共 {count} 项]"),
    Verb.SANCTION_EDITED: _("修改了惩戒措施[“{title}”]的依据[：{basis}][，理由：{reason}]"),
    Verb.SANCTION_ORDERED: _("通知{department}实施惩戒措施[“{title}”][，依据：{basis}][，反馈至 {until}]"),
    Verb.SANCTION_ANSWERED: _("{department}反馈惩戒措施[“{title}”][：{answer}][，{reason}]"),
    Verb.SANCTION_SUSPENDED: _("通知{department}暂停惩戒措施[“{title}”][，{reason}]"),
    Verb.SANCTION_RESUMED: _("通知{department}恢复惩戒措施[“{title}”][，{reason}][，反馈至 {until}]"),
    Verb.SANCTION_CORRECTED: _("向{department}发送更正后的信息[，惩戒措施“{title}”][，更正：{correction}]"),
    Verb.SANCTION_LIFT_ORDERED: _(
        "通知{department}解除惩戒措施[“{title}”][，理由：{reason}][，反馈至 {until}]"
    ),
    Verb.SANCTION_LIFTED: _("{department}反馈解除惩戒措施[“{title}”][：{answer}]"),
    Verb.SANCTION_REMINDED: _("提醒{department}反馈惩戒措施[“{title}”][，至 {until}]"),
    Verb.SANCTION_ESCALATED: _("{department}逾期未反馈惩戒措施[“{title}”]，转市级督办[，届满日 {until}]"),
    Verb.ANNOUNCEMENT_PROPOSED: _("提请重大劳动保障违法行为社会公布[，情形：{ground}]"),
    Verb.ANNOUNCEMENT_DECIDED: _("决定向社会公布"),
    Verb.ANNOUNCEMENT_REFUSED: _("决定不向社会公布[，理由：{reason}]"),
    Verb.ANNOUNCEMENT_PUBLISHED: _("向社会公布[，批次 {number}]"),
    Verb.ANNOUNCEMENT_OBJECTED: _("登记了对社会公布的异议[，答复至 {until}]"),
    Verb.ANNOUNCEMENT_ANSWERED: _("答复了对社会公布的异议"),
    Verb.ANNOUNCEMENT_CORRECTED: _("更正了社会公布的内容[：{text}]"),
    Verb.ANNOUNCEMENT_REMOVED: _("撤下社会公布条目[，理由：{reason}]"),
    Verb.ANNOUNCEMENT_LATE: _("社会公布异议逾期未答复，报上级督办[，届满日 {due_on}]"),
    # --- departments' duties and targets ---
    Verb.REFERRAL_SENT: _("转请{department}办理[：{title}][，{due_on} 前答复]"),
    Verb.REFERRAL_RECEIVED: _("{department}签收了转办件"),
    Verb.REFERRAL_ANSWERED: _(
        "{department}答复了转办件[，核查 {checked} 户（人）][，其中已参保 {insured}][，附件 {files} 份]"
    ),
    Verb.REFERRAL_RETURNED: _(
        "{department}退回了转办件，认为不属本部门职责[，应由{to}办理][，理由：{reason}]"
    ),
    Verb.REFERRAL_REDIRECTED: _("改转{department}办理[，{due_on} 前答复]"),
    Verb.REFERRAL_ACCEPTED: _("认可了{department}的答复[，意见：{reason}]"),
    Verb.REFERRAL_ASKED_AGAIN: _("请{department}补充答复[，{due_on} 前][，理由：{reason}]"),
    Verb.REFERRAL_CLOSED: _("办结了转办件[，结果：{reason}]"),
    Verb.REFERRAL_WITHDRAWN: _("撤回了转办件[，理由：{reason}]"),
    Verb.REFERRAL_REMINDED: _("提醒{department}：转办件将于 {due_on} 到期"),
    Verb.REFERRAL_ESCALATED: _("{department}逾期未答复转办件，已报市扩面办[，期限 {due_on}]"),
    Verb.PLAN_DRAFTED: _("编制了 {year} 年度{area}目标计划[，第 {version} 版][，理由：{reason}]"),
    Verb.PLAN_CHANGED: _("修改了 {year} 年度{area}目标计划草案[，第 {version} 版][，改动 {changed} 项]"),
    Verb.PLAN_CHECKED: _("核对了 {year} 年度{area}目标计划[，第 {version} 版][，有差额 {gaps} 项]"),
    Verb.PLAN_ISSUED: _("下达了 {year} 年度{area}目标计划[，第 {version} 版][，指标 {goals} 项]"),
    Verb.PLAN_REVISED: _("调整 {year} 年度{area}目标计划[，编制第 {version} 版][，理由：{reason}]"),
    Verb.PLAN_WITHDRAWN: _("撤回了 {year} 年度{area}目标计划草案[，第 {version} 版][，理由：{reason}]"),
    # --- signing ---
    Verb.STEP_HANDED_OVER: _("转办了“{step}”[，交{to}办理][，事由：{reason}]"),
    Verb.STEP_DELEGATED: _("委派准备“{step}”[，由{to}准备][，事由：{reason}]"),
    Verb.STEP_PREPARED: _("交回了委派准备的“{step}”[：{reason}]"),
    Verb.SIGNER_ASKED: _("加签“{step}”[，请{to}发表意见][，事由：{reason}]"),
    Verb.COUNTERSIGN_ASKED: _("会签“{step}”[，请{to}表态][，事由：{reason}]"),
    Verb.SIGNER_ANSWERED: _("就“{step}”发表意见[：{answer}][，{reason}]"),
    Verb.SIGNER_LAPSED: _("“{step}”的意见逾期未答复[：{to}]"),
    Verb.MOVE_RECALLED: _("收回了“{step}”的{way_name}[，原请{to}][，理由：{reason}]"),
    Verb.MOVE_VACATED: _("“{step}”的{way_name}因离岗失效[，原请{to}]，由有权岗位办理"),
    Verb.ACT_TAKEN_BACK: _("撤回了自己办理的“{step}”[，理由：{reason}]"),
    # --- assessment ---
    Verb.SCHEME_OPENED: _("启用了[{year} ]年度考核方案[“{title}”]"),
    Verb.ASSESSMENT_COMPUTED: _("计算了[{year} ]年度考核[，截至 {cutoff}][，指纹 {hash}]"),
    Verb.ASSESSMENT_SHOWN: _(
        "向各区公示了[{year} ]年度考核结果[，第 {showing} 次][，{until} 前可提异议][，指纹 {hash}]"
    ),
    Verb.ASSESSMENT_AGREED: _("{area}对[{year} ]年度考核结果无异议[（第 {showing} 次公示）]"),
    Verb.ASSESSMENT_OBJECTED: _(
        "{area}对[{year} ]年度考核结果提出异议[，指标：{indicator}][，理由：{reason}]"
    ),
    Verb.ASSESSMENT_ANSWERED: _("答复{area}对[{year} ]年度考核结果的异议[：{outcome}][，{answer}]"),
    Verb.ASSESSMENT_TAKEN_BACK: _("收回了[{year} ]年度考核第 {showing} 次公示[，理由：{reason}]"),
    Verb.ASSESSMENT_PROPOSED: _("提请封定[{year} ]年度考核[，指纹 {hash}]"),
    Verb.ASSESSMENT_FREEZE_REFUSED: _("退回了封定[{year} ]年度考核的提请[，理由：{reason}]"),
    Verb.ASSESSMENT_FROZEN: _("封定了[{year} ]年度考核[，由{proposed_by}提请][，指纹 {hash}]"),
    # --- audits, tax transfers ---
    Verb.AUDIT_OPENED: _("开展社会保险稽核[，稽核人员：{auditors}][，理由：{reason}]"),
    Verb.AUDIT_BEGUN: _("稽核通知书已送达，开始稽核"),
    Verb.AUDIT_RECORDED: _("制作了[{record}][，{day}]"),
    Verb.AUDIT_FOUND: _("登记了稽核发现[：{type}][，少参保 {heads} 人][，欠缴 {arrears} 元]"),
    Verb.AUDIT_INFORMED: _("告知了稽核情况[，可在 {until} 前答复]"),
    Verb.AUDIT_ANSWERED: _("记录了单位对稽核情况的答复[，{on}]"),
    Verb.AUDIT_DRAFTED: _("拟写了稽核意见，报区级审批"),
    Verb.AUDIT_APPROVED: _("批准了稽核意见[，文号 {number}][，意见：{reason}]"),
    Verb.AUDIT_RETURNED: _("退回了稽核意见[，理由：{reason}]"),
    Verb.AUDIT_ORDERED: _("稽核意见书已送达，责令限期改正"),
    Verb.AUDIT_OVERDUE: _("稽核期限已满[：{term_name}]"),
    Verb.AUDIT_ENDED: _("稽核结束[：{outcome}][，理由：{reason}]"),
    Verb.PENALTY_PROPOSED: _("提请行政处罚[，文号 {number}][，理由：{reason}]"),
    Verb.TAX_TRANSFERRED: _("把欠费移送税务[：{department}][，文号 {number}][，共 {amount} 元]"),
    Verb.TAX_REMINDED: _("提醒税务答复欠费移送[：{department}]"),
    Verb.TAX_ESCALATED: _("税务逾期未答复欠费移送，报上级协调[：{department}]"),
    Verb.TAX_ANSWERED: _(
        "税务答复欠费移送[：{answer}][，{amount} 元][，{on}][，至 {until}][，说明：{reason}]"
    ),
    # --- contacts, messages, lapsed contributors ---
    Verb.PHONE_NOTED: _("登记了联系电话[{number}][，来源：{source}]"),
    Verb.PHONE_RETIRED: _("停用了联系电话[{number}][，理由：{reason}]"),
    Verb.CONTACT_NOTED: _("联系当事人[：{way}][，结果：{outcome}][，{on}]"),
    Verb.MESSAGE_QUEUED: _("待发短信[：{purpose}][，{number}]"),
    Verb.MESSAGE_SENT: _("发出短信[：{purpose}][，{number}]"),
    Verb.MESSAGE_DELIVERED: _("短信已送达[：{purpose}][，{number}]"),
    Verb.MESSAGE_FAILED: _("短信未能送达[：{purpose}][，{number}][，原因：{reason}]"),
    Verb.LAPSES_FOUND: _("核对了断缴名单[，新增 {found} 户][，恢复缴费 {settled} 户]"),
    Verb.LAPSE_SETTLED: _("已恢复缴费，不再提醒[，缴至 {paid_to}]"),
    Verb.LAPSE_REMINDED: _("断缴提醒[：{way}][，文号 {number}][，{year} 缴费年度至 {until}]"),
    # --- the employer's window ---
    Verb.EMPLOYER_ENTERED: _("用人单位凭验证码进入办事窗口[，文书 {number}]"),
    Verb.SUBMISSION_ARRIVED: _(
        "收到用人单位提交的{kind_name}[，回执 {receipt}][，材料 {files} 份][，{late}][，{answer_due} 前答复]"
    ),
    Verb.SUBMISSION_TAKEN: _(
        "接办了用人单位提交的{kind_name}[，回执 {receipt}][，{entered}][，说明：{reason}]"
    ),
    Verb.SUBMISSION_ANSWERED: _("答复了用人单位提交的{kind_name}[，回执 {receipt}]"),
    Verb.SUBMISSION_OVERDUE: _("用人单位提交的{kind_name}逾期未答复[，回执 {receipt}][，期限 {answer_due}]"),
    # --- personal data, exports ---
    Verb.PERSONAL_REVEALED: _("查看了个人信息[：{fields}][，事由：{reason}]"),
    Verb.FORGETTING_ASKED: _("申请遗忘个人信息[，依据：{reason}][，说明：{remark}]"),
    Verb.FORGETTING_REFUSED: _("不准予遗忘个人信息[，意见：{opinion}]"),
    Verb.PERSONAL_FORGOTTEN: _(
        "永久删除了个人信息密钥[，事由：{reason}][，意见：{opinion}][，由{asker}申请]"
    ),
    Verb.EXPORT_MADE: _("导出了台账[：{what}]"),
    # --- the ledger's own check ---
    Verb.ALARM_RAISED: _("台账自检发出警报[第 {alarm} 号][：{what}]"),
    Verb.ALARM_ANSWERED: _("{office}处置了台账警报[第 {alarm} 号][，查明：{reason}]"),
    Verb.BACKUP_RESTORED: _("从备份恢复了全部数据[，备份时间 {made_at}][，备份时台账已封存 {size} 条]"),
    # --- keys ---
    Verb.KEY_HANDED_OVER: _("台账签名密钥交接[：由 {old} 交给 {new}]"),
    Verb.KEY_ROTATION_BEGUN: _("开始更换{key}[，新密钥 {new}][，旧密钥 {old}]"),
    Verb.KEY_ROTATED: _("更换{key}完成[，新密钥 {new}][，改写 {count} 处][，旧密钥 {old}]"),
}


class Told(Protocol):
    """What a sentence is made from; an Entry, or anything with the same facts."""

    verb: Any
    area: Any
    subject: Any
    case: Any
    data: Any


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_NAMED = re.compile(r"\{(\w+)\}")


# Facts whose values are code names of columns, questions or evidence.
_PARTS = frozenset({"fields", "kind"})
_AREAS = frozenset({"area", "community", "successors"})


def say(entry: Told, place: Callable[[str], str] = str) -> str:
    """One sentence of the story, in Chinese. A verb written by a later version reads as its code.

    `place` turns the code of an area into its name; without it the codes stand as they were written.
    """
    sentence = SENTENCES.get(entry.verb)
    if sentence is None:
        return str(entry.verb)
    facts = _Facts(case=entry.case, area=place(entry.area), subject=entry.subject)
    facts.update((key, _shown(key, value, place)) for key, value in entry.data.items())
    return _OPTIONAL.sub(lambda part: _kept(part[1], facts), str(sentence)).format_map(facts)


def _kept(part: str, facts: Mapping[str, Any]) -> str:
    named = _NAMED.findall(part)
    return part if all(facts.get(name) not in (None, "") for name in named) else ""


def _shown(key: str, value: Any, place: Callable[[str], str]) -> Any:
    in_words = word if key in _PARTS else place if key in _AREAS else str
    if isinstance(value, list):
        return "、".join(in_words(str(one)) for one in value)
    return in_words(value) if isinstance(value, str) else value
