from example_bundle import make_bundle
from modelwright.predictor.emitters.array_calls import array_calls
from modelwright.predictor.emitters.layout import lay_out


def test_values_are_named_by_their_column_or_operation():
    found = array_calls(lay_out(make_bundle()), reserved={"age"})
    assert found.columns == ("age_", "member", "job", "seen")
    columns, impute, *_ = found.calls
    assert (columns.function, columns.reads, columns.many) == ("columns", ("age_", "member"), True)
    assert impute.reads == (columns.writes,) == ("columns_1",)
    assert found.answer == found.calls[-1].writes == "sigmoid_10"


def test_parameters_are_named_and_widths_told():
    calls = {call.function: call for call in array_calls(lay_out(make_bundle()), reserved=()).calls}
    assert [name for name, _ in calls["scale"].named] == ["center", "scale", "limit"]
    assert dict(calls["code_table"].named) == {"width": 2, "table": 6, "rows": 5}
    assert calls["codes"].reads == ("job",)
    assert calls["date_parts"].reads == ("seen",)
