"""What is asked of requests."""

from collections.abc import Collection

from dojang.service.reverse.models import IncomingReverse


def drafted_by_buyer(invoice_ids: Collection[int]) -> set[int]:
    """Those of our invoices that their buyers wrote: their amendments are ours all the same."""
    made = IncomingReverse.objects.filter(invoice_id__in=invoice_ids)
    return {one for one in made.values_list("invoice_id", flat=True) if one is not None}
