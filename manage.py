#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.management import execute_from_command_line

    from project.environment import UnsafeEnvironment

    try:
        execute_from_command_line(sys.argv)
    except UnsafeEnvironment as refused:
        sys.exit("\n- ".join(["refused to start:", *str(refused).split("; ")]))
