"""Events of documents, each with the hash of the one before it, and the seals over their heads."""

from typing import ClassVar

from django.db import models

from dojang.service.tenancy.models import TenantModel


class Event(TenantModel):
    """One thing that happened to one document: who, when, from where, what."""

    append_only = True

    invoice = models.ForeignKey("invoices.Invoice", on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "sequence"], name="event_in_order")
        ]
        ordering: ClassVar = ["invoice_id", "sequence"]
        # The history of a workspace, the newest first: of everybody, of one person, of one kind.
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-at", "-id"], name="event_newest"),
            models.Index(fields=["workspace", "actor", "-at", "-id"], name="event_of_person"),
            models.Index(fields=["workspace", "action", "-at", "-id"], name="event_of_kind"),
        ]


class Unsealed(TenantModel):
    """A document with an event that no seal covers: written with the event, taken out by the seal.

    Ids of events don't say what is new: a transaction that ends late has lower ones than others before it.
    """

    invoice_number = models.BigIntegerField()


class Seal(TenantModel):
    """The new heads of a workspace's documents, sealed into one chain: no whole document can vanish."""

    append_only = True

    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    last_event = models.BigIntegerField(help_text="events up to this id are covered")
    heads = models.JSONField(help_text="[[invoice id, sequence, hash], …] of the documents that changed")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "sequence"], name="seal_in_order")
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "at"], name="seal_by_time")]


class Verification(TenantModel):
    """What came of verifying the whole history of a workspace: once a week, and when an owner asks."""

    at = models.DateTimeField()
    events = models.BigIntegerField()
    breaks = models.PositiveIntegerField(help_text="how many places do not hold")
    told = models.JSONField(
        default=list, help_text="the first of them: [[document or null, sequence, ko, en], …]"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
