"""Names and texts as SQL writes them."""

import re

_QUOTES = '"`'
_PART = re.compile(r'"(?:[^"]|"")+"|`(?:[^`]|``)+`|[^."`]+')
_NAME = re.compile(rf"(?:{_PART.pattern})(?:\.(?:{_PART.pattern}))*")


def name_parts(name: str) -> list[str]:
    """Return the schema and the name of a table, without the quotes that SQL may have around them.

    Examples
    --------
    >>> name_parts('shop.orders'), name_parts('"My Shop"."a ""b"" c"'), name_parts('5" disks')
    (['shop', 'orders'], ['My Shop', 'a "b" c'], ['5" disks'])
    """
    if not _NAME.fullmatch(name):
        return name.split(".")
    return [
        part[1:-1].replace(part[0] * 2, part[0]) if part[0] in _QUOTES else part
        for part in _PART.findall(name)
    ]


def quoted(name: str) -> str:
    """Return a name as an identifier of SQL.

    Examples
    --------
    >>> quoted('the "big" table')
    '"the ""big"" table"'
    """
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """Return a text as a literal of standard SQL.

    Examples
    --------
    >>> text_literal("O'Hara")
    "'O''Hara'"
    """
    return "'" + text.replace("'", "''") + "'"


def mysql_quoted(name: str) -> str:
    """Return a name as an identifier of MySQL.

    Examples
    --------
    >>> mysql_quoted("the `big` table")
    '`the ``big`` table`'
    """
    return "`" + name.replace("`", "``") + "`"


def mysql_literal(text: str) -> str:
    """Return a text as a literal of MySQL.

    Examples
    --------
    >>> mysql_literal("O'Hara")
    "'O''Hara'"
    """
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
