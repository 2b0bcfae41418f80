"""Before the certificate in front of us ends, somebody is told; where there is none of ours, nobody is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client

from project.health import certificate, checks, numbers

pytestmark = pytest.mark.once


def signed(days: float) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "grid.shili.example")])
    ends = datetime.now(UTC) + timedelta(days=days)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ends - timedelta(days=90))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def chain(settings: Any, tmp_path: Path) -> Callable[..., Path]:
    def write(*days: float) -> Path:
        place = tmp_path / "fullchain.pem"
        place.write_text("".join(map(signed, days)))
        settings.TLS_CERTIFICATE = str(place)
        return place

    return write


def test_days_are_those_of_whichever_of_the_chain_ends_first(chain: Callable[..., Path]) -> None:
    chain(80, 31, 900)
    assert 30.9 < certificate.days_left() <= 31
    assert list(checks._certificate()) == []


@pytest.mark.parametrize(("days", "said"), [(19.9, "ends in 20 days"), (-2.1, "ended 2 days ago")])
def test_the_doctor_says_so_in_time(chain: Callable[..., Path], days: float, said: str) -> None:
    chain(days)
    (fault,) = checks._certificate()
    assert said in fault


def test_tls_that_is_not_ours_is_nobodys_fault(settings: Any) -> None:
    settings.TLS_CERTIFICATE = ""
    assert list(checks._certificate()) == [] and numbers.certificate_days() == {}


@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_a_file_that_is_not_there_or_no_certificate_has_no_number_and_is_said(
    settings: Any, tmp_path: Path, content: bytes | None
) -> None:
    place = tmp_path / "fullchain.pem"
    if content is not None:
        place.write_bytes(content)
    settings.TLS_CERTIFICATE = str(place)
    (fault,) = checks._certificate()
    assert str(place) in fault and "TLS_CERTIFICATE" in fault
    assert numbers.certificate_days() == {}


def test_what_watches_reads_the_days(
    chain: Callable[..., Path], client: Client, settings: Any, db: None
) -> None:
    settings.METRICS = True
    assert "\ngrid_certificate_days " not in client.get("/metrics").content.decode()
    chain(40)
    told = client.get("/metrics").content.decode()
    (line,) = [splitline for splitline in told.splitlines() if splitline.startswith("grid_certificate_days ")]
    assert 39.9 < float(line.split()[1]) <= 40
