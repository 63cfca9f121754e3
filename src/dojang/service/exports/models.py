"""Who took everything out, and when."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class Export(TenantModel):
    """One full export: what it held, and whether it was read to its end."""

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(default=timezone.now)
    #: The last sign of life: one that is silent for long was broken off by the end of its process.
    alive_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_whole = models.BooleanField(default=False, help_text="False: broken off, so the file can't be opened")
    contents = models.JSONField(
        default=dict, help_text="which parts were asked for, and how many of each it held"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
