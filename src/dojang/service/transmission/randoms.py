"""R of the signers: opened only while a package is made, forgotten once nothing waits for it any more."""

from collections.abc import Iterable
from datetime import datetime

from dojang.service.certificates import services, transmitter
from dojang.service.certificates.models import SealedRandom
from dojang.service.errors import Conflict
from dojang.service.invoices.models import SignedDocument
from dojang.service.invoices.states import State

#: Invoices of which the NTS may still want R.
_WAITING = (State.ISSUED, State.SUBMITTED, State.UNKNOWN)


class RandomErased(Conflict):
    """An invoice waits whose R was forgotten: it has to be signed again."""

    code = "sealed_random_erased"
    ko = "본인확인 값이 이미 지워져 전송할 수 없습니다. 발행을 취소하고 다시 서명해 주세요."
    en = "The proof of identity has been erased, so it can't be sent. Cancel it and sign again."


class Opener:
    """Opens each sealed R once, however many invoices it belongs to; lives as long as one package is made."""

    def __init__(self) -> None:
        self._opened: dict[int, bytes] = {}

    def open(self, document: SignedDocument) -> bytes:
        """R of the certificate that signed the document.

        Raises:
            NotOpened, RandomErased.
        """
        row = document.random
        if row.pk not in self._opened:
            if row.sealed is None:
                raise RandomErased
            found = transmitter.open_random(bytes(row.sealed), document.certificate.fingerprint)
            self._opened[row.pk] = found.reveal()
        return self._opened[row.pk]


def erase_unneeded(invoice_ids: Iterable[int], *, now: datetime) -> int:
    """Forget the R of these invoices of the open workspace that no waiting invoice has, too; how many.

    The rows are locked first: somebody who signs with the same sealed R at this moment waits, and seals anew.
    """
    candidates = (
        SealedRandom.objects.select_for_update()
        .filter(
            pk__in=SignedDocument.objects.filter(invoice_id__in=invoice_ids).values("random_id"),
            erased_at=None,
        )
        .order_by("pk")
    )
    rows = list(candidates)
    needed = set(
        SignedDocument.objects.filter(
            random_id__in=[row.pk for row in rows], invoice__state__in=_WAITING
        ).values_list("random_id", flat=True)
    )
    unneeded = [row for row in rows if row.pk not in needed]
    for row in unneeded:
        services.erase(row, now=now)
    return len(unneeded)
