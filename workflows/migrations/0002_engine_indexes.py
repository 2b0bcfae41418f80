# HAND-WRITTEN
"""Indexes the engine's tables lack: who has what open, what stands at a step, which processes of a flow run."""

from django.db import migrations

INDEXES = {
    "engine_task_owner_status": "viewflow_task (owner_id, status)",
    "engine_task_step_status": "viewflow_task (flow_task, status)",
    "engine_process_flow_status": "viewflow_process (flow_class, status)",
}


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial"), ("viewflow", "0015_task_scheduled")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {columns}", f"DROP INDEX {name}")
        for name, columns in INDEXES.items()
    ]
