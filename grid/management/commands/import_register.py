from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.calendar.now import today
from grid.registers.actions import import_delivery
from grid.registers.layouts import LAYOUTS
from grid.scope import machine


class Command(BaseCommand):
    help = "Imports a register (market, social, tax) from a CSV or XLSX file and prints what became of its lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", choices=sorted(LAYOUTS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default=settings.CITY, help="code of the area the file is about")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="day the data stood as it is, YYYY-MM-DD"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"没有文件 {options['file']}")
        try:
            delivery = import_delivery(
                options["register"], options["file"], by=machine("命令行"), area=options["area"],
                as_of=options["as_of"] or today(),
            )  # fmt: skip
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        self.stdout.write(
            f"接收 {delivery.accepted} 行（其中无变化 {delivery.unchanged} 行），退回 {delivery.refused} 行，"
            f"待归格 {delivery.unplaced} 户"
        )
        self._tell_refused(delivery.refusals.values_list("line", "code", "reason"))

    def _tell_refused(self, refused: Any) -> None:
        for code, count in sorted(Counter(code for _, code, _ in refused).items()):
            self.stdout.write(f"  {code}: {count}")
        for line, code, reason in refused[:50]:
            self.stdout.write(f"  第{line}行 {code} {reason}")
