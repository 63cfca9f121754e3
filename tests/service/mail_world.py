"""A real mail server on the loopback that does what a test tells it to, and the worker's part of sending."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from service_world import NOW

from dojang.service.notices import sending
from dojang.service.notices.models import OutgoingMail
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace


@dataclass
class Arrived:
    """A mail that the server took."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    was_encrypted: bool
    user: str


@dataclass
class MailServer:
    """What arrived, and what it answers."""

    port: int = 0
    arrived: list[Arrived] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    #: The answer to RCPT by address, to DATA, and whether it hangs up when it has everything.
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    drops: bool = False

    async def handle_RCPT(self, server, session, envelope: Envelope, address: str, options) -> str:  # noqa: N802
        self.asked.append(address)
        said = self.recipients.get(address, "250 OK")
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        if self.data.startswith("2"):
            user = session.auth_data.decode() if session.auth_data else ""
            self.arrived.append(
                Arrived(envelope.mail_from, list(envelope.rcpt_tos), message, session.ssl is not None, user)
            )
        if self.drops:
            server.transport.abort()
        return self.data


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, password: str = "", handler: MailServer | None = None
) -> Iterator[MailServer]:
    """A mail server on a port of its own; with `tls` it wants STARTTLS and, with a password, a log-in."""
    found = handler or MailServer()

    def authenticate(server, session, envelope, mechanism, given) -> AuthResult:
        good = given.password.decode() == password
        return AuthResult(success=good, handled=False, auth_data=given.login)

    controller = Controller(
        found,
        hostname="127.0.0.1",
        port=_free_port(),
        server_hostname="mail.example",
        tls_context=tls,
        require_starttls=tls is not None,
        auth_required=bool(password),
        authenticator=authenticate if password else None,
    )
    controller.start()
    try:
        found.port = controller.server.sockets[0].getsockname()[1]
        yield found
    finally:
        controller.stop()


def point_to(settings, port: int, **values) -> None:
    """Django's settings for a mail server of the loopback, as `DOJANG_SMTP_URL` would make them."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "localhost", port, 5
    for name, value in values.items():
        setattr(settings, name, value)


def certificate_for_localhost(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context and the authority that it is trusted by, both of this test alone."""
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def build(subject, issuer, public, signer, *extensions):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.now(NOW.tzinfo) - timedelta(days=1))
            .not_valid_after(datetime.now(NOW.tzinfo) + timedelta(days=1))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(signer, hashes.SHA256())

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = name("Test authority of mails")
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    authority = build(
        root,
        root,
        authority_key.public_key(),
        authority_key,
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (usage, True),
        (x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), False),
    )
    server = build(
        name("localhost"),
        root,
        key.public_key(),
        authority_key,
        (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
    )
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(
        server.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return context, trusted


def send(workspace: Workspace, *, now: datetime = NOW, most: int = sending.MOST) -> bool:
    """What the worker does with what is due."""
    clock: Callable[[], datetime] = lambda: now  # noqa: E731
    return sending.send_due(workspace.pk, clock=clock, most=most)


def mails(workspace: Workspace, **filters) -> list[OutgoingMail]:
    """The rows, in the order in which they were put down."""
    with in_workspace(workspace.pk):
        return list(OutgoingMail.objects.filter(**filters).order_by("pk"))


def tries(workspace: Workspace) -> list[str]:
    """What came of every try."""
    with in_workspace(workspace.pk):
        return [
            outcome
            for mail in OutgoingMail.objects.order_by("pk")
            for outcome in mail.tries.values_list("outcome", flat=True)
        ]


def text_of(message: EmailMessage) -> str:
    """The text part."""
    return message.get_body(("plain",)).get_content()
