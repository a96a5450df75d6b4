from pathlib import Path

from bench.ledger_kills import kill_servers
from example_bundle import ROWS, make_bundle
from modelwright.predictor.bundle_folder import write_bundle


def test_what_servers_answered_is_in_the_ledger_after_kills(tmp_path: Path) -> None:
    write_bundle(make_bundle(), tmp_path / "bundle")
    kept = kill_servers(tmp_path / "bundle", tmp_path / "ledger.db", ROWS, kills=3, seed=1)
    assert kept.kills == 3
    assert len(kept.acknowledged) > 10
    assert kept.missing == []
