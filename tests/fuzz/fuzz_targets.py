"""Everything that reads foreign bytes, each with the files that it is made for.

A target may succeed or raise a `DojangError`. Where something can be asked of what was read, it is asked: it is
written and read again, judged, shown.
"""

import base64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_private_key

from dojang import etax
from dojang.etax import canonical
from dojang.npki import der, keys, ldap, pfx
from dojang.npki.certificates import Certificate
from dojang.npki.crl import Crl, CrlStore
from dojang.npki.trust import TrustStore, check_certificate
from dojang.nts import callback, certificates, cms, mime, package, response, soap, submission, wire, wsse
from dojang.nts.response import InvoiceResult, TaxInvoiceResponse

DATA = Path(__file__).parents[1] / "data"
FILES = {
    path.relative_to(DATA).as_posix(): path.read_bytes() for path in sorted(DATA.rglob("*")) if path.is_file()
}

PASSPHRASE = "Npki-Test!2026"
AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
DAY = date(2026, 11, 22)
REGISTRATION = "41999999"
MAX_LIST_BYTES = 1 << 20

SIGNER = FILES["kec/signer.cert.der"]
KM = FILES["kec/package/km.cert.der"]
_signer_key = load_der_private_key(FILES["kec/signer.key.p8.der"], None)
_km_key = load_der_private_key(FILES["kec/package/km.key.p8.der"], None)
AUTHORITIES = tuple(Certificate.load(FILES[f"npki/ca/{name}.der"]) for name in ("root", "intermediate"))


def sign(data: bytes) -> bytes:
    return _signer_key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def decrypt(data: bytes) -> bytes:
    return _km_key.decrypt(data, padding.PKCS1v15())


# Files that are not among the fixtures: made here, the same in every run


def _message(content_type: str, body: bytes) -> bytes:
    """A MIME message as one file: the Content-Type of the HTTP header on its first line."""
    return content_type.encode() + b"\n" + body


def _fixture_message() -> bytes:
    headers = FILES["kec/soap/submit.http-headers.txt"].decode().splitlines()
    return _message(headers[0].removeprefix("Content-Type: "), FILES["kec/soap/submit.mime"])


def _made() -> dict[str, bytes]:
    signer = wsse.Signer(SIGNER, sign)
    results = TaxInvoiceResponse(
        ref_submit_id=f"{REGISTRATION}-20261122-" + "0" * 32,
        receipt_id="NTS-20261122100203-00001",
        kind="02",
        responded_at=AT,
        process_status="01",
        total=2,
        success=1,
        fail=1,
        results=(
            InvoiceResult(f"20261122{REGISTRATION}00000001", ("SUC001",)),
            InvoiceResult(f"20261122{REGISTRATION}00000002", ("ERR001", "ERR002")),
        ),
        description="처리",
    )
    answer = response.write(results, signer)
    header = soap.Header(
        message_id="20261122100203456-" + "a" * 32,
        to="http://127.0.0.1:9/callback",
        sender=soap.NTS_PARTY,
        receiver=soap.PartyId("9998100015", "(주)도장상사"),
        sent_at=AT,
    )
    notice = wire.pack(soap.ResultsSubmit(header, "20261122" + "c" * 32, "payload"), signer, answer)
    stored = submission.Submission(results.ref_submit_id, header.message_id, 3, notice)
    archive = [certificates.RegisteredCertificate(REGISTRATION, "km@example.com", KM)]
    entry = der.sequence(der.octet_string(b"certificateRevocationList"), der.set_of(der.octet_string(FILES["npki/ca/intermediate.crl"])))  # fmt: skip
    success = der.encode(0x0A, b"\0"), der.octet_string(b""), der.octet_string(b"")
    return {
        "made/answer.xml": answer,
        "made/envelope.xml": mime.read(notice.content_type, notice.body)[0].content,
        "made/notice.mime": _message(notice.content_type, notice.body),
        "made/submit.mime": _fixture_message(),
        "made/stored.submission": stored.to_bytes(),
        "made/archive.zip": certificates.write(archive),
        "made/directory.ldap": b"".join(
            (
                der.sequence(der.integer(1), der.encode(0x61, *success)),
                der.sequence(der.integer(2), der.encode(0x64, der.octet_string(b"cn=a"), der.sequence(entry))),
                der.sequence(der.integer(2), der.encode(0x65, *success)),
            )
        ),
        "made/certificate.pem": b"-----BEGIN CERTIFICATE-----\n%b-----END CERTIFICATE-----\n" % base64.encodebytes(KM),
        **{
            f"made/{name}.json": etax.read(FILES[f"kec/signed/{name}.xml"]).invoice.to_json().encode()
            for name in ("0101-plain", "0103-broker", "0104-import", "0201-amend-cancel")
        },
        **{
            f"made/{Path(name).stem}.safe": der.parse(content).items()[1].items()[1].items(0xA0)[0].octets()
            for name, content in FILES.items()
            if name.startswith("npki/pfx/")
        },
    }  # fmt: skip


FILES |= _made()


# Targets


def read_invoice(data: bytes) -> None:
    invoice = etax.read(data).invoice
    judge(invoice)
    with suppress(etax.CannotWrite):
        assert etax.read(etax.write(invoice)).invoice == invoice


def read_json(data: bytes) -> None:
    invoice = etax.Invoice.from_json(data)
    judge(invoice)
    assert etax.Invoice.from_json(invoice.to_json()) == invoice
    with suppress(etax.CannotWrite):
        etax.write(invoice)


def judge(invoice: etax.Invoice) -> None:
    for finding in etax.check(invoice, on=DAY):
        str(finding)


def verify_invoice(data: bytes) -> None:
    judge(etax.verify(data, archive=True).invoice)


def sign_invoice(data: bytes) -> None:
    assert etax.verify(etax.sign(data, SIGNER, sign)).invoice == etax.read(data).invoice


def verify_invoice_signed_with(certificate: bytes) -> None:
    """Whoever signs chooses the certificate: only its key has to fit."""
    signed = etax.verify(etax.sign(FILES["kec/unsigned/0101-plain.xml"], certificate, sign))
    repr((signed.signer, signed.valid_from, signed.valid_until))


def load_certificate(data: bytes) -> None:
    certificate = Certificate.load(data)
    for name in ("owner", "ca", "subject", "issuer", "policy", "serial_hex", "fingerprint", "common_name"):
        getattr(certificate, name)
    trusting = TrustStore((certificate, AUTHORITIES[0]), (certificate, AUTHORITIES[1]))
    for store in (TrustStore(AUTHORITIES[:1], AUTHORITIES[1:]), trusting):
        for finding in check_certificate(certificate, store, at=AT, revocation=revocations()):
            str(finding)


@cache
def revocations() -> CrlStore:
    return CrlStore([Crl.load(FILES["npki/ca/intermediate.crl"])], AUTHORITIES)


def load_crl(data: bytes) -> None:
    crl = Crl.load(data)
    store = CrlStore([crl], AUTHORITIES)
    for authority in AUTHORITIES:
        crl.signed_by(authority), crl.covers(authority), store.status(authority, AT)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="dojang-fuzz-")


def trust_folder(data: bytes) -> None:
    folder = Path(_folder().name)
    (folder / "root.der").write_bytes(data)
    TrustStore.from_folder(folder)


def open_key(data: bytes) -> None:
    repr(keys.open_private_key(data, PASSPHRASE))


def read_plain_key(data: bytes) -> None:
    repr(keys.from_private_key_info(data, scheme="none"))


def read_pfx(data: bytes) -> None:
    repr(pfx.read(data, PASSPHRASE))


def read_pfx_with_good_mac(safe: bytes) -> None:
    read_pfx(der.sequence(der.integer(3), pfx._data(safe), pfx._mac_data(safe, PASSPHRASE)))


class _Says:
    """A socket at whose other end the data is said, whatever is asked."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def sendall(self, data: bytes) -> None:
        assert data

    def recv(self, count: int) -> bytes:
        now, self._data = self._data[:count], self._data[count:]
        return now


def ask_directory(data: bytes) -> None:
    connection = ldap.Connection(_Says(data), deadline=float(1 << 40), max_bytes=MAX_LIST_BYTES)
    with suppress(ConnectionError):  # the data is at its end
        connection.bind()
        connection.read(ldap.LdapUrl("h", 389, "cn=a", "certificateRevocationList"))


def decode_package(data: bytes) -> None:
    invoices = package.decode(data)
    if all(invoice.xml and len(invoice.random_number) == package.RANDOM_NUMBER_BYTES for invoice in invoices):
        assert set(package.decode(package.encode(invoices))) == set(invoices)


def open_envelope(data: bytes) -> None:
    cms.open_envelope(data, KM, decrypt)


def envelope_to(data: bytes) -> None:
    cms.envelope(b"content", data, random=bytes)


def read_mime(data: bytes) -> None:
    mime.read(*_content_type_and_body(data))


def unpack(data: bytes) -> None:
    wire.unpack(*_content_type_and_body(data))


def read_notice(data: bytes) -> None:
    content_type, body = _content_type_and_body(data)
    callback.read_results_notice(body, content_type, [SIGNER])


def _content_type_and_body(data: bytes) -> tuple[str | None, bytes]:
    first, _, body = data.partition(b"\n")
    return first.decode("latin-1") or None, body


def unpack_signed_with(certificate: bytes) -> None:
    message = soap.RequestCert("9998100015", REGISTRATION)
    packed = wire.pack(message, wsse.Signer(certificate, sign))
    assert wire.unpack(packed.content_type, packed.body).certificate == certificate


def read_message(data: bytes) -> None:
    """What anyone with a key of their own could sign: the message behind the signature."""
    repr(soap.parse(wsse.read_envelope(data)))


def read_answer(data: bytes) -> None:
    judge_answer(response.read(data).response)


def read_answer_unsigned(data: bytes) -> None:
    """As `read_message`, for the document with the results."""
    for child in canonical.parse(data):
        if canonical.local_name(child) == "ResultDocument":
            judge_answer(response._response(child))


def judge_answer(answer: TaxInvoiceResponse) -> None:
    repr((answer, answer.refused, answer.still_working, answer.never_arrived))
    for result in answer.results:
        repr((result.accepted, result.described))


def read_archive(data: bytes) -> None:
    certificates.read(data).current(REGISTRATION, AT)


def load_submission(data: bytes) -> None:
    loaded = submission.Submission.from_bytes(data)
    assert submission.Submission.from_bytes(loaded.to_bytes()) == loaded


@dataclass(frozen=True, slots=True)
class Target:
    """What reads bytes, and the names of the files (patterns) whose mutations it mostly gets."""

    run: Callable[[bytes], None]
    made_for: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.run.__name__

    def files(self) -> list[bytes]:
        return [
            data for name, data in FILES.items() if any(fnmatchcase(name, like) for like in self.made_for)
        ]


_INVOICES = ("kec/*signed/*.xml",)
_CERTIFICATES = ("ca-certificates/*", "*Cert.der", "*/ca/*.der", "made/certificate.pem")
_ENVELOPES = ("made/envelope.xml", "kec/soap/*.xml")

TARGETS = (
    Target(read_invoice, _INVOICES),
    Target(read_json, ("made/*.json",)),
    Target(verify_invoice, ("kec/signed/*.xml",)),
    Target(sign_invoice, ("kec/unsigned/*.xml",)),
    Target(verify_invoice_signed_with, ("kec/signer.cert.der",)),
    Target(load_certificate, _CERTIFICATES),
    Target(load_crl, ("*.crl",)),
    Target(trust_folder, ("*/ca/*.der", "ca-certificates/KISA*")),
    Target(open_key, ("*.key",)),
    Target(read_plain_key, ("npki/keys/plain*", "kec/*.p8.der")),
    Target(read_pfx, ("npki/pfx/*",)),
    Target(read_pfx_with_good_mac, ("made/*.safe",)),
    Target(ask_directory, ("made/directory.ldap",)),
    Target(decode_package, ("kec/package/package.der",)),
    Target(open_envelope, ("kec/package/*.cms.der",)),
    Target(envelope_to, ("kec/package/km.cert.der", "*kmCert.der")),
    Target(read_mime, ("made/*.mime",)),
    Target(unpack, ("made/*.mime",)),
    Target(unpack_signed_with, ("kec/signer.cert.der",)),
    Target(read_notice, ("made/notice.mime",)),
    Target(read_message, _ENVELOPES),
    Target(read_answer, ("made/answer.xml",)),
    Target(read_answer_unsigned, ("made/answer.xml",)),
    Target(read_archive, ("made/archive.zip",)),
    Target(load_submission, ("made/stored.submission",)),
)
