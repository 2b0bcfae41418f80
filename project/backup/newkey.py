"""A new escrow pair for the backups: python -m project.backup.newkey

The first line goes into grid.env. The second is printed or written down, put into two envelopes, and stays off every
machine: whoever holds it opens the keys of the city. Standard library and cryptography only.
"""

from __future__ import annotations

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def lines() -> list[str]:
    key = X25519PrivateKey.generate()
    return [
        f"BACKUP_ESCROW_KEY={b64encode(key.public_key().public_bytes_raw()).decode()}",
        f"BACKUP_ESCROW_PRIVATE_KEY={b64encode(key.private_bytes_raw()).decode()}",
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
