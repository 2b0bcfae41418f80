"""Asks all that readiness asks, and says what is wrong and where."""

import json
import sys

from django.core.management.base import BaseCommand, CommandParser

from project.health.asking import Finding, findings

MARKS = {"ok": "✓", "warning": "!", "failing": "✗"}


class Command(BaseCommand):
    help = (
        "Checks this installation: database, schema, keys, disk, fonts, clocks, processes. Exit code 1 where something "
        "fails without which no page can be served; with --strict, where anything does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--strict", action="store_true", help="a warning counts as a failure")

    def handle(self, *, json: bool, strict: bool, **options: object) -> None:
        found = findings()
        self.stdout.write(_as_json(found) if json else "\n".join(map(_line, found)))
        bad = {"failing", "warning"} if strict else {"failing"}
        if any(finding.state in bad for finding in found):
            sys.exit(1)


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.state]} {finding.title}" + (f"：{finding.fault}" if finding.fault else "")


def _as_json(found: list[Finding]) -> str:
    told = [
        {"name": finding.name, "title": finding.title, "state": finding.state, "why": finding.fault}
        for finding in found
    ]
    return json.dumps(told, ensure_ascii=False, indent=1)
