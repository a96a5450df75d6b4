"""Every exception that modelwright raises on purpose.

::

    ModelwrightError
    ├── InputError                what the person gave cannot be used
    │   ├── SourceError           the data cannot be read
    │   ├── SchemaError           a column is missing, misspelt, doubled or of the wrong kind
    │   │   └── UnknownColumnError    the brief names a column that the table does not have
    │   ├── TargetError           the target cannot be learned
    │   └── BriefError            modelwright.toml or an option is wrong
    ├── BudgetError               the time given is too short for anything
    ├── LearnerError              a learner or its library met a fault
    ├── WorkspaceError            the workspace is locked, damaged or of another version
    ├── BundleError               a bundle is damaged, forged or of another version
    ├── ServiceError              a server could not be started or did not answer
    └── MissingDependencyError    an extra is not installed

A check that failed is a value, never an exception; a check that could not run is one of these.
The command line prints the message and exits with 2; no traceback reaches a user.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class ModelwrightError(Exception):
    """A fault with a sentence for the person who meets it.

    Parameters
    ----------
    found
        What was wrong, with the name and the value at fault.
    remedy
        What to do next, as an order; may be empty.

    Examples
    --------
    >>> print(SourceError("flights.csv is empty.", "Write at least one row."))
    flights.csv is empty. Write at least one row.
    """

    def __init__(self, found: str, remedy: str = "") -> None:
        super().__init__(f"{found} {remedy}".strip())
        self.found = found
        self.remedy = remedy


class InputError(ModelwrightError):
    """What the person gave cannot be used."""


class SourceError(InputError):
    """The data cannot be read."""


class SchemaError(InputError):
    """A column is missing, misspelt, doubled or of the wrong kind."""


class UnknownColumnError(SchemaError):
    """The brief names a column that the table does not have.

    Parameters
    ----------
    found, remedy
        As above.
    key
        Of `modelwright.toml`, which names it.
    """

    def __init__(self, found: str, remedy: str = "", *, key: str = "") -> None:
        super().__init__(found, remedy)
        self.key = key


class TargetError(InputError):
    """The target cannot be learned."""


class BriefError(InputError):
    """`modelwright.toml` or an option is wrong.

    Parameters
    ----------
    found, remedy
        As above.
    key
        Of `modelwright.toml`, when its value is none that there could be: it was misspelt.
    """

    def __init__(self, found: str, remedy: str = "", *, key: str = "") -> None:
        super().__init__(found, remedy)
        self.key = key


class BudgetError(ModelwrightError):
    """The time given is too short for anything."""


class LearnerError(ModelwrightError):
    """A learner or its library met a fault."""


class WorkspaceError(ModelwrightError):
    """The workspace is locked, damaged or of another version."""


class BundleError(ModelwrightError):
    """A bundle is damaged, forged or of another version."""


class ServiceError(ModelwrightError):
    """A server could not be started or did not answer."""


class MissingDependencyError(ModelwrightError):
    """An extra is not installed."""


_LONGEST_NAME = 200
"""Characters of a name that are compared: strangers may send one of megabytes."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the known name nearest to a misspelt one.

    Parameters
    ----------
    name
        The name that was not found.
    known
        The names that exist.

    Returns
    -------
    str
        "Did you mean 'x'?", or the known names when none is near, at most eight of them.

    Examples
    --------
    >>> nearest("tagret", ["target", "age"])
    "Did you mean 'target'?"
    >>> nearest("people", ["crm.people", "orders"])
    "Did you mean 'crm.people'?"
    >>> nearest("zzz", ["target", "age"])
    "Known: 'target', 'age'."
    """
    names, name = list(known), name[:_LONGEST_NAME]
    folded = {candidate.casefold(): candidate for candidate in names}
    tails = {candidate.rpartition(".")[2].casefold(): candidate for candidate in names}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    meant = folded[close[0]] if close else tails.get(name.casefold())
    if meant is not None:
        return f"Did you mean {meant!r}?"
    shown = ", ".join(repr(candidate) for candidate in names[:8])
    return f"Known: {shown}{', …' if len(names) > 8 else ''}."
