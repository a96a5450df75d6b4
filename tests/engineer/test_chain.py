"""What an earlier run was in too great a hurry for is done when there is time."""

from types import SimpleNamespace

import msgspec
import pytest

from modelwright.compute.budget import Budget
from modelwright.documents import Candidate, Findings, Plan, Release, read_document
from modelwright.engineer.archive import Archive, hash_of, say_nothing
from modelwright.engineer.chain import Chain
from modelwright.workspace.folder import Workspace


class _Asked(Chain):
    """A chain whose question is what the plan was made from."""

    def asked(self) -> str:
        return read_document(Plan, self.archive.workspace).made_from


@pytest.fixture
def chain(project) -> Chain:
    """A chain of hurried findings; its rooms hand out what stands."""
    workspace = project.workspace
    findings = read_document(Findings, workspace)
    rooms = SimpleNamespace(
        report=say_nothing,
        explore=lambda plan, clock: findings,
        build=lambda *_, **__: read_document(Candidate, workspace),
        deploy=lambda candidate: read_document(Release, workspace),
    )
    archive = Archive(workspace, say_nothing)
    archive.write(msgspec.structs.replace(findings, hurried=True), findings.made_from)
    return _Asked(rooms, archive)


@pytest.mark.parametrize(("gone_s", "hurried"), [(0.2, False), (0.6, True)])
def test_a_build_with_time_makes_hurried_findings_again(chain, gone_s, hurried):
    chain.build(Budget(1.0, started=0.0, clock=lambda: gone_s))
    assert _findings(chain.archive.workspace).hurried == hurried


@pytest.mark.parametrize("is_built", [False, True])
def test_a_run_leaves_hurried_findings_of_which_a_model_was_built(chain, is_built):
    workspace = chain.archive.workspace
    if is_built:
        chain.archive.write(read_document(Candidate, workspace), hash_of(_findings(workspace)))
    chain.run(Budget(1.0, started=0.0, clock=lambda: 0.2))
    assert _findings(workspace).hurried == is_built


def _findings(workspace: Workspace) -> Findings:
    return read_document(Findings, workspace)
