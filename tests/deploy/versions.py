"""The next version of the clone: the same tree with one column more, as a migration of ours would add it."""

import re
from pathlib import Path

COLUMN = 'weather = models.CharField("天气", max_length=20, db_default="")'
MIGRATION = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "{before}")]
    operations = [
        migrations.AddField("visit", "weather", models.CharField("天气", max_length=20, db_default="")),
    ]
"""


def add_a_column(source: Path) -> None:
    models = source / "tasks/visits/models.py"
    text = models.read_text()
    changed = re.sub(
        r"(class Visit\(models\.Model\):\n(?:    \"\"\"(?:.|\n)*?\"\"\"\n)?\n?)", rf"\1    {COLUMN}\n", text
    )
    assert changed != text
    models.write_text(changed)
    before = max(file.stem for file in (source / "tasks/migrations").glob("0*.py"))
    name = f"{int(before[:4]) + 1:04d}_weather.py"
    (source / "tasks/migrations" / name).write_text(MIGRATION.format(before=before))
