"""How much a random split would have flattered."""

from collections.abc import Iterator

from modelwright.documents import Risk
from modelwright.explore.flattery import measure_flattery
from modelwright.explore.problems.base import Subject
from modelwright.tasks.figures import figure, ranged


def find_flattered(subject: Subject) -> Iterator[Risk]:
    """Tell by how much rows of the same time or entity on both sides would flatter."""
    split, rehearsal = subject.plan.split, subject.rehearsal
    if split.kind not in ("time", "group") or rehearsal is None:
        return
    flattery = measure_flattery(rehearsal)
    if not flattery.is_certain:
        return
    gain = flattery.gain
    yield Risk(
        name="flattery",
        sentence=f"A random split would flatter: a quick model scores {figure(flattery.mixed)} in "
        f"{flattery.metric} there, and {figure(flattery.apart)} where the rows are divided by "
        f"{split.column!r}, better by {ranged(gain, 3)} than "
        "it will be in use.",
        columns=(split.column,),
    )
