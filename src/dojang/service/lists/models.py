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
    #: 기본: what the list shows when it is opened without conditions.
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "user", "name_of_list", "name"], name="saved_filter_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "user", "name_of_list"],
                condition=models.Q(is_default=True),
                name="saved_filter_one_default",
            ),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(TenantModel):
    """Which columns of a list a person wants to see, in their order."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name_of_list = models.CharField(max_length=20)
    columns = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user", "name_of_list"], name="columns_once")
        ]
