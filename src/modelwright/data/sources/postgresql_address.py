"""The address of a PostgreSQL database, as its drivers take it."""

from urllib.parse import quote

from modelwright.data.sources.url import DatabaseUrl, Server

POSTGRESQL = Server("PostgreSQL", "postgresql", "PGPASSWORD")
_CONNECT_TIMEOUT_S = 10


def libpq_address(url: DatabaseUrl, timeout_s: int = _CONNECT_TIMEOUT_S) -> str:
    """Return the address as libpq takes it.

    Parameters
    ----------
    url
        Where the database is.
    timeout_s
        How long it may take to connect, where the address does not say.

    Examples
    --------
    >>> libpq_address(DatabaseUrl.parse("postgres://ann@db/shop", POSTGRESQL))
    'postgresql://ann@db/shop?connect_timeout=10'
    """
    secret = f":{quote(url.password, safe='')}" if url.password else ""
    account = f"{url.user}{secret}@" if url.user or secret else ""
    options = url.options
    if "connect_timeout" not in options:
        options = "&".join(filter(None, (options, f"connect_timeout={timeout_s}")))
    return f"postgresql://{account}{url.place}?{options}"
