import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
pages = get_asgi_application()

from project.live import live_urls, signed_in_here  # noqa: E402  (the apps must be loaded first)

application = ProtocolTypeRouter({"http": pages, "websocket": signed_in_here(URLRouter(live_urls))})
