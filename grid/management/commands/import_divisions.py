from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.scope import machine
from grid.territory.actions import SHIPPED, import_divisions


class Command(BaseCommand):
    help = "Loads the official divisions of the city from a CSV file (the shipped one by default); grids are not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)
        parser.add_argument("--city", default=settings.CITY)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new = import_divisions(options["file"], city=options["city"], by=machine("命令行"))
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        if options["verbosity"]:
            self.stdout.write(f"新增区划 {new} 个")
