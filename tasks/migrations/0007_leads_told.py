from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("tasks", "0006_corrected_findings")]
    # The code before always gave both: its columns were not nullable.
    obeyed_since = "0.1.0"

    operations = [
        migrations.AlterField(
            model_name="lead",
            name="comparison",
            field=models.ForeignKey(
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="leads",
                to="tasks.comparison",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="left",
            field=models.ForeignKey(
                null=True, on_delete=models.deletion.PROTECT, related_name="+", to="grid.row"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=Q(rule="R15") | Q(comparison__isnull=False, left__isnull=False),
                name="lead_from_rows",
            ),
        ),
    ]
