"""The acts of grid/rotation as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class RotationVerb(Verb):
    KEY_ROTATION_BEGUN = "key.rotation_begun", _("开始更换{key}[，新密钥 {new}][，旧密钥 {old}]")
    KEY_ROTATED = "key.rotated", _("更换{key}完成[，新密钥 {new}][，改写 {count} 处][，旧密钥 {old}]")
