"""How a person likes their lists."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class SavedFilter(TenantModel):
    """저장한 조건: a name for what stands behind the question mark of a list's address."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name_of_list = models.CharField(max_length=20)
    name = models.CharField("이름", max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "user", "name_of_list", "name"], name="saved_filter_once"
            )
        ]
        ordering: ClassVar = ["name"]


class ColumnChoice(TenantModel):
    """Which columns of a list a person wants to see, in their order."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name_of_list = models.CharField(max_length=20)
    columns = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user", "name_of_list"], name="columns_once")
        ]
