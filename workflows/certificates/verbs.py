"""The acts of workflows/certificates as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class CertificateVerb(Verb):
    CERTIFICATE_NOTED = (
        "inspection.certificate",
        _(
            "登记执法证件[：{name}][，{kind}][，证号 {number}][，自 {from} 起][，有效期至 {until}][，发证机关 {body}]"
        ),
    )
    CERTIFICATE_ENDED = (
        "certificate.ended",
        _("终止了证件[：{name}][，{kind}][，证号 {number}][，最后一天 {until}][，理由：{reason}]"),
    )
    CERTIFICATES_IMPORTED = (
        "certificate.imported",
        _("导入了证件名单[“{file}”][：登记 {taken} 个][，没有变化 {same} 行][，退回 {refused} 行]"),
    )
