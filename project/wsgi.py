import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from project.process import share_counters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
if settings.METRICS or settings.METRICS_TOKEN:
    share_counters(settings.DATA)
application = get_wsgi_application()
application.request_class = import_module("project.gate").PageRequest

# Loaded before a server forks its workers: nobody's first request waits for it, and the workers share its memory.
# What is here by now stays for ever; the collector would only touch it, and a page once touched is shared no more.
import_module(settings.ROOT_URLCONF)
# By name: it asks tables of apps that are loaded by now.
import_module("project.starting").refuse_unsafe_start()
gc.collect()
gc.freeze()
