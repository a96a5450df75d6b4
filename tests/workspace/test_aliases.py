from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import WorkspaceError
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.folder import Workspace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def champions(*bundles: str | None) -> Aliases:
    aliases = Aliases()
    for hours, bundle in enumerate(bundles):
        aliases = aliases.assign("champion", bundle, at=NOW + timedelta(hours=hours))
    return aliases


def test_nothing_is_named_at_first(workspace: Workspace) -> None:
    aliases = Aliases.read(workspace)
    assert aliases.bundle("champion") is None
    assert aliases.bundle("challenger") is None


def test_written_aliases_are_read_back_with_their_history(workspace: Workspace) -> None:
    aliases = champions("a", "b").assign("challenger", "c", at=NOW)
    aliases.write(workspace)
    assert Aliases.read(workspace) == aliases
    assert Aliases.read(workspace).bundle("challenger") == "c"
    assert len(aliases.history) == 3


def test_each_roll_back_goes_one_further() -> None:
    aliases = champions("a", "b", "c")
    found = []
    for _ in range(2):
        aliases = aliases.roll_back("champion", at=NOW)
        found.append(aliases.bundle("champion"))
    assert found == ["b", "a"]
    with pytest.raises(WorkspaceError, match="nothing to roll back to"):
        aliases.roll_back("champion", at=NOW)


def test_a_new_champion_after_a_roll_back_returns_to_what_was_served() -> None:
    aliases = champions("a", "b").roll_back("champion", at=NOW).assign("champion", "c", at=NOW)
    assert aliases.roll_back("champion", at=NOW).bundle("champion") == "a"


def test_the_same_bundle_again_is_no_step() -> None:
    assert champions("a", "b", "b").roll_back("champion", at=NOW).bundle("champion") == "a"


@pytest.mark.parametrize("bundles", [(), ("a",), (None, "a")])
def test_nothing_to_return_to(bundles: tuple[str | None, ...]) -> None:
    with pytest.raises(WorkspaceError, match="nothing to roll back to"):
        champions(*bundles).roll_back("champion", at=NOW)


def test_a_removed_challenger_is_none() -> None:
    aliases = Aliases().assign("challenger", "a", at=NOW).assign("challenger", None, at=NOW)
    assert aliases.bundle("challenger") is None


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1))
def test_rolling_back_all_the_way_ends_and_keeps_every_step(steps: list[str | None]) -> None:
    aliases = champions(*steps)
    for _ in steps:
        try:
            aliases = aliases.roll_back("champion", at=NOW)
        except WorkspaceError:
            break
    assert aliases.history[: len(steps)] == champions(*steps).history


@pytest.mark.parametrize("text", ["", "{", '{"history": [{"alias": "king"}]}', '{"format": 9}'])
def test_a_damaged_or_newer_file_is_a_sentence(workspace: Workspace, text: str) -> None:
    workspace.write_text("aliases.json", text)
    with pytest.raises(WorkspaceError, match=r"damaged|newer"):
        Aliases.read(workspace)
