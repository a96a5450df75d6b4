from modelwright.report.pictures.fairness import fairness_rows


def test_slices_of_a_column_stand_together_with_their_rates(flights, houses):
    rows = fairness_rows(flights.candidate.evaluation)
    assert [row.name for row in rows] == ["origin = EWR", "origin = LGA", "origin = JFK"]
    # The first knows how far days differ; older documents have the counts alone.
    assert (rows[0].warned, rows[0].found) == ("20.0 (16.9 to 23.1)", "50.0 (46.9 to 53.1)")
    assert rows[1].found == "50.0 (47.5 to 52.4)"
    assert fairness_rows(houses.candidate.evaluation) == ()
