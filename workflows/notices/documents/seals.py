"""The electronic seal of an office, where the city has one.

What puts it is the city's: a callable named by the setting PRINT_SEAL. Without one a paper leaves room for the seal that
is put by hand. A sample is never sealed: the template draws a seal on it that says 示例.
"""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from workflows.notices.documents import Letterhead


class Seal(Protocol):
    def __call__(self, pdf: bytes, office: str, /) -> bytes:
        """The file with the seal of that name on it, still an archive PDF. What it raises ends the act: the paper is not
        issued and its number given back."""
        ...


def sealed(pdf: bytes, letter: Letterhead) -> bytes:
    """The paper as it goes out, by the name of its seal or else of its authority; a sample or a preview as it is."""
    if not settings.PRINT_SEAL or letter.sample or letter.preview:
        return pdf
    put: Seal = import_string(settings.PRINT_SEAL)
    return put(pdf, letter.seal or letter.authority)
