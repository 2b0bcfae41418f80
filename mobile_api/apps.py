from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MobileApiConfig(AppConfig):
    name = "mobile_api"
    verbose_name = _("手机")

    def ready(self) -> None:
        from grid.opening import register_opening
        from grid.rooms import read_rooms
        from grid.territory.followers import register_phones
        from mobile_api.devices.opening import phone_lines
        from mobile_api.devices.queries import phones_of
        from mobile_api.openrosa.queries import files_waiting
        from mobile_api.uploads.sweeping import named_by

        read_rooms(self.name, "problems", "verbs")
        register_phones(phones_of)
        named_by(files_waiting)
        register_opening(phone_lines)
