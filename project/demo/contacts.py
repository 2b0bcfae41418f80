"""How the demo city reaches the parties of its cases beside the documents: by telephone, short message and mail."""

from dataclasses import dataclass

from grid.calendar.now import today
from grid.scope import Actor, Role
from project.demo.people import Staff
from workflows.cases.models import Case
from workflows.notices.models import NoticeKind
from workflows.reminders.actions import (
    find_lapses,
    note_contact,
    note_phone,
    remind_many,
    send_sms,
    send_waiting,
)
from workflows.reminders.actions.contacting import Attempt
from workflows.reminders.models import Lapse, Outcome, Phone, Way

HEARD = (
    (Outcome.PROMISED, "答应月底前为职工办理参保登记"),
    (Outcome.REACHED, "已说明告知书内容和期限，对方表示知晓"),
    (Outcome.NO_ANSWER, "两次拨打无人接听"),
    (Outcome.LEFT_WORD, "前台代接，请其转告负责人"),
    (Outcome.DISPUTED, "称部分人员为劳务派遣，请其提交派遣协议"),
)


@dataclass
class Contacts:
    staff: Staff

    def leave_phone(self, case: Case) -> None:
        """Whoever signs for the letter leaves a number: no real one, and nothing is sent to it."""
        self._note_phone(case, "告知书送达回证所留电话")

    def ring(self, case: Case) -> None:
        phone = self._phone(case) or self._note_phone(case, "企业年报公示电话")
        outcome, said = HEARD[case.pk % len(HEARD)]
        attempt = Attempt(Way.PHONE, outcome, said, whom="人事主管（示例）", phone=phone)
        note_contact(case, attempt, by=self._by(case))

    def text(self, case: Case) -> None:
        phone = self._phone(case)
        if phone and case.notices.filter(kind=NoticeKind.URGING, withdrawn_at=None).exists():
            send_sms(case, phone, by=self._by(case))
            send_waiting()

    def post(self, case: Case) -> None:
        came = case.pk % 2 == 0
        outcome = Outcome.REACHED if came else Outcome.UNDELIVERABLE
        said = f"邮政快递 示例{today():%m%d}{case.pk:05d}，{'单位签收' if came else '退回：原址查无此单位'}"
        note_contact(case, Attempt(Way.MAIL, outcome, said), by=self._by(case))

    def remind_lapsed(self, area: str) -> str:
        """Who stopped paying is found, and some are reminded: by letter, or by message to a number heard of."""
        find_lapses()
        by = self.staff.at(Role.DISTRICT, area)
        rows = list(
            Lapse.objects.filter(area__startswith=area, settled_on=None).select_related("subject")[:12]
        )
        for lapse in rows[6:]:
            number = f"1990472{lapse.pk % 10_000:04d}"
            note_phone(lapse.subject, number, "示例经办人，财务", "走访登记", by=by)
        for way, some in (("letter", rows[:6]), ("sms", rows[6:])):
            if some:
                remind_many([lapse.pk for lapse in some], way, by=by)
        send_waiting()
        return f"断缴 {Lapse.objects.count()} 户，已提醒 {len(rows)} 户"

    def _phone(self, case: Case) -> Phone | None:
        return Phone.objects.filter(subject=case.subject_id, retired_at=None, is_mobile=True).first()

    def _note_phone(self, case: Case, source: str) -> Phone:
        number = f"1990473{case.pk % 10_000:04d}"
        return note_phone(case.subject, number, "示例经办人，人事", source, by=self._by(case))

    def _by(self, case: Case) -> Actor:
        return self.staff.at(Role.COMMUNITY, case.area)
