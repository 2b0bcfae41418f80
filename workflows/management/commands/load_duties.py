"""Loads the shipped departments, duties and planning goals; repeating adds nothing."""

from django.core.management.base import BaseCommand

from workflows.duties.actions.loading import load_shipped_duties


class Command(BaseCommand):
    help = (
        "Loads the shipped departments, their duties and the goals that may be planned, where not there yet."
    )

    def handle(self, **options: object) -> None:
        departments, duties, goals = load_shipped_duties()
        if options["verbosity"]:
            self.stdout.write(f"部门新增 {departments} 个，职责新增 {duties} 条，计划指标新增 {goals} 项")
