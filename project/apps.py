from django.apps import AppConfig
from django.forms import BooleanField, ChoiceField, Field
from django.utils.translation import gettext_lazy as _

# The framework's Chinese speaks of 字段 to people who fill in a form. Said before any room reads its forms when it gets
# ready: a field keeps the words of the moment it was made.
Field.default_error_messages["required"] = _("请填写这一项。")
BooleanField.default_error_messages = {"required": _("请勾选这一项。")}
ChoiceField.default_error_messages["required"] = _("请选择一项。")


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = _("系统")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.db.backends.signals import connection_created

        from grid import outages
        from grid.opening import register_opening
        from grid.rooms import read_rooms
        from project import accounts
        from project.backup.opening import backup_lines
        from project.health import checks, measuring

        read_rooms(self.name, "problems", "verbs")
        # The sign-in library has no other way to say that a second factor came or went.
        authenticator_added.connect(accounts.factor_added)
        authenticator_removed.connect(accounts.factor_removed)
        checks.register()
        measuring.register()
        register_opening(backup_lines)
        # Nor has the framework another to say that the database is there again.
        connection_created.connect(outages.connected)
