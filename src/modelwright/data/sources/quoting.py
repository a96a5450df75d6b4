"""Names and texts as SQL writes them."""


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
