"""The signing page's server in one small process: its contract on the library alone, in memory, with faults.

So that the page can be driven in a browser as it is served, and the server made to fail where it never should: lose
an answer, log somebody out, let an order expire, hand out changed files.
"""

import base64
import hashlib
import json
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.template import Context, Engine

from dojang.etax import KST, Invoice, signature
from dojang.etax.errors import SignatureRefused, XmlRefused
from dojang.etax.xml_writer import write
from dojang.npki.certificates import Certificate
from dojang.npki.random_number import RandomNumber
from dojang.npki.vid import vid_matches
from dojang.service.signing import release

TEMPLATES = release.MODULES.parent / "templates"
LIFE_OF_ORDER = timedelta(minutes=15)
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
REGISTRATION = "41999999"

Answer = tuple[int, dict[str, Any]]


@dataclass
class Order:
    """The exact bytes that somebody was given to sign."""

    invoice: int
    xml: bytes
    expires_at: datetime


@dataclass
class Office:
    """What the server knows. Tests fill it, break it, and look at it afterwards.

    Attributes:
        drop: paths whose next answers are lost: "before" the server has done it, or "after".
        tampered: files handed out changed, by name.
        change_page: what happens to the HTML on its way.
        max_issue_calls: after so many the session is over.
        issue_delay: seconds that handing in takes.
    """

    businesses: list[dict[str, Any]]
    invoices: dict[int, dict[str, Any]]
    may_register: bool = True
    demo: dict[str, str] | None = None
    language: str = "ko"
    mode: str = "sandbox"
    orders: dict[str, Order] = field(default_factory=dict)
    issued: dict[str, bytes] = field(default_factory=dict)
    verdicts: dict[tuple[int, str], str] = field(default_factory=dict)
    registered: list[tuple[int, str]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    drop: list[tuple[str, str]] = field(default_factory=list)
    tampered: dict[str, bytes] = field(default_factory=dict)
    change_page: Callable[[str], str] = str
    change_xml: Callable[[str], str] = str
    life_of_order: timedelta = LIFE_OF_ORDER
    logged_in: bool = True
    max_issue_calls: int | None = None
    csrf: str = field(default_factory=secrets.token_hex)
    challenge: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    serial: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.transmitter = transmitter_key()

    @property
    def now(self) -> datetime:
        return datetime.now(KST)

    def log_in(self) -> None:
        """Log in again, as Django does it: with a new CSRF token."""
        self.csrf, self.logged_in, self.max_issue_calls = secrets.token_hex(), True, None

    # What the pages are given

    def context(self, *, registering: bool) -> dict[str, Any]:
        spki = self.transmitter.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        context: dict[str, Any] = {
            "language": self.language,
            "csrf": self.csrf,
            "mode": self.mode,
            "transmitter": {"key_id": hashlib.sha256(spki).hexdigest(), "public_key": b64(spki)},
            "businesses": self.businesses,
            "invoices": []
            if registering
            else [
                {"id": number, "version": 1, "business": data["business"], "group": number}
                for number, data in self.invoices.items()
            ],
            "urls": {name: f"/{name}" for name in ("orders", "issue", "register", "session", "done", "renew")}
            | {
                "certificate": "/certificate/{id}",
                "register_page": "/register_page",
                "certificates": "/done",
                "invoice": "/invoice/{id}/",
                "new_invoice": "/new/",
            },
            "known_certificates": [
                {"business": business, "fingerprint": fingerprint, "verdict": verdict}
                for (business, fingerprint), verdict in self.verdicts.items()
            ],
            "now": self.now.isoformat(timespec="seconds"),
        }
        if registering or self.may_register:
            context["challenge"] = self.challenge
        if registering and self.demo:
            context["demo"] = self.demo
        return context

    # What the pages ask

    def place_orders(self, body: dict[str, Any]) -> Answer:
        with self.lock:
            return 200, {"orders": [self._order(one["id"]) for one in body["invoices"]], "refused": []}

    def _order(self, number: int) -> dict[str, Any]:
        self.serial += 1
        data = self.invoices[number]["data"]
        day = data["written_on"].replace("-", "")
        at = {
            "issue_id": f"{day}{REGISTRATION}{self.serial:08d}",
            "issued_at": self.now.isoformat(timespec="seconds"),
        }
        xml = self.change_xml(write(Invoice.from_data(data | at)).decode()).encode()
        order = str(uuid.uuid4())
        self.orders[order] = Order(number, xml, self.now + self.life_of_order)
        expires = self.orders[order].expires_at.isoformat()
        return {"order": order, "invoice": number, "xml": xml.decode(), "expires_at": expires}

    def issue(self, body: dict[str, Any]) -> Answer:
        certificate = Certificate.load(base64.b64decode(body["certificate"]))
        self.unsealed(certificate, body["random"]["sealed"])
        answer: dict[str, Any] = {"issued": [], "refused": []}
        with self.lock:
            for one in body["signed"]:
                self._issue(one["order"], one["xml"].encode(), certificate, answer)
        return 200, answer

    def _issue(self, order_id: str, xml: bytes, certificate: Certificate, answer: dict[str, Any]) -> None:
        order = self.orders[order_id]
        about = {"order": order_id, "invoice": order.invoice}
        business = self.invoices[order.invoice]["business"]
        if self.issued.get(order_id) != xml:
            why = self._why_not(order, xml, certificate, business)
            if why is not None:
                answer["refused"].append(about | why)
                return
            assert order.invoice not in {self.orders[done].invoice for done in self.issued}, "issued twice"
            self.issued[order_id] = xml
        at = (self.now + timedelta(minutes=30)).isoformat(timespec="seconds")
        answer["issued"].append(about | {"state": "issued", "transmit_at": at})

    def _why_not(
        self, order: Order, xml: bytes, certificate: Certificate, business: int
    ) -> dict[str, str] | None:
        if order.expires_at < self.now:
            return said("order_expired", "서명할 시간이 지났습니다.", "The time to sign has passed.")
        if self.verdicts.get((business, certificate.fingerprint)) != "matches":
            return said(
                "certificate_unknown", "등록하지 않은 인증서입니다.", "The certificate is not registered."
            )
        try:
            signed = signature.verify(xml)
        except (SignatureRefused, XmlRefused) as error:
            return said(error.code, error.text("ko"), error.text("en"))
        start, end = xml.index(b"<ds:Signature"), xml.index(b"</ds:Signature>") + len(b"</ds:Signature>")
        if signed.certificate != certificate.der or xml[:start] + xml[end:] != order.xml:
            return said("other_bytes", "주문과 다른 문서입니다.", "It is not what was ordered.")
        if self.invoices[order.invoice].get("refuse"):
            return said(
                "closed_business", "공급받는자가 폐업한 사업자입니다.", "The buyer is out of business."
            )
        return None

    def register(self, body: dict[str, Any]) -> Answer:
        certificate = Certificate.load(base64.b64decode(body["certificate"]))
        signed = b"dojang-register:" + self.challenge.encode()
        if not certificate.verify(base64.b64decode(body["signature"]), signed):
            return 400, said("challenge_refused", "확인값이 맞지 않습니다.", "The challenge was not signed.")
        number = next(one["number"] for one in self.businesses if one["id"] == body["business"])
        belongs = vid_matches(certificate, self.unsealed(certificate, body["random"]["sealed"]), number)
        key = (body["business"], certificate.fingerprint)
        self.registered.append(key)
        self.verdicts[key] = "matches" if belongs else "mismatch"
        return 201, {"id": len(self.registered), "state": "pending"}

    def verdict(self, number: int) -> Answer:
        return 200, {"id": number, "state": self.verdicts[self.registered[number - 1]]}

    def unsealed(self, certificate: Certificate, sealed: str) -> RandomNumber:
        sha256 = hashes.SHA256()
        label = b"dojang-random:" + certificate.fingerprint.encode()
        oaep = padding.OAEP(padding.MGF1(sha256), sha256, label)
        return RandomNumber(self.transmitter.decrypt(base64.b64decode(sealed), oaep))

    def page(self, name: str) -> str:
        modules = release.current()
        context = {
            "title": "세금계산서 발행하기" if name == "sign" else "인증서 등록",
            "context_json": self.context(registering=name == "register"),
            "import_map": modules.import_map,
            "entry": modules.asset("page.js" if name == "sign" else "register.js"),
            "style": modules.asset("sign.css"),
            "language": self.language,
        }
        template = Engine(dirs=[str(TEMPLATES)]).get_template("signing/page.html")
        return self.change_page(template.render(Context(context, use_l10n=False, use_tz=False)))


def transmitter_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def said(code: str, ko: str, en: str) -> dict[str, str]:
    return {"code": code, "ko": ko, "en": en}


class Handler(BaseHTTPRequestHandler):
    """HTTP around an office."""

    protocol_version = "HTTP/1.1"
    office: Office

    def do_GET(self) -> None:
        office, path = self.office, self.path.partition("?")[0]
        office.log.append(path)
        if self._lose(path, "before"):
            return
        if path.startswith(f"{release.ROOT}/"):
            self._module(path)
        elif path in {"/sign", "/register_page"}:
            name = "sign" if path == "/sign" else "register"
            self._send(
                200, office.page(name).encode(), "text/html; charset=utf-8", dict(release.current().headers)
            )
        elif path == "/renew":
            office.log_in()
            self._send(200, b"logged in", "text/plain")
        elif path == "/done":
            self._send(200, "목록".encode(), "text/plain; charset=utf-8")
        elif not office.logged_in:
            self._json(401, said("session_lost", "로그인이 풀렸습니다.", "You were logged out."))
        elif path == "/session":
            self._json(200, {"csrf": office.csrf})
        elif path.startswith("/certificate/"):
            self._json(*office.verdict(int(path.rpartition("/")[2])))
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        office, path = self.office, self.path
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        office.log.append(path)
        if path == "/issue" and office.max_issue_calls is not None:
            office.max_issue_calls -= 1
            office.logged_in = office.max_issue_calls >= 0
        if self._lose(path, "before"):
            return
        if not office.logged_in:
            self._json(401, said("session_lost", "로그인이 풀렸습니다.", "You were logged out."))
        elif self.headers["X-CSRFToken"] != office.csrf:
            self._json(403, said("csrf_failed", "다시 로그인하세요.", "Log in again."))
        else:
            answers = {"/orders": office.place_orders, "/issue": office.issue, "/register": office.register}
            answer = answers[path](body)
            if not self._lose(path, "after"):
                self._json(*answer)

    def _lose(self, path: str, when: str) -> bool:
        """Break the connection instead of answering."""
        if (path, when) not in self.office.drop:
            return False
        self.office.drop.remove((path, when))
        self.close_connection = True
        return True

    def _module(self, path: str) -> None:
        version, _, name = path.removeprefix(f"{release.ROOT}/").partition("/")
        modules = release.current()
        if version != modules.version or name not in modules.files:
            self._send(404, b"", "text/plain")
            return
        data = self.office.tampered.get(name, modules.files[name])
        kind = TYPES["." + name.rpartition(".")[2]]
        self._send(
            200, data, kind, {"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store"}
        )

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json", {"Cache-Control": "no-store"})

    def _send(self, status: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing: the office keeps its own log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Browsers ask for thirty modules at once.
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle is what these tests are about."""


@contextmanager
def serving(office: Office) -> Iterator[str]:
    """The office's address, while it is open."""
    handler = type("OfficeHandler", (Handler,), {"office": office})
    with _Server(("localhost", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
