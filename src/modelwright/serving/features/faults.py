"""What is wrong with a database of features, as faults.

What a client may know stands first; the address and what the database says is for the log.
"""

from modelwright.errors import SchemaError, ServiceError


def down(shown: str, error: Exception) -> ServiceError:
    """It cannot be reached."""
    return ServiceError(
        "The database of features does not answer.",
        f"{shown} said: {_said(error)}. Start it, or correct --features-from and the password in"
        " its environment variable.",
    )


def late(shown: str, seconds: float) -> ServiceError:
    """It takes too long."""
    return ServiceError(
        f"The database of features has not answered within {seconds:g} seconds.",
        f"Make an index on the keys of the related tables in {shown}, or raise --features-timeout.",
    )


def refused(shown: str, error: Exception) -> ServiceError:
    """It does not run the query."""
    return ServiceError(
        "The database of features refused the query.",
        f"{shown} said: {_said(error)}. Grant SELECT on the related tables, or say what one is"
        " called there: --feature-table NAME=TABLE.",
    )


def unfit(error: Exception) -> SchemaError:
    """A value is none of its column."""
    return SchemaError(
        f"The database takes a key or a moment of a row for none: {_said(error)}.", "Correct it."
    )


def _said(error: Exception) -> str:
    text = str(error.args[-1]) if len(error.args) == 2 else str(error)
    return text.strip().partition("\n")[0].rstrip(". ")
