from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.placing.names.actions import counted, import_names
from grid.placing.names.rules import REFUSED
from grid.scope import machine


class Command(BaseCommand):
    help = "Imports place names (docs/gazetteer.md) from a CSV or XLSX table and prints what became of its lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default=settings.CITY, help="code of the area the table is about")

    def handle(self, *args: object, **options: object) -> None:
        file = Path(str(options["file"]))
        if not file.is_file():
            raise CommandError(f"没有文件 {file}")
        try:
            outcomes = import_names(file, file.name, str(options["area"]), by=machine("命令行"))
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        self.stdout.write(
            "新增 {new} 条，更改 {changed} 条，不变 {same} 条，不采用 {refused} 行".format(
                **counted(outcomes)
            )
        )
        for outcome in outcomes:
            if outcome.verdict == REFUSED:
                self.stdout.write(f"  第{outcome.number}行 {outcome.code} {outcome.why}")
