from modelwright.data.schema import Column, Kind, Schema


def test_only_names_are_in_a_schema():
    schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    assert "age" in schema
    assert "job" not in schema
    assert ["age"] not in schema
    assert None not in schema
