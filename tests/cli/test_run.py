"""What `run` proposes next."""

from pathlib import Path

from msgspec.structs import replace

from modelwright.cli.run import _next
from modelwright.documents import Candidate, Release, read_document
from modelwright.workspace.folder import Workspace


def test_a_run_that_was_too_short_proposes_a_longer_one(finished):
    workspace = Workspace(Path("orders-model"))
    candidate = read_document(Candidate, workspace)
    release = read_document(Release, workspace)
    assert _next(candidate, release) == "modelwright serve"
    kept = replace(release, bundle_path="")
    assert _next(candidate, kept) == "modelwright show findings"
    only = [replace(candidate.trials[0], title=candidate.baseline, weight=1.0)]
    short = replace(candidate, trials=only, seconds=27.2)
    assert _next(short, kept) == "modelwright run --budget 70s"
