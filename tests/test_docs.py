"""What the pages say is so: names are complete, links lead somewhere, blocks run."""

import re
from importlib import import_module
from pathlib import Path

import click
import msgspec
import pytest

import modelwright
from docs_blocks import DOCS, FENCE, PAGES, blocks_of, page
from docs_reader import reading
from modelwright import documents
from modelwright.cli.main import COMMANDS
from modelwright.data.checks.registry import CHECKS
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.splitting.splits import Split
from modelwright.documents import DOCUMENTS
from modelwright.engineer.question.brief_file import KEYS
from modelwright.predictor import bundle, bundle_folder
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task

SHOP = (
    "tutorial.md",
    *(
        f"how-to/{name}.md"
        for name in (
            "serve",
            "explain-an-answer",
            "take-to-a-host",
            "schedule-maintenance",
            "exported-source",
            "other-languages",
            "adopt-a-model",
            "champion-and-challenger",
            "check-data",
            "label-and-maintain",
            "compare-with-a-table",
            "when-drift-alarms",
            "gameday",
            "alarms",
            "checkup",
            "reports",
            "scripts",
            "ledger",
            "from-a-database",
            "batch",
            "large-tables",
            "cluster",
            "override-kinds",
            "with-costs",
            "within-limits",
        )
    ),
)
"""Pages that go on in one folder, in the order in which they are run."""

NEEDS = {"extend/keras.md": "keras", "extend/torch.md": "torch"}
"""Libraries that the tests' own environment lacks, by the pages that need them."""

READ_ELSEWHERE = ("how-to/add-a-feature.md",)
"""Pages that need models which are there already; `test_add_feature` reads them."""
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def sections(text: str) -> dict[str, str]:
    """Return what stands below each heading of the second degree."""
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    return {head.strip("` "): body for head, body in zip(parts[1::2], parts[2::2], strict=True)}


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_every_key_of_the_brief_is_told(key: str) -> None:
    assert f"`{key}`" in page("reference/brief.md")


@pytest.mark.parametrize("field", Costs.__struct_fields__)
def test_every_cost_is_told(field: str) -> None:
    assert f"`{field}`" in page("reference/brief.md")


def _documents() -> list[type[msgspec.Struct]]:
    own = [
        kind
        for kind in vars(documents).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind.__module__.startswith(f"{documents.__name__}.")
        and kind not in (documents.Brief, *DOCUMENTS.values())
    ]
    return [*own, *DOCUMENTS.values(), Interval, Task, Split, Schema, Column]


@pytest.mark.parametrize("kind", _documents(), ids=lambda kind: kind.__name__)
def test_every_field_of_a_document_is_told(kind: type[msgspec.Struct]) -> None:
    every = sections(page("reference/documents.md"))
    told = every[kind.__name__]
    if issubclass(kind, documents.Document):
        told += every["Document"]
    assert [name for name in kind.__struct_fields__ if f"`{name}`" not in told] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_told(name: str) -> None:
    command: click.Command = import_module(f"modelwright.cli.{name}").command
    told = sections(page("reference/cli.md"))[f"modelwright {name}"]
    for parameter in _parameters(command):
        names = parameter.opts if isinstance(parameter, click.Option) else [_argument(parameter)]
        assert [each for each in names if f"`{each}" not in told] == []


def _parameters(command: click.Command) -> list[click.Parameter]:
    """Return the parameters of a command, or of all that a group holds."""
    within = command.commands.values() if isinstance(command, click.Group) else ()
    return [parameter for each in (command, *within) for parameter in each.params]


def test_no_option_is_told_that_is_not_there() -> None:
    for head, told in sections(page("reference/cli.md")).items():
        if not head.startswith("modelwright "):
            continue
        command: click.Command = import_module(f"modelwright.cli.{head.split()[1]}").command
        known = {option for parameter in _parameters(command) for option in parameter.opts}
        assert set(re.findall(r"^\| .*?`(--[\w-]+)", told, re.M)) <= known


def _argument(parameter: click.Parameter) -> str:
    return str(parameter.name).upper()


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_told(name: str) -> None:
    assert f"`{name}`" in page("reference/metrics.md")


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_is_told(name: str) -> None:
    assert f"`{name}`" in page("how-to/check-data.md")


@pytest.mark.parametrize("value", [*Kind, *Role])
def test_every_kind_and_role_is_told(value: str) -> None:
    assert f"`{value}`" in page("how-to/override-kinds.md")


def test_every_file_of_a_bundle_is_told() -> None:
    told = page("reference/bundle.md")
    listed = re.findall(r"^\| `(\w+\.\w+)`", told, re.M)
    assert set(listed) == {"manifest.json", *bundle_folder._LARGEST}
    for field in bundle.Facts.__struct_fields__:
        assert f"`{field}`" in told


# --- links ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        target, _, anchor = link.partition("#")
        if re.match(r"\w+:", target):
            continue
        found = (path.parent / target).resolve() if target else path
        assert found.is_file(), f"{path.name} links to {link}"
        assert not anchor or anchor in _anchors(found), f"{path.name} links to {link}"


def _anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


# --- blocks ---------------------------------------------------------------------------------


def test_the_tutorial_and_what_goes_on_from_it_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(tmp_path, monkeypatch) as reader:
        for name in SHOP:
            reader.read(name)
    assert (tmp_path / "orders-model" / "health.json").exists()


# Keras asks tensors of torch in a way that NumPy 2 warns of.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize(
    "name",
    [
        name
        for path in PAGES
        if (name := str(path.relative_to(DOCS))) not in (*SHOP, *READ_ELSEWHERE) and blocks_of(name)
    ],
)
def test_a_page_that_stands_alone_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason=f"{NEEDS[name]} is missing")
    with reading(tmp_path, monkeypatch) as reader:
        reader.read(name)


# --- the Python interface -------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in modelwright.__all__ if name != "__version__"])
def test_every_public_name_has_its_docstring_in_the_reference(name: str) -> None:
    home = getattr(modelwright, name).__module__
    assert f"::: {home}.{name}\n" in page("reference/python.md")
