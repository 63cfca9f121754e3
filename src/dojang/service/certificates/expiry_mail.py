"""Telling owners and administrators by mail that a certificate ends: 30, 7 and 1 days before, each once."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dojang.service.accounts.models import User
from dojang.service.certificates.models import Certificate, ExpiryNotice
from dojang.service.certificates.selectors import expiring
from dojang.service.tenancy.scope import current_workspace
from dojang.service.web.say import say
from dojang.service.workspaces.models import Membership, Workspace
from dojang.service.workspaces.roles import Role

DAYS = (30, 7, 1)


def untold(*, now: datetime) -> list[tuple[Certificate, int]]:
    """The certificates of the open workspace whose end is near and was not told yet, with the step of `DAYS`.

    Who was asleep for a week is told once, of the nearest step, not of each that was missed.
    """
    told = set(ExpiryNotice.objects.values_list("certificate_id", "days"))
    near = [(row, _step(row, now)) for row in expiring(DAYS[0], now=now)]
    return [(row, days) for row, days in near if (row.pk, days) not in told]


def tell(certificate_id: int, days: int, *, now: datetime) -> int:
    """Mail the end of one certificate; to how many people. In one transaction with the note that it was told.

    A mail server that does not take it undoes the note, so that the next hour tries again.
    """
    _, fresh = ExpiryNotice.objects.get_or_create(
        certificate_id=certificate_id,
        days=days,
        defaults={"workspace_id": current_workspace(), "sent_at": now},
    )
    if not fresh:
        return 0
    certificate = Certificate.objects.select_related("business").get(pk=certificate_id)
    people = _managers()
    for person in people:
        _mail(certificate, person, now).send()
    return len(people)


def _step(certificate: Certificate, now: datetime) -> int:
    left = (certificate.not_after - now).days
    return min(days for days in DAYS if left <= days)


def _managers() -> list[User]:
    members = Membership.objects.filter(left_at=None, role__in=[Role.OWNER, Role.ADMIN]).select_related(
        "user"
    )
    return [member.user for member in members.order_by("pk") if member.user.is_active]


def _mail(certificate: Certificate, person: User, now: datetime) -> EmailMultiAlternatives:
    with translation.override(person.language):
        workspace = Workspace.objects.get()
        page = {
            "certificate": certificate,
            "days_left": (certificate.not_after - now).days,
            "link": settings.ENVIRONMENT.origin + reverse("certificate_list", args=[workspace.slug]),
        }
        days = page["days_left"]
        subject = say(
            f"[도장] {certificate.business.name}의 공동인증서가 {days}일 뒤 만료됩니다",
            f"[Dojang] The certificate of {certificate.business.name} ends in {days} day(s)",
        )
        mail = EmailMultiAlternatives(
            " ".join(subject.split()),
            render_to_string("certificates/mail/expiry.txt", page),
            to=[person.email],
        )
        mail.attach_alternative(render_to_string("certificates/mail/expiry.html", page), "text/html")
    return mail
