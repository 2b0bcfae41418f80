from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.calendar.now import today
from grid.registers.actions import Meaning, import_delivery
from grid.registers.actions.foreseeing import Foreseen
from grid.registers.models import Delivery, DeliveryState, Extent
from grid.registers.queries import remark_words
from grid.registers.rules.layouts import LAYOUTS
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
        extent = parser.add_mutually_exclusive_group()
        extent.add_argument(
            "--complete", action="store_true",
            help="the file names everybody in the area: whoever it does not name has left on that day",
        )  # fmt: skip
        extent.add_argument(
            "--partial", action="store_true", help="the file adds and changes only (taken for granted)"
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=HEADER",
            help="which column holds a fact, where its name would be guessed wrongly (name=单位全称); may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"没有文件 {options['file']}")
        try:
            delivery = import_delivery(
                Meaning(
                    options["register"],
                    options["area"],
                    options["as_of"] or today(),
                    Extent.COMPLETE if options["complete"] else Extent.PARTIAL,
                ),
                options["file"],
                by=machine("命令行"),
                columns=self._columns(options["column"]),
            )
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        if delivery.state == DeliveryState.WAITING:
            foreseen = Foreseen.of(delivery)
            self.stdout.write(
                f"没有采用，待第二人在“名册”中确认：将终止 {foreseen.ends} 户（其中不再在册 {foreseen.left} 户），"
                f"办结 {foreseen.heals} 户，认不出的行 {foreseen.unread} 行"
            )
            return
        self.stdout.write(
            f"接收 {delivery.accepted} 行（其中无变化 {delivery.unchanged} 行），退回 {delivery.refused} 行，"
            f"待归格 {delivery.unplaced} 户"
        )
        if delivery.is_complete:
            self.stdout.write(f"完整名册：不再在册 {delivery.ended} 户，认不出的行 {delivery.unread} 行")
        self._write_remarks(delivery)
        self._write_refused(list(delivery.refusals.values_list("sheet", "line", "code", "reason")))

    def _columns(self, given: list[str]) -> dict[str, str]:
        pairs = [pair.partition("=") for pair in given]
        if wrong := [name for name, _, header in pairs if not header]:
            raise CommandError(f"--column 应写作“项=列名”：{'、'.join(wrong)}")
        return {name.strip(): header.strip() for name, _, header in pairs}

    def _write_remarks(self, delivery: Delivery) -> None:
        delivery.refresh_from_db()
        if delivery.noted:
            self.stdout.write(f"有 {delivery.noted} 行有未读出的项，其余已采用")
        for remark in delivery.remarks:
            self.stdout.write(remark_words(remark))

    def _write_refused(self, refused: Sequence[tuple[str, int, str, str]]) -> None:
        for code, count in sorted(Counter(code for _, _, code, _ in refused).items()):
            self.stdout.write(f"  {code}: {count}")
        for sheet, line, code, reason in refused[:50]:
            self.stdout.write(f"  {sheet}第{line}行 {code} {reason}")
