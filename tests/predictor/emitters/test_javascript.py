import json
import math
import shutil
import subprocess

import numpy as np
import pytest

from example_bundle import REGRESSION, make_bundle, make_covered_bundle
from hostile_bundles import NAMES, hostile_bundle
from modelwright.data.values.cells import text_of_number
from modelwright.data.values.moments import moment_of
from modelwright.predictor.emitters.javascript import JAVASCRIPT
from modelwright.predictor.emitters.parity import prove
from modelwright.predictor.emitters.replay import write_files
from modelwright.testing import EXAMPLE_SCHEMA
from moment_texts import MOMENTS

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")

_NUMBERS = (
    0.0, -0.0, 1.0, -7.0, 0.1, 1.5, -2.5e-5, 1e-4, 9.9e-5, 1e15, 1e16, 123456789012345680.0, 1e18,
    2.0**63, -(2.0**63), 1e22, 1.7976931348623157e308, 5e-324, 1e-7, 1.25e-10, 1234567.125,
    1e100, 3.0e-308, math.inf, -math.inf,
)  # fmt: skip
_SAY = (
    "import * as model from './left.js';\n"
    "const tried = (call) => { try { return call(); } catch (error) { return String(error); } };\n"
    "const shown = (_, value) => (typeof value === 'bigint' ? String(value) : value);\n"
    "const say = (value) => console.log(JSON.stringify(value, shown));\n"
)


def test_hostile_names_are_only_names(tmp_path):
    parity = prove(JAVASCRIPT, hostile_bundle(), rows=50)
    assert parity.proven, parity
    write_files(JAVASCRIPT.emit(hostile_bundle()), tmp_path)
    (module,) = tmp_path.glob("*.js")
    (tmp_path / "names.mjs").write_text(
        f"import {{ columnNames }} from './{module.name}';\n"
        "console.log(JSON.stringify(columnNames));\n"
    )
    assert json.loads(_run(tmp_path, "names.mjs"))[: len(NAMES)] == [*NAMES]


def test_moments_are_read_as_the_server_reads_them(tmp_path):
    asked = "".join(f"say(tried(() => model.moment('{text}')));\n" for text in MOMENTS)
    said = _said(make_bundle(), asked, tmp_path)
    for text, found in zip(MOMENTS, said, strict=True):
        # Blanks at the ends are left out here, and before that reader is called.
        plain = text.encode("ascii", "backslashreplace").decode("unicode_escape").strip()
        read = moment_of(plain)
        assert found == str(read) if read is not None else "Not a moment" in found, text


def test_moments_are_dates_and_whole_numbers_too(tmp_path):
    asked = (
        "say(model.moment(new Date(-1)));\n"
        "say(model.moment(253402300799999999n));\n"
        "say(tried(() => model.moment(new Date(NaN))));\n"
        "say(tried(() => model.moment(2n ** 63n)));\n"
        "say(tried(() => model.moment(5)));\n"
    )
    date, whole, *refused = _said(make_bundle(), asked, tmp_path)
    assert (date, whole) == ("-1000", "253402300799999999")
    assert all("Give ISO 8601" in each for each in refused)


def test_numbers_are_written_as_categories_are(bundles, tmp_path):
    module = next(
        content.decode()
        for name, content in JAVASCRIPT.emit(bundles["binary"]).items()
        if name == "left.js"
    )
    begin = module.index("function textOfNumber")
    function = module[begin : module.index("\n}\n", begin) + 3]
    asked = "".join(f"say(textOfNumber({_written(value)}));\n" for value in _NUMBERS)
    said = _said(make_bundle(), f"{function}\n{asked}", tmp_path)
    assert said == [text_of_number(value) for value in _NUMBERS]


def test_the_values_of_a_row_may_have_several_types(bundles, tmp_path):
    asked = (
        "const same = (left, right) => say(String(model.run(left)) === String(model.run(right)));\n"
        "same({ member: true }, { member: 1 });\n"
        "same({ shop: 7 }, { shop: ' 7.0 ' });\n"
        "same({ shop: 7n }, { shop: '7' });\n"
        "same({ size: null, city: undefined, since: '  ' }, {});\n"
        "same({ size: NaN, shop: NaN, note: '?' }, {});\n"
        "same({ since: new Date(0) }, { since: 0n });\n"
        "same({ since: '1970-01-01T01:00+01:00' }, { since: 0n });\n"
        "same({ since: -(2n ** 63n) }, {});\n"
    )
    assert _said(bundles["binary"], asked, tmp_path) == [True] * 8


def test_what_is_wrong_is_named(bundles, tmp_path):
    asked = "".join(
        f"say(tried(() => model.answer({row})));\n"
        for row in (
            "{ sise: 1 }",
            "{ member: 2 }",
            "{ size: '12' }",
            "{ size: true }",
            "{ city: [] }",
            "{ since: 'yesterday' }",
            "[1]",
        )
    )
    assert _said(bundles["binary"], asked, tmp_path) == [
        'TypeError: There is no column "sise". The nearest is "size".',
        'TypeError: The column "member" is of type number. Give true, false or null.',
        'TypeError: The column "size" is "12". Give a number or null.',
        'TypeError: The column "size" is of type boolean. Give a number or null.',
        'TypeError: The column "city" is of type object. Give a text or null.',
        'TypeError: The column "since" is "yesterday". '
        "Give a Date, a text in ISO 8601, a bigint of microseconds or null.",
        "TypeError: A row is an object with columns as keys.",
    ]


def test_ranges_are_those_of_the_program(tmp_path):
    bundle = make_covered_bundle(REGRESSION)
    asked = "for (const number of [-0.7, -0.5, 0, 0.5, 3]) say(model.range({ number }, 0.8));\n"
    said = _said(bundle, f"{asked}say(tried(() => model.range({{ number: 1 }}, 0.7)));\n", tmp_path)
    answers = np.array([[-0.7], [-0.5], [0.0], [0.5], [3.0]])
    ends = bundle.program.coverage.ends(answers, 0.8)
    assert said[:-1] == [{"low": low, "high": high} for low, high in ends.tolist()]
    assert said[-1] == "RangeError: The level 0.7 is none of 0.8, 0.9."


def test_sets_are_those_of_the_program(tmp_path):
    bundle = make_covered_bundle()
    asked = "say([0.1, 0.4, 0.8].map((yes) => model.set(\n"
    asked += "    { index: yes >= 0.4 ? 1 : 0, probabilities: [1 - yes, yes] })));\n"
    answers = np.array([[1 - yes, yes] for yes in (0.1, 0.4, 0.8)])
    held = bundle.program.coverage.holding(answers, bundle.program.choose(answers), 0.9)
    names = np.array(["no", "yes"])
    assert _said(bundle, asked, tmp_path) == [[names[each].tolist() for each in held]]


def test_the_example_answers_and_the_types_name_every_column(bundles, tmp_path):
    write_files(JAVASCRIPT.emit(bundles["regression"]), tmp_path)
    assert "number:" in _run(tmp_path, "example.mjs")
    types = (tmp_path / "left.d.ts").read_text()
    read = {each.name for each in bundles["regression"].program.inputs}
    assert all(f'"{name}"?:' in types for name in read & set(EXAMPLE_SCHEMA.names))


def _written(value: float) -> str:
    return repr(value).replace("inf", "Infinity")


def _said(bundle, asked, folder):
    write_files(JAVASCRIPT.emit(bundle), folder)
    (folder / "asked.mjs").write_text(_SAY + asked)
    return [json.loads(line) for line in _run(folder, "asked.mjs").splitlines()]


def _run(folder, program: str) -> str:
    done = subprocess.run(
        ["node", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
