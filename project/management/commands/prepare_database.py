"""Everything a version needs of its database, as the owner, in its order; repeating changes nothing.

One process instead of six: between the first table and the last right no half-made version waits for the next start.
"""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

LOADED = ("load_law", "load_grounds", "load_sanctions", "load_duties")


class Command(BaseCommand):
    help = "Migrates, grants the rights of the roles, and loads the shipped law that is not there yet."

    def handle(self, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if connection.vendor == "postgresql":
            call_command("database_roles", stdout=self.stdout)
        for name in LOADED:
            call_command(name, verbosity=0)
