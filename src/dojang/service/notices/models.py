"""Mails that stayed here: in the demo nothing leaves the machine, and every mail can be read at a page."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class CapturedMail(models.Model):
    """A mail of the demo, kept instead of sent."""

    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]
