from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignup(DefaultAccountAdapter):
    """Accounts come with postings; nobody opens one from outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
