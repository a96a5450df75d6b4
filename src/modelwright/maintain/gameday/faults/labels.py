"""Labels that do not come."""

from collections.abc import Iterator

import numpy as np

from modelwright.maintain.gameday.faults.base import Injection, PlainFault, Scene
from modelwright.maintain.gameday.traffic import Span


def is_labelled(span: Span) -> bool:
    """Say whether most of the rows have a label."""
    known = np.isfinite(span.truth) if span.truth.dtype.kind == "f" else span.truth >= 0
    return bool(known.mean() > 0.5) if len(known) else False


def _hold_back(scene: Scene) -> Iterator[Injection]:
    if is_labelled(scene.before):
        yield Injection(causes=("late labels",), change=Span.without_labels, harm="always")


LATE_LABELS = PlainFault("late labels", "The labels stop coming.", _hold_back)
