"""The acts of project/backup as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class BackupVerb(Verb):
    BACKUP_RESTORED = (
        "backup.restored",
        _("从备份恢复了全部数据[，备份时间 {made_at}][，备份时台账已封存 {size} 条]"),
    )
