"""Importing this loads the project, in a process that is to be forked from."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup()
