import io
import json

from modelwright.serving.log import Log


def test_a_fault_is_told_without_what_was_sent():
    out = io.StringIO()
    try:
        float("Ms Smith, 54")
    except ValueError as error:
        Log(out, clock=lambda: 1.5).tell_fault(error, worker=3)
    line = json.loads(out.getvalue())
    assert (line["event"], line["kind"], line["worker"]) == ("fault", "ValueError", 3)
    assert "test_log.py" in line["where"][-1]
    assert "Smith" not in out.getvalue()
    assert line["at"] == "1970-01-01T00:00:01.500Z"
