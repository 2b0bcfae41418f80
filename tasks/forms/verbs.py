"""The acts of tasks/forms as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class FormVerb(Verb):
    FORM_UPLOADED = "form.uploaded", _("上传了核查表草稿[“{title}”][第 {version} 版]")
    FORM_PUBLISHED = "form.published", _("发布了核查表[“{title}”][第 {version} 版]")
    FORM_WITHDRAWN = "form.withdrawn", _("撤回了核查表[“{title}”][第 {version} 版][，理由：{reason}]")
