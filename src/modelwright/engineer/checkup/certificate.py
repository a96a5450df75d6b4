"""The certificate: how long clients will still trust the server."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from modelwright.engineer.checkup.base import PATIENCE_S, Finding, Scene, ill, unchecked, well

_LEAST_DAYS = 14
_UNKNOWN_ISSUER = (18, 19, 20, 21)
"""OpenSSL's codes for what nobody, or nobody known here, has signed."""


def check_certificate(scene: Scene) -> Finding:
    """Check that the server's certificate is trusted here, and for two weeks more."""
    parts = urlsplit(scene.address)
    if parts.scheme != "https" or not parts.hostname:
        seen = "the server speaks no TLS" if scene.address else "no server was named"
        return unchecked(seen, "Name it: --address https://models.example.org")
    try:
        expiry = _expiry(parts.hostname, parts.port or 443)
    except ssl.SSLCertVerificationError as error:
        return ill(f"it is not trusted here: {error.verify_message}", _remedy(error))
    except OSError as error:
        return ill(f"it cannot be seen: {error.strerror or type(error).__name__}", "See the server")
    days = (expiry - scene.now).days
    told = f"it is valid for {days:,} days, until {expiry:%Y-%m-%d}"
    if days < _LEAST_DAYS:
        return ill(told, "Renew it, and send the server SIGHUP")
    return well(told)


def _remedy(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in _UNKNOWN_ISSUER:
        return "Name the certificate of who issued it, where you trust that: SSL_CERT_FILE"
    return "Renew it"


def _expiry(host: str, port: int) -> datetime:
    trusted = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=PATIENCE_S) as plain,
        trusted.wrap_socket(plain, server_hostname=host) as connection,
    ):
        certificate = connection.getpeercert() or {}
    seconds = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return datetime.fromtimestamp(seconds, UTC)
