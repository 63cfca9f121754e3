"""`{% load demo %}`: what the landing page of a demo tells."""

from typing import Any

from django import template

from dojang.service.demo.accounts import ACCOUNTS, CERTIFICATE_PASSPHRASE, PASSWORD, certificate_folder

register = template.Library()


@register.inclusion_tag("demo/accounts.html")
def demo_accounts() -> dict[str, Any]:
    """Who can log in, with what; where the certificates are."""
    return {
        "accounts": ACCOUNTS,
        "password": PASSWORD,
        "passphrase": CERTIFICATE_PASSPHRASE,
        "folder": certificate_folder(),
    }
