from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.scope import machine
from grid.territory.actions import EDITION, SHIPPED
from grid.territory.divisions.actions import read_divisions, take_divisions
from grid.territory.grids.rules.planning import NEW, REFUSED


class Command(BaseCommand):
    help = "Loads the official divisions of the city from a CSV file (the shipped one by default); grids are not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)
        parser.add_argument("--city", default=settings.CITY)

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        if not file.is_file():
            raise CommandError(f"没有文件 {file}")
        try:
            lines = read_divisions(file, file.name)
            outcomes = take_divisions(lines, options["city"], file.name, EDITION, by=machine("命令行"))
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        if options["verbosity"]:
            self.stdout.write(f"新增区划 {sum(outcome.verdict == NEW for outcome in outcomes)} 个")
        for outcome in outcomes:
            if outcome.verdict == REFUSED:
                self.stdout.write(f"  第{outcome.number}行 {outcome.problem} {outcome.why}")
