from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from grid.problems import Problem

PAGE = Path(settings.ROOT) / "docs" / "problems.md"
HEAD = """# Problems

Every refusal has a code. The text may change, the code never does. The desk shows title, detail and advice; the
API answers them as RFC 9457 problem documents (`type` is `/problems/<code>`).

This page is written by `manage.py list_problems --write`; a test compares it with the `problems.py` of every room.

| code | status | title | detail | what to do |
|---|---|---|---|---|
"""


def page() -> str:
    kinds = sorted(_below(Problem), key=lambda kind: kind.code)
    return HEAD + "".join(
        f"| `{k.code}` | {k.status} | {k.title} | {k.template} | {k.advice} |\n".replace("|  |", "| |")
        for k in kinds
    )


def _below(kind: type[Problem]) -> list[type[Problem]]:
    return [each for child in kind.__subclasses__() for each in (child, *_below(child))]


class Command(BaseCommand):
    help = "Prints the list of problems as Markdown; --write puts it into docs/problems.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        if options["write"]:
            PAGE.write_text(page(), encoding="utf8")
        else:
            self.stdout.write(page())
