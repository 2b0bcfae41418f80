"""Words for people: as they are written, or from the catalogue and put into a language only when they are shown."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    # What the forms take for a label; known to the type checker only.
    from django_stubs_ext import StrOrPromise as Text
else:
    Text = str | Promise

__all__ = ["Text"]
