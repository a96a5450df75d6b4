"""`python -m bench.forecasts`: what the plan foresees of a run, beside what the run then took.

Each run that modelwright comes with is foreseen from those of other tables. With a history, each
run of a person's own is foreseen from those before it, as the plan of that run did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from modelwright.documents import Cost
from modelwright.plan import cost as model
from modelwright.tasks.interval import Interval
from modelwright.workspace.history import PastRun, read_history


@dataclass(frozen=True)
class Off:
    """By how much one figure of a run was foreseen wrongly, as a fraction of what came.

    Parameters
    ----------
    error
        Of the middle.
    held, kept
        Whether what came lies in the range, and whether it is at most its upper end.
    room
        How many times what came the upper end is.
    """

    error: float
    held: bool
    kept: bool
    room: float

    @classmethod
    def of(cls, foreseen: Interval, came: float) -> "Off":
        """Compare."""
        return cls(
            abs(foreseen.value / came - 1),
            foreseen.contains(came),
            came <= foreseen.high,
            foreseen.high / came,
        )


@click.command(context_settings={"max_content_width": 100})
@click.option(
    "--history",
    type=click.Path(path_type=Path, exists=True),
    help="Runs of one's own, such as ~/.local/state/modelwright/runs.jsonl.",
)
def main(history: Path | None) -> None:
    """Measure how far the plan's forecasts of time, memory and disk are from the fact.

    Example: python -m bench.forecasts --history ~/.local/state/modelwright/runs.jsonl
    """
    shipped = model.shipped_runs()
    _tell("runs that come with it, foreseen from other tables", shipped, leave_one_out(shipped))
    if history is not None:
        own = read_history(history)
        costs = [_foresee(run, own[:at]) for at, run in enumerate(own)]
        _tell("runs of one's own, foreseen from those before", own, costs)
        kept = [at for at, run in enumerate(own) if run.seconds <= run.budget_s]
        _tell(
            "those of them that kept their budget",
            [own[at] for at in kept],
            [costs[at] for at in kept],
        )


def leave_one_out(runs: Sequence[PastRun]) -> list[Cost]:
    """Foresee each run from the runs of other tables."""
    return [
        _foresee(run, (), shipped=[other for other in runs if _table(other) != _table(run)])
        for run in runs
    ]


def _foresee(
    run: PastRun, history: Sequence[PastRun], *, shipped: Sequence[PastRun] | None = None
) -> Cost:
    return model.foresee_cost(
        rows=run.rows,
        features=run.features,
        outputs=run.outputs,
        budget_s=run.budget_s,
        history=history,
        shipped=shipped,
    )


def _table(run: PastRun) -> tuple[int, int]:
    # Parts of a table are the same table, however many rows they have.
    return run.features, run.outputs


def _tell(what: str, runs: Sequence[PastRun], costs: Sequence[Cost]) -> None:
    if not runs:
        return
    click.echo(f"{what}: {len(runs)}")
    figures = {
        "wall time": [Off.of(c.seconds, r.seconds) for c, r in zip(costs, runs, strict=True)],
        "memory": [
            Off.of(c.memory_bytes, r.memory_bytes) for c, r in zip(costs, runs, strict=True)
        ],
        "disk": [Off.of(c.size_bytes, r.size_bytes) for c, r in zip(costs, runs, strict=True)],
    }
    for name, each in figures.items():
        errors = np.array([off.error for off in each])
        click.echo(
            f"  {name}: median error {np.median(errors):.1%}, within 50 % "
            f"{(errors <= 0.5).mean():.0%}, in the 90 % interval "
            f"{np.mean([off.held for off in each]):.0%}, at most its upper end "
            f"{np.mean([off.kept for off in each]):.0%}, which is "
            f"{np.median([off.room for off in each]):.1f} times what came"
        )


if __name__ == "__main__":
    main()
