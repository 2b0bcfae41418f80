"""`manage.py export_flows DIR` writes each flow as BPMN 2.0 XML: `DIR/case.bpmn`, `DIR/inspection.bpmn`, …"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from workflows.charts.queries import graph_of
from workflows.charts.rules import lay_out
from workflows.charts.rules.bpmn import to_bpmn
from workflows.engine.kind import kinds


class Command(BaseCommand):
    help = "Writes every flow as BPMN 2.0 XML into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (kind.name for kind in kinds()):
            file = folder / f"{name}.bpmn"
            file.write_text(to_bpmn(lay_out(graph_of(name))), encoding="utf8")
            self.stdout.write(str(file))
