"""What a workspace holds now."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from modelwright.documents import Health
from modelwright.errors import WorkspaceError
from modelwright.report.dashboard.work import Work
from modelwright.report.dossier import Dossier
from modelwright.report.everyday import Answer, answer
from modelwright.report.sources import Part, Said, Sources
from modelwright.workspace.alarm import Alarm
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.journal import JOURNAL, Run
from modelwright.workspace.logbook import LOGBOOK


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A project as it stands.

    Parameters
    ----------
    name
        Of its folder; it is a part of the address of its pages.
    dossier
        Its documents.
    aliases
        Which bundles are champion and challenger, and were.
    runs
        Commands that worked in it, the oldest first.
    work
        The one that is at work; None when none is.
    alarms
        Those that were raised, in the order of their numbers, closed ones among them.
    judgements
        What was said of the live model, the oldest first.
    fault
        Why something of it cannot be read; empty when all can.
    """

    name: str
    dossier: Dossier = field(default_factory=Dossier)
    aliases: Aliases = field(default_factory=Aliases)
    runs: Sequence[Run] = ()
    work: Work | None = None
    alarms: Sequence[Alarm] = ()
    judgements: Sequence[Health] = ()
    fault: str = ""

    @property
    def answer(self) -> Answer:
        """The answer to the question as far as it has got."""
        if self.fault:
            return Answer("bad", "Cannot be read", self.fault)
        if not self.dossier.documents:
            told = "Nothing was made here yet. Run here: modelwright run DATA --target COLUMN"
            return Answer("open", "Empty", told)
        return answer(self.dossier)

    @property
    def before(self) -> str:
        """The bundle that would be champion after rolling back; empty where there is none."""
        try:
            rolled_back = self.aliases.roll_back("champion", at=datetime.now(UTC))
        except WorkspaceError:
            return ""
        return rolled_back.bundle("champion") or ""

    @property
    def open_alarms(self) -> tuple[Alarm, ...]:
        """Those whose trouble is not gone, the latest first."""
        return tuple(alarm for alarm in reversed(self.alarms) if alarm.state != "closed")

    @cached_property
    def sources(self) -> Sources:
        """Where each part of the documents is, and of what the workspace remembers beside them."""
        return Sources(self.dossier.told, self.remembered)

    @property
    def remembered(self) -> Mapping[str, object]:
        """What the pages tell beside the documents, by the file that keeps it."""
        return {
            "aliases.json": self.aliases,
            JOURNAL: {"runs": self.runs, "told": self.work.lines if self.work else ()},
            LOGBOOK: {"alarms": self.alarms, "judgements": self.judgements},
        }

    @property
    def made_at(self) -> Said:
        """When the latest document was written; empty where there is none."""
        made = self.dossier.documents
        latest = max((each.made_at for each in made), default="")
        return Said(latest, *(Part(each, "made_at") for each in made if each.made_at == latest))

    @property
    def stamp(self) -> str:
        """A text that differs when a document does."""
        made = (f"{each.file_name} {each.made_at}" for each in self.dossier.documents)
        return hashlib.sha256("\n".join(made).encode()).hexdigest()[:12]
