import numpy as np

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.reference.seasons import season_names, seasons_of, with_losses

_DAY = 86_400_000_000


def test_a_year_knows_months_and_times_of_the_week():
    moments = np.arange(5000) * (366 * _DAY // 5000)
    known = seasons_of({"high": np.arange(5000) % 2}, moments, bins={"high": 3})
    names = [season.name for season in known]
    assert names[:2] == ["month 1", "month 2"]
    assert "weekends, 6 to 12 h" in names
    assert sum(season.rows for season in known[:12]) == 5000
    assert sum(known[0].counts["high"]) == known[0].rows


def test_what_was_seen_once_is_no_season():
    weeks = np.arange(2000) * (60 * _DAY // 2000)
    names = [season.name for season in seasons_of({}, weeks, bins={})]
    assert names
    assert not any(name.startswith("month") for name in names)
    assert seasons_of({}, np.arange(2000), bins={}) == ()
    assert seasons_of({}, np.full(2000, MISSING_DATETIME), bins={}) == ()


def test_names_are_those_of_the_calendar():
    # The 29th of November 2026 was a Sunday.
    moment = np.array(["2026-11-29T13:00"], dtype="datetime64[us]").astype(np.int64)
    assert [name[0] for name in season_names(moment)] == ["month 11", "weekends, 12 to 18 h"]


def test_losses_are_told_where_enough_are_known():
    moments = np.arange(5000) * (366 * _DAY // 5000)
    losses = np.where(np.arange(5000) < 400, 2.0, np.nan)
    found = with_losses(seasons_of({}, moments, bins={}), moments, losses)
    assert found[0].loss == 2.0
    assert found[1].loss is None
