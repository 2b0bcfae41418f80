"""Sealing to a key whose other half is not on the machine: X25519, HKDF-SHA-256, AES-256-GCM.

`grid-sealed/1\\n`, then 32 bytes of a public key made for this one message, 12 of nonce, and the ciphertext. The
AES key comes from the shared secret with both public keys as context (as RFC 9180 binds them); it is used once.

To open one, where the private half was brought to: python -m project.backup.escrow keys.sealed FOLDER
asks for BACKUP_ESCROW_PRIVATE_KEY and writes each file into FOLDER. Standard library and cryptography only.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from base64 import b64decode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HEAD = b"grid-sealed/1\n"


class CannotOpen(ValueError):
    """Not sealed by us, sealed to another key, or altered."""


def public_of(text: str) -> X25519PublicKey:
    """Raises ValueError when the text is not 32 bytes in base64."""
    return X25519PublicKey.from_public_bytes(b64decode(text.strip(), validate=True))


def seal(content: bytes, escrow: X25519PublicKey) -> bytes:
    own = X25519PrivateKey.generate()
    mine, theirs = own.public_key().public_bytes_raw(), escrow.public_bytes_raw()
    nonce = os.urandom(12)
    return HEAD + mine + nonce + _cipher(own.exchange(escrow), mine + theirs).encrypt(nonce, content, HEAD)


def unseal(sealed: bytes, private: X25519PrivateKey) -> bytes:
    """Raises CannotOpen."""
    rest = sealed[len(HEAD) :]
    try:
        if not sealed.startswith(HEAD):
            raise ValueError("no such head")
        shared = private.exchange(X25519PublicKey.from_public_bytes(rest[:32]))
        context = rest[:32] + private.public_key().public_bytes_raw()
        return _cipher(shared, context).decrypt(rest[32:44], rest[44:], HEAD)
    except (ValueError, InvalidTag) as error:
        raise CannotOpen("不是本系统封存的密钥文件，或者私钥不对、文件被改动") from error


def _cipher(shared: bytes, context: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=HEAD + context).derive(shared))


def write_out(files: dict[str, str], folder: Path) -> list[Path]:
    """The sealed files again, readable by the owner alone. Nothing that is there is overwritten."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name, text in files.items():
        file = folder / Path(name).name
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
        written.append(file)
    return written


def main(sealed: str, folder: str) -> int:
    private = os.environ.get("BACKUP_ESCROW_PRIVATE_KEY") or getpass.getpass("BACKUP_ESCROW_PRIVATE_KEY=")
    try:
        key = X25519PrivateKey.from_private_bytes(b64decode(private.strip(), validate=True))
        content = unseal(Path(sealed).read_bytes(), key)
        for file in write_out(json.loads(content), Path(folder)):
            print(file)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) == 3 else print(__doc__) or 2)
