from django.core.management.base import BaseCommand

from grid.law.actions.loading import load_shipped_provisions
from grid.law.calendar.actions import fill_calendar


class Command(BaseCommand):
    help = "Loads the shipped legal parameters and the working-day calendar; what the city entered or passed stays."

    def handle(self, *args: object, **options: object) -> None:
        added, days = load_shipped_provisions(), fill_calendar()
        if options["verbosity"]:
            self.stdout.write(f"法规参数新增 {added} 项，节假日历新增 {days} 天")
