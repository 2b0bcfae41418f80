from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = _("系统")

    def ready(self) -> None:
        # The framework's Chinese speaks of 字段 to people who fill in a form.
        Field.default_error_messages["required"] = _("请填写这一项。")
