"""A new signing key of the ledger, for the two environment files: python -m grid.ledger.newkey

The first line is for the clock alone (clock.env), the second for every process (grid.env) and for the public.
Standard library and cryptography only.
"""

from __future__ import annotations

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def lines() -> list[str]:
    key = Ed25519PrivateKey.generate()
    return [
        f"LEDGER_KEY={b64encode(key.private_bytes_raw()).decode()}",
        f"LEDGER_PUBLIC_KEY={b64encode(key.public_key().public_bytes_raw()).decode()}",
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
