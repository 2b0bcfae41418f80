"""Loads the shipped grounds for listing; repeating adds nothing."""

from django.core.management.base import BaseCommand

from workflows.listing.actions.loading import load_shipped_grounds


class Command(BaseCommand):
    help = "Loads the shipped grounds for listing that are not there yet."

    def handle(self, **options: object) -> None:
        count = load_shipped_grounds()
        if options["verbosity"]:
            self.stdout.write(f"{count} grounds added")
