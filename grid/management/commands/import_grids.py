from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.scope import machine
from grid.territory.grids.actions import import_grids
from grid.territory.grids.reading.lines import DATUMS, is_geojson
from grid.territory.grids.rules.planning import REFUSED, counted


class Command(BaseCommand):
    help = "Imports grids from a CSV or XLSX table or from GeoJSON and prints what became of its lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default=settings.CITY, help="code of the area the file is about")
        parser.add_argument("--datum", choices=DATUMS, default="", help="of a GeoJSON file's coordinates")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        if not file.is_file():
            raise CommandError(f"没有文件 {file}")
        if is_geojson(file) and not options["datum"]:
            raise CommandError(
                "GeoJSON 须用 --datum 说明坐标系：WGS84（GPS、天地图、CGCS2000）或 GCJ02（高德、腾讯）"
            )
        try:
            outcomes = import_grids(
                file, file.name, options["area"], datum=options["datum"], by=machine("命令行")
            )
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        self.stdout.write(
            "新增 {new} 个，更改 {changed} 个，不变 {same} 个，不采用 {refused} 行".format(
                **counted(outcomes)
            )
        )
        for outcome in outcomes:
            if outcome.verdict == REFUSED:
                self.stdout.write(f"  第{outcome.number}行 {outcome.problem} {outcome.why}")
            elif outcome.notes:
                self.stdout.write(f"  第{outcome.number}行 {outcome.code} {'；'.join(outcome.notes)}")
