from django.apps import AppConfig
from django.forms import BooleanField, ChoiceField, Field
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = _("系统")

    def ready(self) -> None:
        # The framework's Chinese speaks of 字段 to people who fill in a form.
        Field.default_error_messages["required"] = _("请填写这一项。")
        BooleanField.default_error_messages = {"required": _("请勾选这一项。")}
        ChoiceField.default_error_messages["required"] = _("请选择一项。")
