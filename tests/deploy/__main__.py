"""`make deploy-test`; see walk.py."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
# The journeys' registers know the checksums of codes.
django.setup()

from tests.deploy.walk import holds, walk  # noqa: E402  (after the apps are there)

walk(short=False, then=holds, keep="--keep" in sys.argv)
