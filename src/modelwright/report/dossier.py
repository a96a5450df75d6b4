"""The documents that a workspace has, as far as it has got."""

from dataclasses import dataclass
from typing import Self, TypeVar

from modelwright.documents import (
    Candidate,
    Delivered,
    Deliveries,
    Document,
    Findings,
    Gameday,
    Gate,
    Health,
    Plan,
    Release,
    has_document,
    read_document,
)
from modelwright.errors import WorkspaceError
from modelwright.report.sources import Part, Said, Sources
from modelwright.report.voice import ENGLISH, Voice
from modelwright.workspace.folder import Workspace

AnyDocument = TypeVar("AnyDocument", bound=Document)


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """The documents that are there; None stands for one that is not.

    Examples
    --------
    >>> Dossier().documents
    ()
    """

    plan: Plan | None = None
    findings: Findings | None = None
    candidate: Candidate | None = None
    release: Release | None = None
    health: Health | None = None
    deliveries: Deliveries | None = None
    gameday: Gameday | None = None

    @classmethod
    def read(cls, workspace: Workspace) -> Self:
        """Read every document that the workspace has.

        The findings carry the plan that they were made from; it stands in for a plan that is gone.

        Raises
        ------
        WorkspaceError
            When there is none, or one is damaged or of another version.
        """
        dossier = cls.read_any(workspace)
        if not dossier.documents:
            raise WorkspaceError(
                f"{workspace.path} has no document to report on yet.",
                f"Make one: modelwright run --workspace {workspace.path}",
            )
        return dossier

    @classmethod
    def read_any(cls, workspace: Workspace) -> Self:
        """Read as `read` does, also where there is no document.

        Raises
        ------
        WorkspaceError
            When a document is damaged or of another version.
        """
        findings = _if_there(Findings, workspace)
        return cls(
            plan=_if_there(Plan, workspace) or (findings.plan if findings else None),
            findings=findings,
            candidate=_if_there(Candidate, workspace),
            release=_if_there(Release, workspace),
            health=_if_there(Health, workspace),
            deliveries=_if_there(Deliveries, workspace),
            gameday=_if_there(Gameday, workspace),
        )

    @property
    def sources(self) -> Sources:
        """Where each part of the documents is."""
        return Sources(self.told)

    @property
    def told(self) -> tuple[Document, ...]:
        """All that a page tells of: the documents, where the release was taken, and the drill."""
        beside = (self.deliveries, self.gameday)
        return (*self.documents, *(each for each in beside if each is not None))

    @property
    def documents(self) -> tuple[Document, ...]:
        """Those that are there, in the order in which they are made."""
        every = (self.plan, self.findings, self.candidate, self.release, self.health)
        return tuple(document for document in every if document is not None)

    @property
    def only_watches(self) -> bool:
        """Whether there is only the log of a model that somebody else runs."""
        made_here = (self.plan, self.findings, self.candidate)
        return self.release is not None and not any(made_here)

    @property
    def file_names(self) -> tuple[str, ...]:
        """Their files in the workspace."""
        return tuple(document.file_name for document in self.documents)

    @property
    def delivered(self) -> tuple[Delivered, ...]:
        """Where the release was taken."""
        if self.release is None or self.deliveries is None:
            return ()
        digest = self.release.bundle_hash
        return tuple(each for each in self.deliveries.delivered if each.bundle_hash == digest)

    @property
    def question(self) -> Said:
        """What the person asked."""
        return self.question_in(ENGLISH)

    def question_in(self, voice: Voice) -> Said:
        """Return what the person asked, as it is; else what is predicted, in a language."""
        for document in (self.candidate, self.plan):
            # A plan of a brief without a question says what is predicted, in English.
            if document is not None and document.question not in ("", f"Predict {self.target!r}."):
                return Said(document.question, Part(document, "question"))
        told = (self.candidate, self.plan, self.release, self.health)
        sentence = voice.say("page.predict", target=voice.quoted(self.target))
        return Said(sentence, *(Part(each, "target") for each in told))

    @property
    def target(self) -> str:
        """The column that is predicted."""
        told = (self.candidate, self.plan, self.release, self.health)
        return next((document.target for document in told if document is not None), "")

    @property
    def metric(self) -> str:
        """The name of the metric that decides."""
        told = (self.candidate, self.plan, self.release, self.health)
        return next((document.metric for document in told if document is not None), "")

    @property
    def failed_gates(self) -> tuple[Gate, ...]:
        """The gates that build and deploy found shut, each once."""
        gates = (gate for made in (self.candidate, self.release) if made for gate in made.gates)
        return tuple({gate.name: gate for gate in gates if not gate.passed}.values())


def _if_there(kind: type[AnyDocument], workspace: Workspace) -> AnyDocument | None:
    return read_document(kind, workspace) if has_document(kind, workspace) else None
