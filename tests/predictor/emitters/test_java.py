import shutil
import subprocess
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from example_bundle import REGRESSION, make_bundle, make_covered_bundle
from hostile_bundles import hostile_bundle
from modelwright.data.values.moments import moment_of
from modelwright.predictor.emitters.java import JAVA
from modelwright.predictor.emitters.parity import prove
from modelwright.predictor.emitters.replay import write_files
from moment_texts import MOMENTS

needs_java = pytest.mark.skipif(shutil.which("javac") is None, reason="there is no javac")


@needs_java
def test_hostile_names_are_only_names():
    parity = prove(JAVA, hostile_bundle(), rows=50)
    assert parity.proven, parity


@needs_java
def test_many_columns_do_not_burst_a_method():
    parity = prove(JAVA, hostile_bundle([f"column {i}" for i in range(1_000)]), rows=5)
    assert parity.proven, parity


def test_more_columns_than_a_class_holds_are_refused():
    names = [f"column {i}" for i in range(5_000)]
    assert not JAVA.refusal(hostile_bundle(names[:-1]))
    assert JAVA.refusal(hostile_bundle(names)) == (
        "A Java class has room for 5,000 columns or classes; "
        "the program has 5,001 columns and 7 classes."
    )


@needs_java
def test_moments_are_read_as_the_server_reads_them(tmp_path):
    write_files(JAVA.emit(make_bundle()), tmp_path)
    asked = "".join(f'        say("{text}");\n' for text in MOMENTS)
    (tmp_path / "Moments.java").write_text(
        "import java.time.Instant;\n"
        "public class Moments {\n"
        "    static void say(String text) {\n"
        "        try { System.out.println(left.LeftModel.moment(text)); }\n"
        '        catch (IllegalArgumentException refused) { System.out.println("refused"); }\n'
        "    }\n"
        "    public static void main(String[] arguments) {\n"
        f"{asked}"
        "        System.out.println(left.LeftModel.moment(Instant.ofEpochSecond(-1, 999999999)));\n"
        "    }\n"
        "}\n"
    )
    _run(tmp_path, "javac", "-d", "out", "-sourcepath", "src/main/java", "Moments.java")
    read = [moment_of(text) for text in MOMENTS]
    expected = ["refused" if moment is None else str(moment) for moment in read]
    assert _run(tmp_path, "java", "-cp", "out", "Moments").split() == [*expected, "-1"]


@needs_java
@pytest.mark.parametrize("task", [None, REGRESSION])
def test_the_example_answers_with_its_range_or_set(task, tmp_path):
    bundle = make_covered_bundle(task) if task else make_covered_bundle()
    write_files(JAVA.emit(bundle), tmp_path)
    _run(tmp_path, "sh", "build.sh")
    said = _run(tmp_path, "java", "-cp", "model.jar", "left.Example").splitlines()
    answers = np.array([bundle.cases[0].expected])
    coverage = bundle.program.coverage
    if task:
        low, high = coverage.ends(answers, 0.9)[0]
        assert said == [str(answers[0, 0]), f"between {low} and {high}"]
    else:
        chosen = bundle.program.choose(answers)
        held = coverage.holding(answers, chosen, 0.9)[0]
        assert said[0] == ("no", "yes")[chosen[0]]
        assert said[-1] == f"among [{', '.join(np.array(['no', 'yes'])[held])}]"


def test_a_name_that_java_keeps_for_itself_is_changed():
    bundle = make_bundle()
    facts = msgspec.structs.replace(bundle.facts, target="java")
    assert "src/main/java/java_/JavaModel.java" in JAVA.emit(replace(bundle, facts=facts))


def _run(folder, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
