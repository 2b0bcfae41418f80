"""Who somebody at the sign-in page is: judged once for every try, answering strangers alike whatever they type.

Nobody is locked out. After some wrong passwords an account (and an address) makes one wait, and whoever brings the
second factor along need not: password and factor are then judged together, so that no answer tells a right password
from a wrong one. A guess costs the same for names that exist and names that do not.
"""

from threading import BoundedSemaphore
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.contrib.auth import authenticate
from django.http import HttpRequest

from grid.accounts.actions import tries
from grid.accounts.rules import ADDRESS, FACTOR, NAME
from grid.limits import address_of
from grid.territory.models import Person

# A hash takes 100 MB. Where memory runs out a right password counts as wrong, so an office at eight o'clock (or a flood)
# takes turns.
_hashing = BoundedSemaphore(4)


class Judged(NamedTuple):
    """`person` is None for whoever stays outside, then `wait` says for how many seconds nothing will be judged."""

    person: Person | None
    factor: Authenticator | None
    wait: int


def judge(request: HttpRequest, name: str, password: str, code: str) -> Judged:
    address, account = tries.key_of("address", address_of(request)), tries.key_of("name", name.casefold())
    wait = max(tries.take(address, ADDRESS), tries.take(account, NAME))
    with _hashing:
        person = authenticate(request, username=name, password=password)
    assert person is None or isinstance(person, Person)
    factor = _factor_for(name, person, code)
    if person is None or (wait and factor is None):
        return Judged(None, None, wait)
    tries.give_back(address, ADDRESS)
    tries.forget(account)
    return Judged(person, factor, 0)


def _factor_for(name: str, person: Person | None, code: str) -> Authenticator | None:
    """The second factor `code` fits. Looked up whether the password was right or not: time tells nothing."""
    if not code:
        return None
    rows = Authenticator.objects.filter(user__username=name).exclude(type=Authenticator.Type.WEBAUTHN)
    fits = next((row for row in rows if _fits(row, code)), None)
    if person is None:
        return None
    key = tries.key_of("factor", str(person.pk))
    if tries.take(key, FACTOR) or fits is None:
        return None
    tries.forget(key)
    # Now it is used up: a code counts once.
    return fits if fits.wrap().validate_code(code) else None


def _fits(factor: Authenticator, code: str) -> bool:
    if factor.type == Authenticator.Type.TOTP:
        return bool(validate_totp_code(decrypt(factor.data["secret"]), code))
    return code in factor.wrap().get_unused_codes()
