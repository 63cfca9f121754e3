"""The example invoice, the fixtures of the KEC standard, and a key to sign with. All of it is invented."""

import base64
import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dojang.etax import Invoice
from dojang.etax import xmldsig as x
from dojang.etax.canonical import canonical, in_context, parse, root_tag

DATA = Path(__file__).parent.parent / "data"
KEC = DATA / "kec"
SIGNED = sorted((KEC / "signed").glob("*.xml"))
UNSIGNED = sorted((KEC / "unsigned").glob("*.xml"))
CERTIFICATE = (KEC / "signer.cert.der").read_bytes()

EXAMPLE = """
{"document_type": "0101", "written_on": "2026-11-20", "purpose": "claim", "remarks": [],
 "supplier": {"business_number": "9998100015", "branch_number": null, "name": "(주)도장상사",
  "representative": "홍길동", "business_type": "도매", "business_item": "문구", "address": "서울",
  "contact": {"department": "영업", "name": "김담당", "email": "a@example.com", "phone": "02-000-0000"}},
 "buyer": {"kind": "business", "number": "9998600010", "branch_number": null, "name": "구매(주)",
  "representative": "이구매", "business_type": null, "business_item": null, "address": null,
  "contacts": [{"email": "b@example.com"}]},
 "broker": null,
 "items": [{"supplied_on": "2026-11-20", "name": "노트", "specification": "A5", "quantity": "10", "unit": null,
  "unit_price": "1000", "supply_amount": 10000, "tax_amount": 1000, "remark": ""}],
 "payments": [{"means": "cash", "amount": 11000}], "issue_id": null, "original_issue_id": null,
 "amendment_reason": null, "issued_at": null, "exchange_id": null, "reference_id": null, "import_document": null}
"""


def example(**changes: Any) -> dict[str, Any]:
    """The example's data, with top-level fields changed."""
    return json.loads(EXAMPLE) | changes


def numbered(**changes: Any) -> Invoice:
    """The example as an invoice that can be written."""
    at = {"issue_id": "20261120-41999999-00000001", "issued_at": "2026-11-20T09:00:00+09:00"}
    return Invoice.from_data(example(**(at | changes)))


@cache
def key() -> rsa.RSAPrivateKey:
    loaded = serialization.load_der_private_key((KEC / "signer.key.p8.der").read_bytes(), None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded


def sign_bytes(data: bytes) -> bytes:
    """The key of CERTIFICATE, RSASSA-PKCS1-v1_5 with SHA-256."""
    return key().sign(data, padding.PKCS1v15(), hashes.SHA256())


def replaced(text: str, old: str, new: str) -> str:
    """With one occurrence replaced, which has to be there: a mutation that changes nothing tests nothing."""
    assert old in text, old
    return text.replace(old, new, 1)


def forge(
    document: str,
    *,
    info: Callable[[str], str] = str,
    signature: Callable[[str], str] = str,
    certificate: bytes = CERTIFICATE,
    sha1: bool = False,
) -> bytes:
    """A document with a signature whose values are right, made without any of the checks of `sign`.

    Args:
        document: XML without a signature.
        info: changes the SignedInfo before it is signed.
        signature: changes the finished ds:Signature.
        certificate: what to put into it.
        sha1: sign as archives are signed.
    """
    octets = canonical(parse(document.encode()))
    namespaces, _ = root_tag(octets)
    digest, algorithm = (hashlib.sha1, hashes.SHA1()) if sha1 else (hashlib.sha256, hashes.SHA256())
    covered = digest(x.signed_octets(octets, x.INVOICE)).digest()
    template = x._signed_info_template(x.INVOICE).decode()
    if sha1:
        template = template.replace(x.RSA_SHA256, x.RSA_SHA1).replace(x.SHA256, x.SHA1)
    signed_info = info(template.replace("%b", base64.b64encode(covered).decode()))
    # As a parser will see it: the declarations of the SignedInfo itself are the test's own business.
    value = key().sign(
        in_context(signed_info.encode(), x._with_ds(namespaces)), padding.PKCS1v15(), algorithm
    )
    element = (
        f'<ds:Signature xmlns:ds="{x.DS}">{signed_info}'
        f"<ds:SignatureValue>{base64.b64encode(value).decode()}</ds:SignatureValue>"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{base64.b64encode(certificate).decode()}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
    return replaced(document, "</ExchangedDocument>", f"</ExchangedDocument>{signature(element)}").encode()
