"""A tax office for tests: keys, certificates and the answers a real one gives, good and bad."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from cryptography.x509.oid import NameOID

from dojang.nts import response, soap, wire
from dojang.nts.client import NtsClient
from dojang.nts.package import PackagedInvoice
from dojang.nts.response import InvoiceResult, TaxInvoiceResponse
from dojang.nts.settings import NtsSettings
from dojang.nts.submission import Submission
from dojang.nts.wsse import Signer

DATA = Path(__file__).parents[1] / "data" / "kec"
NOW = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
REGISTRATION = "41999999"
BUSINESS_NUMBER = "9998100015"
RECEIPT_ID = "NTS-20261122100203-00001"


def data(name: str) -> bytes:
    return (DATA / name).read_bytes()


def signing_with(key: rsa.RSAPrivateKey) -> Callable[[bytes], bytes]:
    return lambda octets: key.sign(octets, padding.PKCS1v15(), hashes.SHA256())


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def certificate(
    name: str,
    public_key=None,
    *,
    key_encipherment: bool | None = None,
    not_before: datetime = NOW - timedelta(days=30),
    days: int = 365,
) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"TEST {name}")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public_key or rsa_key(name).public_key())
        .serial_number(0x1234)
        .not_valid_before(not_before)
        .not_valid_after(not_before + timedelta(days=days))
    )
    if key_encipherment is not None:
        usage = x509.KeyUsage(
            not key_encipherment, False, key_encipherment, False, False, False, False, False, False
        )
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(rsa_key(name), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@cache
def identity(name: str) -> Signer:
    return Signer(certificate(name), signing_with(rsa_key(name)))


@cache
def operator() -> Signer:
    """We: the throw-away key of the fixtures."""
    key = load_der_private_key(data("signer.key.p8.der"), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Signer(data("signer.cert.der"), signing_with(key))


def km_decrypt(encrypted: bytes) -> bytes:
    key = load_der_private_key(data("package/km.key.p8.der"), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.decrypt(encrypted, padding.PKCS1v15())


def settings(**changes) -> NtsSettings:
    base = NtsSettings(
        submit_address="http://127.0.0.1:9/submit",
        results_address="http://127.0.0.1:9/results",
        certificates_address="http://127.0.0.1:9/certificates",
        registration=REGISTRATION,
        business_number=BUSINESS_NUMBER,
        name="(주)도장상사",
        certificate=operator().certificate,
        nts_certificates=(identity("NTS").certificate,),
        nts_km_certificate=data("package/km.cert.der"),
        reply_to="http://127.0.0.1:9/callback",
        connect_timeout=2.0,
        read_timeout=2.0,
        write_timeout=2.0,
    )
    return replace(base, **changes)


INVOICES = (
    PackagedInvoice(data("signed/0101-plain.xml"), bytes(range(20))),
    PackagedInvoice(data("signed/0102-zero-rated.xml"), bytes(range(1, 21))),
)


def submission(config: NtsSettings | None = None) -> Submission:
    return Submission.prepare(
        INVOICES, settings=config or settings(), sign=operator().sign, now=NOW, random=secrets.token_bytes
    )


def client(transport: httpx.BaseTransport | None = None, config: NtsSettings | None = None) -> NtsClient:
    return NtsClient(
        config or settings(),
        operator().sign,
        clock=lambda: NOW,
        random=secrets.token_bytes,
        transport=transport,
    )


def header(**changes) -> soap.Header:
    base = soap.Header(
        message_id="20261122100203456-" + "a" * 32,
        to="http://127.0.0.1:9/submit",
        sender=soap.NTS_PARTY,
        receiver=soap.PartyId(BUSINESS_NUMBER, "(주)도장상사"),
        sent_at=NOW.replace(microsecond=456000),
    )
    return replace(base, **changes)


def document(submit_id: str, **changes) -> TaxInvoiceResponse:
    base = TaxInvoiceResponse(
        ref_submit_id=submit_id,
        receipt_id=RECEIPT_ID,
        kind=response.ResponseKind.RECEIPT,
        responded_at=NOW.replace(microsecond=0),
    )
    return replace(base, **changes)


ACCEPTED = (InvoiceResult("20261122" + REGISTRATION + "00000001", ("SUC001",)),)


@dataclass
class Office:
    """Answers submissions and questions; every attribute is something that can go wrong with an answer."""

    answer: dict[str, object] = field(default_factory=dict)
    message_signer: Signer = field(default_factory=lambda: identity("NTS"))
    document_signer: Signer = field(default_factory=lambda: identity("NTS"))
    relates_to: str | None = None
    submit_id: str | None = None
    kind: type | None = None
    status: int = 200
    tamper: Callable[[bytes], bytes] = bytes
    received: list[wire.Received] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        got = wire.unpack(request.headers["Content-Type"], request.read())
        self.received.append(got)
        asked = got.message
        is_submit = isinstance(asked, soap.TaxInvoiceSubmit)
        submit_id = asked.submit_id if is_submit else asked.ref_submit_id
        xml = response.write(document(self.submit_id or submit_id, **self.answer), self.document_signer)
        kind = self.kind or (soap.TaxInvoiceRecvAck if is_submit else soap.ResultsReqRecvAck)
        reply = kind(
            header(relates_to=self.relates_to or asked.header.message_id), "20261122" + "b" * 32, "payload"
        )
        message = wire.pack(reply, self.message_signer, xml)
        return httpx.Response(
            self.status, headers={"Content-Type": message.content_type}, content=self.tamper(message.body)
        )

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)
