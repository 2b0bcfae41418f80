"""The acts of mobile_api/devices as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class DeviceVerb(Verb):
    DEVICE_INVITED = "device.invited", _("发出了手机登记码[给{name}]")
    DEVICE_ENROLLED = "device.enrolled", _("登记了手机[“{label}”]")
    DEVICE_REVOKED = "device.revoked", _("停用了手机[“{label}”][（{kind}）][，理由：{reason}]")
