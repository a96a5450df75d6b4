"""Where the pages are, and what their visitor may do."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from modelwright.report.dashboard.assets import address_of


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who looks at the pages.

    Parameters
    ----------
    token
        What forms carry, so that no page of another site can send them.
    may_act
        Whether this person signed in.
    may_sign_in
        Whether there is a token to sign in with.
    """

    token: str = ""
    may_act: bool = False
    may_sign_in: bool = False


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a page says first: what was done, or what could not be."""

    sentence: str
    tone: Literal["good", "bad"] = "good"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The dashboard, for one request.

    Parameters
    ----------
    base
        The path below which it is; empty at the root of a server.
    visitor
        Who looks at it.
    several
        Whether there is a list of projects to return to.
    notice
        What is said first; None for nothing.

    Examples
    --------
    >>> Site(base="/ui").project("late flights", "health")
    '/ui/p/late%20flights/health'
    """

    base: str = ""
    visitor: Visitor = field(default_factory=Visitor)
    several: bool = False
    notice: Notice | None = None

    def project(self, name: str, page: str = "") -> str:
        """Return the address of a project's page."""
        return f"{self.base}/p/{quote(name, safe='')}/{page}"

    def asset(self, name: str) -> str:
        """Return the address of the style, the script or the icon."""
        return f"{self.base}/{address_of(name)}"
