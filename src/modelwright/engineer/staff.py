"""Who does the work of a project: called when it is first needed, let go after each command."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from modelwright.compute.crews.address import CrewAddress
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.registry import open_crew


class Staff:
    """The crew that a person names.

    Parameters
    ----------
    address
        As `CrewAddress.parse` reads it.
    report
        Told who does the work, and what was lost and begun again.

    Raises
    ------
    BriefError
        When it names none.

    Examples
    --------
    >>> staff = Staff("here?workers=2", report=print)
    >>> with staff.on_duty():
    ...     staff.crew.workers
    2
    """

    def __init__(self, address: str, *, report: Callable[[str], None]) -> None:
        CrewAddress.parse(address)
        self._address = address
        self._report = report
        self._crew: Crew | None = None
        self._duty = ExitStack()

    @property
    def crew(self) -> Crew:
        """The crew, which begins now if it has not begun; only inside `on_duty`."""
        if self._crew is None:
            self._crew = self._duty.enter_context(open_crew(self._address, report=self._report))
        return self._crew

    @contextmanager
    def on_duty(self) -> Iterator[None]:
        """Let the crew go at the end of the block, if it was called."""
        with ExitStack() as duty:
            self._duty, self._crew = duty, None
            try:
                yield
            finally:
                self._crew = None
