"""Run against a database of its own: `fill` makes referrals whose terms ended, `watch` watches them once and prints
how many it told of, `count` what the ledger then holds."""

import os
import sys
from datetime import date, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

MANY = 150


def fill() -> int:
    from django.core.management import call_command

    from grid.calendar.now import now, today
    from grid.territory.models import Area, Level, Person
    from workflows.duties.actions.loading import load_shipped_duties
    from workflows.duties.models import Department, Referral

    call_command("load_law", verbosity=0)
    load_shipped_duties()
    Area.objects.create(
        code="1503",
        level=Level.CITY,
        kind="地级市",
        name="乌海市",
        short_name="乌海",
        valid_from=date(2020, 1, 1),
    )
    tax, sender = Department.objects.get(code="tax"), Person.objects.create(username="wu", full_name="吴霞")
    ended = today() - timedelta(days=1)
    rows = Referral.objects.bulk_create(
        Referral(
            code=f"ZB-2026-{n:06d}", department=tax, duty=tax.duties.first(), area="1503", title="核对", question="核对",
            sent_by=sender, sent_from="1503", sent_at=now(), started_on=ended, length=1, unit="wd", due_on=ended,
            remind_on=ended, basis="测试",
        )
        for n in range(MANY)
    )  # fmt: skip
    return len(rows)


def watch() -> int:
    from workflows.duties.terms import watch_terms

    return watch_terms()


def count() -> int:
    from grid.ledger.models import Entry

    told = Entry.objects.filter(verb="referral.escalated")
    assert told.count() == told.values("case").distinct().count()
    return told.count()


if __name__ == "__main__":
    import django

    django.setup()
    print({"fill": fill, "watch": watch, "count": count}[sys.argv[1]]())
