"""`make deploy-test`; see walk.py, and where podman is, containers.py."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
# The journeys' registers know the checksums of codes.
django.setup()

from tests.deploy import containers  # noqa: E402  (after the apps are there)
from tests.deploy.walk import holds, walk  # noqa: E402

if "--containers" not in sys.argv:
    walk(short=False, then=holds, keep="--keep" in sys.argv)
if lacking := containers.lacking():
    print(f"no containers: {lacking}")
else:
    containers.live_through()
