"""Which certificates need someone to look at them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from dojang.service.certificates.models import Certificate, Verdict
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

#: Renewing a 공동인증서 takes some days and is possible from 30 days before its end.
WARN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Expiring:
    """A registered certificate that ends soon or has ended, with whole days left (negative once it has)."""

    certificate_id: int
    business_name: str
    owner: str
    not_after: datetime
    days_left: int

    @property
    def is_over(self) -> bool:
        """Whether nothing can be signed with it any more."""
        return self.days_left < 0


def registered(member: Member) -> list[tuple[Business, Sequence[Certificate]]]:
    """The businesses in use that a member may see, each with its certificates, the longest lasting first."""
    seen = [
        one
        for one in Business.objects.filter(archived_at=None).order_by("id")
        if member.may(Right.VIEW, one.pk)
    ]
    found: dict[int, list[Certificate]] = {one.pk: [] for one in seen}
    rows = Certificate.objects.filter(removed_at=None, business__in=seen).select_related("registered_by")
    for row in rows.order_by("-not_after", "-id"):
        found[row.business_id].append(row)
    return [(one, found[one.pk]) for one in seen]


def expiring_certificates(business_ids: Collection[int], *, now: datetime) -> list[Expiring]:
    """The usable certificates of these businesses that end within `WARN_DAYS`, soonest first.

    One that a later certificate of the same business has replaced is left out.
    """
    known = Certificate.objects.filter(
        business_id__in=business_ids,
        removed_at__isnull=True,
        verdict__in=[Verdict.MATCHES, Verdict.PENDING],
    )
    return [
        Expiring(
            certificate_id=one.pk,
            business_name=one.business.name,
            owner=one.owner,
            not_after=one.not_after,
            days_left=(one.not_after - now).days,
        )
        for one in _ending(known, WARN_DAYS, now)
    ]


def businesses_with_certificate(business_ids: Collection[int], *, now: datetime) -> set[int]:
    """Those of the businesses that could sign now."""
    able = Certificate.objects.filter(
        business_id__in=business_ids,
        removed_at__isnull=True,
        verdict=Verdict.MATCHES,
        not_before__lte=now,
        not_after__gt=now,
    ).exclude(revocation="revoked")
    return set(able.values_list("business_id", flat=True))


def expiring(days: int, *, now: datetime) -> list[Certificate]:
    """Those of the open workspace that end within so many days and that no later one replaces, soonest first."""
    rows = Certificate.objects.filter(removed_at=None, verdict=Verdict.MATCHES, not_after__gt=now)
    return _ending(rows, days, now)


def _ending(rows: QuerySet[Certificate], days: int, now: datetime) -> list[Certificate]:
    """Of each business the one that lasts longest, where even that ends within so many days; the soonest first."""
    latest = {row.business_id: row for row in rows.select_related("business").order_by("not_after", "id")}
    ending = [row for row in latest.values() if row.not_after <= now + timedelta(days=days)]
    return sorted(ending, key=lambda row: (row.not_after, row.pk))
