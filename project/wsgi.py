import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = get_wsgi_application()

# Loaded before a server forks its workers: nobody's first request waits for it, and the workers share its memory.
# What is here by now stays for ever; the collector would only touch it, and a page once touched is shared no more.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
