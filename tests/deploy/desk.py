"""Somebody at the desk of an installed city: pages and forms over TLS, as a browser sends them, nothing else."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from urllib3.filepost import encode_multipart_formdata

from tests.deploy.machine import HOST, Machine
from tests.journeys.pages import Form, Page, read


class Desk:
    def __init__(self, machine: Machine, name: str) -> None:
        self.machine, self.name = machine, name
        self.origin = f"https://{HOST}:{machine.ports['https']}"
        self.cookies: dict[str, str] = {}
        self.at, self.html, self.page = "/", "", Page("", "", [])

    # --- what a browser does

    def opens(self, address: str) -> Page:
        return self._asks("GET", address)

    def fills(self, wanted: str, file: tuple[str, str, bytes] | None = None, **given: Any) -> Page:
        """Sends the form of the open page that is the act `wanted`, or has a field of that name."""
        form = self._form(wanted)
        pairs = [(name, value) for name, values in form.filled(**given).items() for value in values]
        address = urljoin(self.at, form.action)
        if not file:
            return self._asks("POST", address, urlencode(pairs).encode(), "application/x-www-form-urlencoded")
        field, name, content = file
        parts = [pair for pair in pairs if pair[0] != field] + [(field, (name, content))]
        body, kind = encode_multipart_formdata(parts)
        return self._asks("POST", address, body, kind)

    def presses(self, wanted: str, button: str, **given: Any) -> Page:
        """The same, by a button that says more than that it was pressed."""
        self._form(wanted).held["act"] = [button]
        return self.fills(wanted, **given)

    def waits_for(self, address: str, words: str, seconds: float = 60) -> Page:
        """Looks again until the page says so: the worker does it meanwhile."""
        until = time.monotonic() + seconds
        while words not in self.opens(address).words:
            assert time.monotonic() < until, f"{self.name} {address}: no “{words}” in {self.page.words[:600]}"
            time.sleep(0.5)
        return self.page

    def link(self, pattern: str) -> str:
        found = re.search(pattern, self.html)
        assert found, f"{self.name} {self.at}: no {pattern} in {self.page.words[:600]}"
        return found[0]

    def _form(self, wanted: str) -> Form:
        found = [form for form in self.page.forms if form.act == wanted or wanted in form.held]
        if not found:
            found = [form for form in self.page.forms if form.action.rstrip("/").endswith(wanted)]
        assert found, f"{self.name} {self.at}: no form {wanted} in {self.page.words[:600]}"
        return found[0]

    def _asks(self, method: str, address: str, body: bytes | None = None, kind: str = "") -> Page:
        for _hop in range(6):
            status, to, content = self._one(method, address, body, kind)
            if status not in (301, 302, 303):
                break
            method, body, address = (
                "GET",
                None,
                urlsplit(urljoin(address, to))._replace(scheme="", netloc="").geturl(),
            )
        self.at, self.html = address, content.decode(errors="replace")
        self.page = read(self.html)
        assert status == 200, f"{self.name} {method} {address}: {status} {self.page.words[:600]}"
        self.content = content
        return self.page

    def _one(self, method: str, address: str, body: bytes | None, kind: str) -> tuple[int, str, bytes]:
        line = self.machine.line()
        headers = {"Host": self.origin.removeprefix("https://"), "Referer": self.origin + self.at}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": self.origin}
        line.request(method, address, body, headers)
        answer = line.getresponse()
        content = answer.read()
        for said in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(said).items()}
        line.close()
        return answer.status, answer.headers.get("Location", ""), content

    # --- coming in

    def comes_in_with(self, code: str, password: str) -> None:
        """For the first time: a password of one's own by the one-time code, and a second factor."""
        self.opens("/accounts/password/reset/")
        self.fills("again", username=self.name, code=code, password=password, again=password)
        self.opens("/accounts/login/")
        self.fills("login", login=self.name, password=password)
        self.opens("/accounts/2fa/totp/activate/")
        if "reauthenticate" in self.at:
            self.fills("password", password=password)
            self.opens("/accounts/2fa/totp/activate/")
        secret = re.search(r'id="authenticator_secret" value="(\w+)"', self.html)
        assert secret, self.page.words[:600]
        self.fills("code", code=one_time_code(secret[1]))
        assert "收件箱" in self.opens("/").words


def one_time_code(secret: str) -> str:
    """RFC 6238, six digits of thirty seconds.

    >>> len(one_time_code("JBSWY3DPEHPK3PXP"))
    6
    """
    counted = hmac.digest(
        b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1
    )
    at = counted[-1] & 15
    return f"{(struct.unpack('>I', counted[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
