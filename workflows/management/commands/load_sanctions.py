"""Loads the shipped measures of joint sanction; repeating adds nothing."""

from django.core.management.base import BaseCommand

from workflows.sanctions.actions.loading import load_shipped_sanctions


class Command(BaseCommand):
    help = "Loads the shipped measures of joint sanction that are not there yet."

    def handle(self, **options: object) -> None:
        count = load_shipped_sanctions()
        if options["verbosity"]:
            self.stdout.write(f"{count} measures added")
