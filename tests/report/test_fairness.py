from modelwright.report.fairness import fairness_rows


def test_slices_of_a_column_stand_together_with_their_rates(flights, houses):
    rows = fairness_rows(flights.candidate.evaluation)
    assert [row.name for row in rows] == ["origin = EWR", "origin = LGA", "origin = JFK"]
    assert rows[0].warned.startswith("19.99 (")
    assert rows[0].found.startswith("50.0 (")
    assert fairness_rows(houses.candidate.evaluation) == ()
