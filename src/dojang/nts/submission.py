"""A submission: the bytes that go to 국세청 for a package, made once and never again.

Sending after a lost answer is only safe because it is the same bytes under the same SubmitID: if the first
ones were merely late, the NTS answers SYS002 and nothing is filed twice. So the whole HTTP body is kept, with
MessageID, time and signature. R is in it only inside the encrypted package.
"""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from dojang.etax.invoice import KST
from dojang.nts import cms, package, soap
from dojang.nts.errors import InvalidSettings, SubmissionDamaged
from dojang.nts.ids import RANDOM_BYTES, new_message_id, new_submit_id
from dojang.nts.package import PackagedInvoice
from dojang.nts.settings import NtsSettings
from dojang.nts.wire import HttpMessage, pack

_MAGIC = b"dojang-submission/1\n"


@dataclass(frozen=True, slots=True)
class Submission:
    """What to send, and what its answer has to refer to."""

    submit_id: str
    message_id: str
    total_count: int
    http: HttpMessage

    @classmethod
    def prepare(
        cls,
        invoices: Sequence[PackagedInvoice],
        *,
        settings: NtsSettings,
        sign: Callable[[bytes], bytes],
        now: datetime,
        random: Callable[[int], bytes],
    ) -> "Submission":
        """Package, encrypt and sign under a new SubmitID. Store it before sending.

        Args:
            invoices: 1 to 100 signed invoices with R of their signers.
            settings: who we are, and the NTS's km certificate.
            sign: signs bytes with the key of `settings.certificate`.
            now: aware.
            random: gives so many random bytes, from a source fit for keys.

        Raises:
            PackageRefused, RecipientRefused, InvalidSettings.
        """
        if settings.nts_km_certificate is None:
            raise InvalidSettings(
                why_ko="국세청 암호화용 인증서(nts_km_certificate)가 없습니다. 먼저 인증서를 요청하세요",
                why_en="nts_km_certificate is missing; request the certificates first",
            )
        message = soap.TaxInvoiceSubmit(
            header=soap.Header(
                message_id=new_message_id(now, random(RANDOM_BYTES)),
                to=settings.submit_address,
                sender=settings.party,
                receiver=soap.NTS_PARTY,
                sent_at=now,
                reply_to=settings.reply_to,
            ),
            submit_id=new_submit_id(settings.registration, now.astimezone(KST).date(), random(RANDOM_BYTES)),
            total_count=len(invoices),
            reference_id=str(uuid.UUID(bytes=random(16), version=4)),
        )
        content = cms.envelope(package.encode(invoices), settings.nts_km_certificate, random=random)
        http = pack(message, settings.signer(sign), content)
        return cls(message.submit_id, message.header.message_id, message.total_count, http)

    def to_bytes(self) -> bytes:
        """For a file or a column; `from_bytes` gives the same submission, to the byte."""
        head = _Head(
            submit_id=self.submit_id,
            message_id=self.message_id,
            total_count=self.total_count,
            content_type=self.http.content_type,
            soap_action=self.http.soap_action,
            sha256=hashlib.sha256(self.http.body).hexdigest(),
        )
        return b"".join((_MAGIC, head.model_dump_json().encode(), b"\n", self.http.body))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Submission":
        """What `to_bytes` stored.

        Raises:
            SubmissionDamaged: other bytes, or not the same any more.
        """
        if not data.startswith(_MAGIC):
            raise SubmissionDamaged(why_ko="전송 자료가 아닙니다", why_en="it is no submission")
        line, _, body = data.removeprefix(_MAGIC).partition(b"\n")
        try:
            head = _Head.model_validate_json(line)
        except ValidationError:
            raise SubmissionDamaged(
                why_ko="머리글을 읽을 수 없습니다", why_en="its head cannot be read"
            ) from None
        if head.sha256 != hashlib.sha256(body).hexdigest():
            raise SubmissionDamaged(why_ko="내용이 바뀌었습니다", why_en="its content has changed")
        http = HttpMessage(head.content_type, head.soap_action, body)
        return cls(head.submit_id, head.message_id, head.total_count, http)


class _Head(BaseModel):
    """The line before the body of a stored submission."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    submit_id: str
    message_id: str
    total_count: int
    content_type: str
    soap_action: str
    sha256: str
