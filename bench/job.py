"""A job: one contestant, one table, one budget; the file by which a process is told.

It is read in the environments of the peers too, so it needs the standard library only.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

JOB_FILE = "job.json"
LEARNED_FILE = "learned.json"
ANSWERED_FILE = "answered.json"
ANSWERS_FILE = "answers.npz"
ARTIFACT = "artifact"


@dataclass(frozen=True, kw_only=True)
class Job:
    """What one contestant has to do.

    Parameters
    ----------
    task
        ``"binary"``, ``"multiclass"`` or ``"regression"``.
    metric, takes
        What is scored, by modelwright's name, and whether it judges ``"probabilities"``,
        ``"classes"`` or ``"values"``.
    target
        The column of the training table that holds the class codes 0, 1, … or the numbers.
    budget_s
        The seconds that learning may take.
    train, test
        Parquet files: features and target; features alone.
    folder
        Where the artifact and the reports go.
    options
        What tells entrants of the same peer apart, such as the preset.

    Examples
    --------
    >>> Job(task="regression", metric="rmse", takes="values", target="y", budget_s=60.0, seed=0,
    ...     cores=2, train="a.parquet", test="b.parquet", folder=".").artifact
    PosixPath('artifact')
    """

    task: str
    metric: str
    takes: str
    target: str
    budget_s: float
    seed: int
    cores: int
    train: str
    test: str
    folder: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def artifact(self) -> Path:
        """Where the fitted model is saved: all that a machine needs to answer, and no more."""
        return Path(self.folder) / ARTIFACT


def write_job(job: Job) -> Path:
    """Write a job into its folder and return the file."""
    path = Path(job.folder) / JOB_FILE
    path.write_text(json.dumps(asdict(job), indent=1), encoding="utf-8")
    return path


def read_job(path: Path) -> Job:
    """Read what `write_job` wrote."""
    return Job(**json.loads(path.read_text(encoding="utf-8")))
