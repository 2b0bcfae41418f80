"""Lists what stands still without a lawful reason, after repairing what is safe to repair."""

from django.core.management.base import BaseCommand

from workflows.engine.actions.stuck import find_stuck


class Command(BaseCommand):
    help = "Finds cases, inspections, audits, rounds and clocks that are stuck; repairs or names them."

    def handle(self, **options: object) -> None:
        found = find_stuck()
        for snag in found:
            done = "已修复" if snag.repaired_at else snag.advice
            self.stdout.write(f"{snag.code}\t{snag.kind}\t{snag.what}\t{done}")
        if options["verbosity"]:
            mended = sum(snag.repaired_at is not None for snag in found)
            self.stdout.write(f"自动修复 {mended} 处，需要人办理的 {len(found) - mended} 处")
