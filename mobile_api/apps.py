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
        self._follow_ground()

    def _follow_ground(self) -> None:
        from grid.recut.followers import Following, on_ground_changed
        from mobile_api.ground import actions as ground

        on_ground_changed(Following("phones", _("手机"), ground.follow_phones))
        silent = _("其中一天以上没有联系，可能有未上传的走访")
        on_ground_changed(Following("silent_phones", silent, ground.follow_silent_phones))
