"""The receiving side of ReplyTo: 국세청 tells results by itself, and repeats it until it is acknowledged.

Process a notice by SubmitID and issue id, so that the second of two equal ones changes nothing: that is the
caller's, who has a database. Acknowledge only after the results are stored, since nothing is told again then.

Source: KEC 표준전자세금계산서 v3.0, ResultsSubmit and ResultsRecvAck.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from dojang.nts import response, soap, wire, wsse
from dojang.nts.errors import AnotherMessage
from dojang.nts.ids import new_message_id
from dojang.nts.response import SignedResponse, TaxInvoiceResponse
from dojang.nts.soap import PartyId
from dojang.nts.wire import HttpMessage
from dojang.nts.wsse import Signer


@dataclass(frozen=True, slots=True)
class ResultsNotice:
    """Results that the NTS sent of its own accord, signed by it twice: the message and the document."""

    message: soap.ResultsSubmit
    signed: SignedResponse

    @property
    def response(self) -> TaxInvoiceResponse:
        return self.signed.response


def read_results_notice(
    http_body: bytes, content_type: str | None, pinned: Collection[bytes]
) -> ResultsNotice:
    """Read what was posted to our ReplyTo address.

    Args:
        http_body: the request's body; bound its size before.
        content_type: the request's Content-Type.
        pinned: the NTS's certificates (DER); anybody can post to the address, so nothing else counts.

    Raises:
        NtsError: not such a message, or not signed by the NTS. Answer with HTTP 400 and store nothing.
    """
    received = wire.unpack(content_type, http_body)
    wsse.require_pinned(received.certificate, pinned)
    if not isinstance(received.message, soap.ResultsSubmit) or received.attachment is None:
        raise AnotherMessage(what="Action", got=received.message.kind.action)
    signed = response.read(received.attachment)
    wsse.require_pinned(signed.certificate, pinned)
    return ResultsNotice(received.message, signed)


def acknowledge(
    notice: ResultsNotice, *, party: PartyId, signer: Signer, now: datetime, random: bytes
) -> HttpMessage:
    """The answer to a notice, to be sent with HTTP 200.

    Args:
        notice: what was read and stored.
        party: we.
        signer: the transmitting system's certificate and key.
        now: aware.
        random: 16 random bytes.
    """
    header = soap.Header(
        message_id=new_message_id(now, random),
        to=soap.ANONYMOUS,
        sender=party,
        receiver=notice.message.header.sender,
        sent_at=now,
        relates_to=notice.message.header.message_id,
    )
    return wire.pack(soap.ResultsRecvAck(header, notice.message.result_id), signer)
