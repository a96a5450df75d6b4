"""Mail: a message to people's addresses, by SMTP with TLS."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Literal

import msgspec

from modelwright.errors import BriefError, ServiceError
from modelwright.maintain.messages.base import PATIENCE_S, Message, Surroundings, check_variable
from modelwright.maintain.messages.wording import lines_of, subject_of

_PORTS = {"starttls": 587, "implicit": 465, "none": 25}


class Mail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Addresses, and the server that takes mail to them.

    Parameters
    ----------
    server
        A host, or a host and a port: ``"smtp.example.org:587"``.
    sender, to
        Addresses.
    user
        Who logs in; nobody when it is empty.
    password_from
        The environment variable that holds the password.
    tls
        ``"starttls"``, ``"implicit"`` from the first byte on, or ``"none"``, without a login.
    ca
        A file of certificates in PEM to trust instead of those of the system.
    """

    server: str
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password_from: str = ""
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    ca: str = ""

    def __post_init__(self) -> None:
        if self.password_from:
            check_variable(self.password_from, "password_from")
        if bool(self.user) != bool(self.password_from):
            raise BriefError("A login of [messages] needs `user` and `password_from`, or neither.")
        if self.user and self.tls == "none":
            raise BriefError(
                "[messages] would send a password without TLS.", 'Use tls = "starttls".'
            )
        if not self.to:
            raise BriefError("`to` in [messages] names nobody.", "Give at least one address.")
        for address in (self.sender, *self.to):
            _check_address(address)
        _split(self.server, 0)

    def send(self, message: Message, surroundings: Surroundings) -> None:
        """Mail a message.

        Raises
        ------
        ServiceError
            When the server cannot be reached, is not trusted, or refuses the login, the sender or
            all of the addresses.
        """
        password = surroundings.secret(self.password_from) if self.user else ""
        host, _ = _split(self.server, 0)
        try:
            with self._connected(surroundings.folder) as server:
                if self.user:
                    server.login(self.user, password)
                server.send_message(self._letter(message))
        except smtplib.SMTPAuthenticationError as error:
            raise ServiceError(f"{host} refused the login of {self.user!r}.") from error
        except smtplib.SMTPResponseException as error:
            raise ServiceError(f"{host} refused the mail with {error.smtp_code}.") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise ServiceError(f"{host} refused every address of `to`.") from error
        except smtplib.SMTPNotSupportedError as error:
            raise ServiceError(_lacking(host, error)) from error
        except ssl.SSLCertVerificationError as error:
            raise ServiceError(f"{host} is not trusted: {error.verify_message}.") from error
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            said = getattr(error, "strerror", None) or type(error).__name__
            raise ServiceError(f"{host} could not take the mail: {said}.") from error

    @contextmanager
    def _connected(self, folder: Path) -> Iterator[smtplib.SMTP]:
        host, port = _split(self.server, _PORTS[self.tls])
        trusted = ssl.create_default_context(cafile=str(folder / self.ca) if self.ca else None)
        if self.tls == "implicit":
            with smtplib.SMTP_SSL(host, port, timeout=PATIENCE_S, context=trusted) as server:
                yield server
            return
        with smtplib.SMTP(host, port, timeout=PATIENCE_S) as server:
            if self.tls == "starttls":
                # It raises where the server offers none: nothing is sent in the clear.
                server.starttls(context=trusted)
            yield server

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["Subject"] = subject_of(message)
        letter["From"], letter["To"] = self.sender, ", ".join(self.to)
        letter["Date"] = format_datetime(datetime.fromisoformat(message.made_at))
        letter["Message-ID"] = f"<{message.id}@{_domain(self.sender)}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content("\n".join(lines_of(message)) + "\n")
        return letter


def _lacking(host: str, error: smtplib.SMTPNotSupportedError) -> str:
    if "STARTTLS" in str(error):
        return f'{host} offers no TLS, so it got no mail; `tls = "none"` sends it in the clear.'
    return f"{host} cannot do what the mail needs: {error}."


def _split(server: str, default: int) -> tuple[str, int]:
    host, _, port = server.partition(":")
    if not host or not (port or "0").isdecimal() or int(port or 0) > 65535:
        raise BriefError(
            f"`server` in [messages] is {server!r}.",
            "Write a host, or a host and a port: 'smtp.example.org:587'.",
        )
    return host, int(port or default)


def _check_address(address: str) -> None:
    try:
        parsed = Address(addr_spec=address)
    except (MessageError, ValueError, IndexError):
        parsed = None
    if parsed is None or not parsed.domain:
        raise BriefError(
            f"{address!r} in [messages] is no address.", "Write one as ann@example.org."
        )


def _domain(address: str) -> str:
    return Address(addr_spec=address).domain
