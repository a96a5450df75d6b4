"""What an agent may ask of one workspace: calls with plain arguments and short answers.

A person says in `modelwright.toml` what an agent may do without being asked; to release and to roll
back are not among it unless the person puts them there. An agent cannot change that: it asks a
question by a few keys, and the rest of the brief stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelwright.documents import Deputy, Document
from modelwright.engineer.archive import is_yes, say_nothing
from modelwright.engineer.champion import bundle_folder
from modelwright.engineer.question.brief_file import BRIEF_FILE, read_brief
from modelwright.errors import BriefError, InputError, WorkspaceError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.explanations.explanation import explain
from modelwright.predictor.labels import label_text
from modelwright.predictor.model import load
from modelwright.report.dossier import Dossier
from modelwright.report.summary import render_markdown, summarise
from modelwright.report.terminal.alarms import describe_alarms
from modelwright.report.terminal.describe import describe
from modelwright.report.terminal.explained import describe_explanation
from modelwright.workspace.folder import Workspace

if TYPE_CHECKING:
    from modelwright.engineer.project import Project
    from modelwright.engineer.question.asking import Asked

Report = Callable[[str, str], None]

_MOST_ROWS = 1_000
_KEYS = ("data", "target", "question", "budget", "metric", "time", "group", "exclude", "goal")


@dataclass(frozen=True)
class Told:
    """What an agent is told.

    Parameters
    ----------
    text
        As a person would read it.
    yes
        Whether the answer is yes: every gate is green, the model is healthy.
    file
        The document in the workspace that has all of it; empty where there is none.
    """

    text: str
    yes: bool
    file: str = ""


class Desk:
    """Where an agent asks.

    Parameters
    ----------
    folder
        The workspace; it need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._asked: Asked | None = None

    @property
    def deputy(self) -> Deputy:
        """What an agent may do without a person."""
        if not (self.folder / BRIEF_FILE).is_file():
            return Deputy()
        return read_brief(Workspace.open(self.folder)).agent

    def require(self, errand: str) -> None:
        """Refuse what an agent may not do.

        Raises
        ------
        InputError
            With what a person would write to allow it.
        """
        may = self.deputy.may
        if errand not in may:
            listed = ", ".join(f'"{each}"' for each in (*may, errand))
            raise InputError(
                f"An agent may not {errand} here without a person.",
                f"Ask the person; in {BRIEF_FILE}, [agent] may = [{listed}] would allow it.",
            )

    def ask(self, asked: Mapping[str, Any], report: Report) -> Told:
        """Ask a question, or change the one that is there."""
        self.require("ask")
        said = {key: value for key, value in asked.items() if value}
        for key in said:
            if key not in _KEYS:
                raise BriefError(f"An agent cannot set {key!r}.", f"Known: {', '.join(_KEYS)}.")
        if ".py" in str(said.get("metric", "")):
            raise BriefError(
                "A metric that is a function of a file is for a person to name: its code is run.",
                "Name one of modelwright's metrics.",
            )
        from modelwright.engineer.project import Project

        self._asked = Project.ask(self.folder, said, report=report)
        return Told(f"The question is written into {BRIEF_FILE}.", True, BRIEF_FILE)

    def plan(self, report: Report) -> Told:
        """Plan how the question is answered."""
        return self._made("plan", report, lambda project: project.plan())

    def explore(self, report: Report) -> Told:
        """Find what data works, leaks and the contract."""
        return self._made("explore", report, lambda project: project.explore())

    def build(self, budget: str, report: Report) -> Told:
        """Build a candidate within a budget, and judge it on the holdout."""
        return self._made("build", report, lambda project: project.build(budget or None))

    def deploy(self, report: Report) -> Told:
        """Test the candidate's bundle and release it; who calls has asked a person, or need not."""
        return _told(self._project(report).deploy())

    def roll_back(self, why: str, report: Report) -> Told:
        """Make the previous release the champion again; who calls has asked, or need not."""
        digest = self._project(report).roll_back(why=why)
        return Told(f"The champion is {digest} again.", True)

    def maintain(self, data: str, report: Report) -> Told:
        """Judge the champion on the ledger's rows, or on those of a file."""
        return self._made("maintain", report, lambda project: project.maintain(data or None))

    def alarms(self) -> Told:
        """List the alarms that are open."""
        self.require("maintain")
        found = self._project(say_nothing).alarms.all()
        return Told(describe_alarms(found), not found)

    def explain(self, row: Mapping[str, Any]) -> Told:
        """Say why a row gets its answer."""
        self.require("explain")
        model = read_bundle(bundle_folder(self.folder))
        return Told(describe_explanation(explain(model, dict(row))), True)

    def predict(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Answer some rows."""
        self.require("predict")
        if len(rows) > _MOST_ROWS:
            raise InputError(
                f"There are {len(rows):,} rows; an agent may ask of {_MOST_ROWS:,} at once.",
                "Let a person run: modelwright predict",
            )
        model, records = load(bundle_folder(self.folder)), [dict(row) for row in rows]
        answers = model.predict(records).tolist()
        if not model.task.is_classification:
            return [{"answer": answer} for answer in answers]
        classes = [label_text(label) for label in model.task.classes]
        return [
            {"answer": answer, "probabilities": dict(zip(classes, chances, strict=True))}
            for answer, chances in zip(answers, model.predict_proba(records).tolist(), strict=True)
        ]

    def summary(self) -> str:
        """Say where the workspace stands, as Markdown."""
        return render_markdown(summarise(Dossier.read(Workspace.open(self.folder))))

    def read(self, name: str) -> str:
        """Return a document of the workspace as its text.

        Raises
        ------
        WorkspaceError
            When it is none of the documents, or is not there yet.
        """
        workspace = Workspace.open(self.folder)
        if name not in READABLE:
            raise WorkspaceError(
                f"There is no document {name!r}.", f"Known: {', '.join(READABLE)}."
            )
        if not workspace.has(name):
            raise WorkspaceError(f"There is no {name} yet.", "Ask for the step that makes it.")
        return workspace.read_bytes(name).decode()

    def _project(self, report: Report) -> "Project":
        # The rooms take seconds to import; an agent that connects shall not wait for them.
        from modelwright.engineer.project import Project

        return Project.open(self.folder, report=report, asked=self._asked)

    def _made(self, errand: str, report: Report, make: Callable[["Project"], Document]) -> Told:
        self.require(errand)
        document = make(self._project(report))
        self._asked = None  # it was understood
        return _told(document)


READABLE = (
    BRIEF_FILE,
    "plan.json",
    "findings.json",
    "contract.yaml",
    "candidate.json",
    "release.json",
    "health.json",
)
"""What an agent may read of a workspace."""


def _told(document: Document) -> Told:
    return Told(describe(document), is_yes(document), document.file_name)
