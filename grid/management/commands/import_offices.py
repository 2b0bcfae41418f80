from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.offices.actions import import_bodies
from grid.offices.actions.loading import load_sample_offices
from grid.scope import machine


class Command(BaseCommand):
    help = "Enters the offices of the city from a CSV file; they count once somebody has confirmed them at 法规 → 机关."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--sample", action="store_true", help="示例数据, confirmed at once: demo mode only"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["sample"]:
                new, standing = load_sample_offices(options["file"]), 0
            else:
                new, standing = import_bodies(
                    options["file"].name, options["file"].read_bytes(), by=machine("命令行")
                )
        except RuntimeError as wrong:
            raise CommandError("只有演示模式（DEMO=1）才有示例机关。") from wrong
        except OSError as wrong:
            raise CommandError(f"读不出 {options['file']}：{wrong.strerror}") from wrong
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        if options["verbosity"]:
            waits = "" if options["sample"] else "，待另一人在“法规 → 机关”确认"
            same = f"；另有 {standing} 行早已录入" if standing else ""
            self.stdout.write(f"新录入机关 {new} 个{waits}{same}")
