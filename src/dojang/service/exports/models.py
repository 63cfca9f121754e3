"""Who took everything out, and when."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class Export(TenantModel):
    """One full export: what it held, and whether it was read to its end."""

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    contents = models.JSONField(
        default=dict, help_text="which parts were asked for, and how many of each it held"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
