#!/usr/bin/env python
import gc
import os
import sys

if __name__ == "__main__":
    # Nearly all that is made stays: to look for garbage after each 700 objects took a fifth of every start.
    gc.set_threshold(50_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.management import execute_from_command_line

    from project.environment import UnsafeEnvironment

    try:
        execute_from_command_line(sys.argv)
    except UnsafeEnvironment as refused:
        sys.exit("\n- ".join(["refused to start:", *str(refused).split("; ")]))
