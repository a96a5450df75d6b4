"""The address of a database server, taken apart so that its password is never shown."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote

from modelwright.errors import SourceError

_URL = re.compile(
    r"\w+(?:\+\w+)?://"
    r"(?:(?P<user>[^:@/?#]*)(?::(?P<password>.*))?@)?"  # the password may hold any character
    r"(?P<place>[^@?#]*)(?:\?(?P<options>[^@#]*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Server:
    """A kind of database server, as its addresses and messages name it.

    Parameters
    ----------
    name
        For a sentence.
    scheme
        What addresses begin with.
    variable
        The environment variable of the password.
    """

    name: str
    scheme: str
    variable: str


@dataclass(frozen=True)
class DatabaseUrl:
    """Where a database is.

    Parameters
    ----------
    shown
        The address without password and options.
    user, place
        As they stand in the address; the place is host, port and database.
    password
        Unescaped, empty where there is none; not shown by `repr`.
    options
        What stands behind the question mark; not shown by `repr`, because it may hold a password.

    Examples
    --------
    >>> server = Server("PostgreSQL", "postgresql", "PGPASSWORD")
    >>> DatabaseUrl.parse("postgres://ann:se/c@ret@db:5432/flights?sslmode=require", server)
    DatabaseUrl(shown='postgresql://ann@db:5432/flights', user='ann', place='db:5432/flights')
    """

    shown: str
    user: str
    place: str
    password: str = field(repr=False)
    options: str = field(repr=False)

    @classmethod
    def parse(cls, address: str, server: Server) -> Self:
        """Take an address apart; the password may hold any character, escaped or not.

        Raises
        ------
        SourceError
            When it is not ``scheme://user@host:port/database``; the address is not repeated.
        """
        match = _URL.fullmatch(address)
        if match is None:
            raise SourceError(
                f"The address of the {server.name} database is malformed.",
                f"Write {server.scheme}://user@host:port/database, "
                f"the password in {server.variable}.",
            )
        # Names are often typed as they are read.
        user, place = ((match[part] or "").replace(" ", "%20") for part in ("user", "place"))
        account = f"{user}@" if user else ""
        return cls(
            shown=f"{server.scheme}://{account}{place}",
            user=user,
            place=place,
            password=unquote(match["password"] or ""),
            options=match["options"] or "",
        )
