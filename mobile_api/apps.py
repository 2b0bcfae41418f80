from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MobileApiConfig(AppConfig):
    name = "mobile_api"
    verbose_name = _("手机")

    def ready(self) -> None:
        from grid.territory.staffing import tell_phones
        from mobile_api.devices.queries import phones_of

        tell_phones(phones_of)
        from grid.opening import tell_opening
        from mobile_api.devices.opening import phone_lines

        tell_opening(phone_lines)
