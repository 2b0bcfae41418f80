"""Makes the kept backup of an earlier version: python -m tests.project.backup.older FILE.tar.xz

Once for each engine (DATABASE_URL as ever, a database migrated when this was written; DATA_DIR its folder), taken back
to the steps named here, with a few entries of the ledger and one file of 示例数据. What it made stays in `older/` and is
never made again: a later version must restore it as it is. The demo's signing key of that folder lies inside.
"""

import os
import sys
import tarfile
from pathlib import Path

import django

AS_OF = {"mobile_api": "0002"}


def main(kept: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    from grid.keeping import keep_file
    from grid.law.verbs import LawVerb
    from grid.ledger.actions import Line, record
    from grid.ledger.actions.sealer import seal_pending
    from grid.scope import machine
    from project.backup.making import make_backup

    for app, step in AS_OF.items():
        call_command("migrate", app, step, verbosity=0)
    for number in range(3):
        with transaction.atomic():
            record(LawVerb.LAW_LOADED, Line("1503", data={"number": number}), by=machine("示例"))
    seal_pending()
    keep_file(Path(settings.FILES) / "shown/00/示例.jpg", [b"x"])
    made = make_backup(Path(settings.DATA) / "backups", without_keys=True)
    with tarfile.open(kept, "w:xz") as tar:
        tar.add(made, arcname=made.name)
        tar.add(Path(settings.DATA) / "ledger.pem", arcname="ledger.pem")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
