"""An SMTP server that this project did not write, on a loopback port, and certificates for it."""

from __future__ import annotations

import gc
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "help@example.com", "words-of-the-tests"


@dataclass
class Server:
    """What it took over, and what it answers instead; a moody server answers so once each."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    """Answers to recipients, one each."""
    contents: list[str] = field(default_factory=list)
    """Answers to mails, one each."""

    async def handle_RCPT(self, _s: SMTP, _e: Session, envelope: Envelope, address: str, _o: Any) -> str:
        if self.recipients:
            return self.recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.contents:
            return self.contents.pop(0)
        self.encrypted.append(session.ssl is not None)
        self.taken.append(envelope)
        return "250 taken over"

    @property
    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(each.content or b"", policy=default) for each in self.taken]
        return [mail for mail in found if isinstance(mail, EmailMessage)]


class _Controller(Controller):
    """Tells its port before it asks itself whether it listens: the port is the system's choice."""

    def _trigger_server(self) -> None:
        assert self.server
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server(server: Server, certificates: Path | None = None, **options: Any) -> Iterator[Server]:
    """Serve until the end of the block. With certificates STARTTLS is offered, and asked for before AUTH."""
    if certificates:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates, certificates)
        options |= {"tls_context": context}
    controller = _Controller(server, "127.0.0.1", 0, **options)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()
        # It leaves the connections that it encrypted to the collector, which would complain in some later test.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            del controller
            gc.collect()


def signed_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """Lets one user in."""
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def certificate(path: Path, host: str = "127.0.0.1") -> Path:
    """A key, and a certificate of that host which it signs itself, in one file; good for as long as tests last."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
