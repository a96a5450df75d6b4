"""`modelwright deploy`: the fourth room, and folders to take away."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, quiet_option, workspace_option
from modelwright.cli.output import Report, give_document, print_json, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modelwright.documents import Delivered
    from modelwright.engineer.project import Project

_SIGNS = {True: "✓", False: "✗", None: "?"}


@click.command("deploy")
@workspace_option
@click.option("--to", "targets", multiple=True, metavar="TARGET", help="Write a folder for it.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder that `--to` writes.")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    help="What `--to` writes. [default: the workspace's champion]",
)
@click.option(
    "--set",
    "chosen",
    multiple=True,
    metavar="KEY=VALUE",
    help="name, image, port, replicas, memory_mb, cpus, base, role, dialect of what `--to` writes.",
)
@click.option(
    "--clean-environment",
    is_flag=True,
    help="Before the release, also install the bundle from its lock file alone.",
)
@click.option(
    "--as-challenger",
    is_flag=True,
    help="Try the candidate in the shadow of the champion, not in its place.",
)
@click.option("--list-targets", is_flag=True, help="Say what `--to` knows, and do nothing else.")
@quiet_option
@json_option
def command(
    workspace: Path,
    *,
    targets: tuple[str, ...],
    out: Path | None,
    bundle: Path | None,
    chosen: tuple[str, ...],
    clean_environment: bool,
    as_challenger: bool,
    list_targets: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Test the candidate's bundle as a client would, and release it when every gate is green.

    Exits with 1 when a gate is red and nothing was released.

    With `--to`, write the champion as a folder that a client can take away, and check it as far as
    this machine can; release the candidate first if it is not. More than one `--to` writes a folder
    of that name for each. Exits with 1 when a check finds a fault; what could not be checked here
    is named.

    \b
    Examples:
      modelwright deploy --workspace flights-model
      modelwright deploy --as-challenger --workspace flights-model
      modelwright deploy --workspace flights-model --to docker --out flights-image
      modelwright deploy --bundle late-1f2e3d4c5b6a --to systemd --to kubernetes --out hosts
    """
    if list_targets:
        return _list_targets(as_json=as_json)
    report = progress(quiet=quiet)
    if not targets:
        project = _opened(workspace, report)
        from modelwright.workspace.trial import Trial

        trial = Trial(role="shadow") if as_challenger else None
        release = project.deploy(clean_environment=clean_environment, trial=trial)
        return give_document(release, as_json=as_json)
    if clean_environment or as_challenger:
        flag = "--clean-environment" if clean_environment else "--as-challenger"
        raise click.UsageError(f"{flag} is about a release. Leave --to for later.")
    if out is None:
        raise click.UsageError("--to needs a folder to write. Name one: --out FOLDER")
    asked = _Asked(targets, out, chosen)
    if bundle is not None:
        return _deliver(bundle, asked, report, as_json=as_json)
    return _release_and_deliver(workspace, asked, report, as_json=as_json)


@dataclass(frozen=True)
class _Asked:
    targets: tuple[str, ...]
    out: Path
    chosen: tuple[str, ...]


def _opened(workspace: Path, report: Report) -> "Project":
    from modelwright.engineer.project import Project

    return Project.open(workspace, report=report)


def _release_and_deliver(workspace: Path, asked: _Asked, report: Report, *, as_json: bool) -> int:
    from modelwright.deploy.targets.options import options_from
    from modelwright.deploy.targets.registry import target_named

    # A word that is misspelt is said before a release is made.
    options = options_from(asked.chosen)
    for name in asked.targets:
        target_named(name)
    project = _opened(workspace, report)
    release = project.ensure_release()
    if release is not None and not release.released:
        return give_document(release, as_json=as_json)
    done = project.deliver_champion(*asked.targets, out=asked.out, options=options)
    return _give(done, as_json=as_json)


def _deliver(source: Path, asked: _Asked, report: Report, *, as_json: bool) -> int:
    from modelwright.deploy.delivery import deliver
    from modelwright.deploy.targets.options import options_from
    from modelwright.engineer.champion import bundle_folder

    done = deliver(
        bundle_folder(source),
        asked.out,
        targets=asked.targets,
        options=options_from(asked.chosen),
        report=lambda sentence: report("deploy", sentence),
    )
    return _give(done, as_json=as_json)


def _give(done: "Sequence[Delivered]", *, as_json: bool) -> int:
    if as_json:
        print_json(done)
    else:
        click.echo("\n".join(line for each in done for line in _told(each)))
    return 0 if all(each.passed for each in done) else 1


def _list_targets(*, as_json: bool) -> int:
    from modelwright.deploy.targets.registry import known_targets
    from modelwright.report.terminal.layout import aligned

    known = {name: target.sentence for name, target in known_targets().items()}
    if as_json:
        print_json(known)
    else:
        click.echo("\n".join(aligned(known.items())))
    return 0


def _told(delivered: "Delivered") -> list[str]:
    from modelwright.report.terminal.layout import field, title

    return [
        title(f"Delivered: {delivered.target}"),
        *field("Folder", f"{delivered.folder}: {delivered.sentence}"),
        *field("Bundle", delivered.bundle_hash),
        *field(
            "Checks",
            *(
                f"{_SIGNS[each.passed]} {each.name}: {each.evidence}"
                for each in delivered.validations
            ),
        ),
        *_next(Path(delivered.folder, "README.md")),
    ]


def _next(readme: Path) -> list[str]:
    from modelwright.report.terminal.layout import field

    return list(field("Next", f"Read {readme}")) if readme.is_file() else []
