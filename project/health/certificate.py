"""The TLS certificate in front of us: how long it is still good.

Read from the file that nginx shows, so it costs nothing and needs no way out of this machine. Where TLS ends at the
city's own gateway there is no file of ours (TLS_CERTIFICATE is empty), and nothing is told.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from django.conf import settings

DAY: Final = 86400.0
FEW: Final = 20.0  # days in which an office gets a new one


class CertificateUnreadable(Exception):
    """There is no certificate where TLS_CERTIFICATE says, or none this process can read."""


def is_ours() -> bool:
    return bool(settings.TLS_CERTIFICATE)


def days_left() -> float:
    """Until the first of the chain ends, for a phone trusts none of it after that; negative: it has ended. By the
    machine's clock. Raises CertificateUnreadable."""
    place = Path(settings.TLS_CERTIFICATE)
    try:
        chain = x509.load_pem_x509_certificates(place.read_bytes())
    except OSError as error:
        raise CertificateUnreadable(f"{place}: {error.strerror}") from error
    except ValueError as error:
        raise CertificateUnreadable(f"{place} holds no certificate") from error
    ends = min(certificate.not_valid_after_utc for certificate in chain)
    return (ends - datetime.now(UTC)).total_seconds() / DAY
