"""What the export's page tells: who took everything out before, and the years there are PDFs of."""

from collections.abc import Sequence

from dojang.service.exports.models import Export
from dojang.service.invoices.models import Invoice

_LISTED = 20


def earlier() -> Sequence[Export]:
    """The last exports, the newest first."""
    return list(Export.objects.select_related("by")[:_LISTED])


def years() -> list[int]:
    """The years in which something was written that is signed, the newest first."""
    days = Invoice.objects.exclude(issue_id=None).exclude(written_on=None)
    return [day.year for day in days.dates("written_on", "year", order="DESC")]
