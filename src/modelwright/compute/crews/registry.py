"""The crew that a person names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from modelwright.compute.crews.address import CrewAddress, CrewKind
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.here import Here
from modelwright.compute.crews.losses import Report
from modelwright.compute.parallel import cores

Open = Callable[[CrewAddress, Report], Crew]


def _here(address: CrewAddress, _: Report) -> Crew:
    return Here(workers=address.workers or cores())


def _processes(address: CrewAddress, report: Report) -> Crew:
    from modelwright.compute.crews.processes import Processes

    return Processes(
        workers=address.workers or cores(), memory_bytes=address.memory_bytes, report=report
    )


def _ray(address: CrewAddress, report: Report) -> Crew:
    from modelwright.compute.crews.ray import RayCluster

    return RayCluster(address, report=report)


CREWS: dict[CrewKind, Open] = {"here": _here, "processes": _processes, "ray": _ray}


@contextmanager
def open_crew(text: str, *, report: Report) -> Iterator[Crew]:
    """Open the crew that is named, and let it go at the end of the block.

    Parameters
    ----------
    text
        As `CrewAddress.parse` reads it.
    report
        Told who does the work, and what was lost and begun again.

    Raises
    ------
    BriefError
        When it names none.
    MissingDependencyError
        When its library is not installed.
    ServiceError
        When it does not answer.

    Examples
    --------
    >>> with open_crew("here?workers=2", report=print) as crew:
    ...     crew.workers
    2
    """
    address = CrewAddress.parse(text)
    crew = CREWS[address.kind](address, report)
    try:
        if address.kind != "here":
            report(f"The work is done by {crew.title}")
        yield crew
    finally:
        crew.close()
