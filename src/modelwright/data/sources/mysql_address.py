"""The address of a MySQL or MariaDB database, and what the driver connects with."""

import os
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from modelwright.data.sources.url import DatabaseUrl, Server
from modelwright.errors import SourceError, nearest

MYSQL = Server("MySQL", "mysql", "MYSQL_PWD")
MARIADB = Server("MariaDB", "mariadb", "MYSQL_PWD")
_PLACE = re.compile(
    r"(?P<host>\[[^\]]*\]|[^:/]*)(?::(?P<port>\d+))?(?:/(?P<database>.*))?", re.DOTALL
)
_YES = ("1", "true", "yes")
_OPTIONS: dict[str, Callable[[str], Any]] = {
    "connect_timeout": int,
    "unix_socket": str,
    "ssl_ca": str,
    "ssl_cert": str,
    "ssl_key": str,
    "ssl_verify_cert": _YES.__contains__,
    "ssl_verify_identity": _YES.__contains__,
}
_CONNECT_TIMEOUT_S = 10


def parse_address(address: str) -> DatabaseUrl:
    """Take an address apart.

    Raises
    ------
    SourceError
        When it is malformed.
    """
    return DatabaseUrl.parse(address, _server_of(address))


def _server_of(address: str) -> Server:
    return MARIADB if address.lower().startswith(MARIADB.scheme) else MYSQL


def settings_of(url: DatabaseUrl) -> dict[str, Any]:
    """Return what PyMySQL connects with."""
    return _settings(url, _server_of(url.shown))


def _settings(url: DatabaseUrl, server: Server) -> dict[str, Any]:
    place = _PLACE.fullmatch(url.place)
    if place is None:
        raise SourceError(
            f"Host and port of {url.shown} are malformed.",
            f"Write {server.scheme}://user@host:port/database.",
        )
    password = url.password or os.environ.get(server.variable, "")
    return {
        "user": unquote(url.user) or None,
        "password": password.encode(),
        "host": place["host"].strip("[]") or "localhost",
        "port": int(place["port"] or 3306),
        "database": unquote(place["database"] or "") or None,
        "connect_timeout": _CONNECT_TIMEOUT_S,
        **_options(url),
    }


def _options(url: DatabaseUrl) -> dict[str, Any]:
    options = dict(parse_qsl(url.options, keep_blank_values=True))
    for name, text in options.items():
        if name not in _OPTIONS:
            raise SourceError(f"{url.shown} has no option {name!r}.", nearest(name, _OPTIONS))
        if _OPTIONS[name] is int and not text.isdecimal():
            raise SourceError(f"The option {name!r} of {url.shown} is no number.", "Correct it.")
    return {name: _OPTIONS[name](text) for name, text in options.items()}
