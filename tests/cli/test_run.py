"""What `run` proposes next."""

from pathlib import Path

from msgspec.structs import replace

from modelwright.cli.run import _next
from modelwright.documents import Candidate, Gate, Release, read_document
from modelwright.workspace.folder import Workspace


def test_a_run_that_was_too_short_proposes_a_longer_one(finished):
    workspace = Workspace(Path("orders-model"))
    candidate = read_document(Candidate, workspace)
    release = read_document(Release, workspace)
    released, refused = (replace(release, bundle_path=path) for path in ("bundles/a", ""))
    only = [replace(candidate.trials[0], learner="constant", weight=1.0)]
    short = replace(candidate, trials=only, seconds=27.2)
    assert _next(candidate, released) == "modelwright serve"
    assert _next(replace(candidate, trials=[]), refused) == "modelwright show findings"
    assert _next(short, refused) == "modelwright run --budget 70s"
    late = Gate(name="the budget is kept", passed=False, evidence="27 s of 20 s")
    mended = replace(candidate, trials=[], seconds=27.2)
    assert _next(mended, replace(refused, gates=(late,))) == "modelwright run --budget 40s"
    other = replace(late, name="the holdout is fresh")
    assert _next(mended, replace(refused, gates=(late, other))) == "modelwright show findings"
