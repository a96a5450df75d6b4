import builtins
import re

import pytest

from modelwright.compute.budget import parse_duration
from modelwright.deploy.targets.checksums import SUMS
from modelwright.deploy.targets.schedule import TARGET


def _found(folder):
    return {each.name: each for each in TARGET.validate(folder)}


@pytest.fixture
def written(delivery, out):
    TARGET.write(delivery, out)
    return out


def test_every_file_is_read_by_what_will_read_it(written):
    assert not [each for each in _found(written).values() if each.passed is False]
    names = {path.name for path in written.iterdir() if path.is_file()}
    (service,) = (name for name in names if name.endswith(".service"))
    timer = service.replace(".service", ".timer")
    assert names == {
        *("README.md", SUMS, "crontab", "airflow_dag.py", "github-workflow.yml"),
        *(service, timer),
    }


def test_each_file_says_a_window_that_the_command_reads(written):
    texts = [path.read_text() for path in written.iterdir() if path.is_file()]
    every = [word for text in texts for word in re.findall(r"--every (\S+)", text)]
    assert len(every) >= 4
    assert {parse_duration(word) for word in every} == {86_400}


@pytest.mark.parametrize(
    ("file", "old", "new", "validator"),
    [
        ("crontab", "17 3 * * *", "77 3 * * *", "the crontab has one job"),
        ("airflow_dag.py", "17 3 * * *", "nightly", "the DAG is Python"),
        ("airflow_dag.py", "with DAG(", "with DAG((", "the DAG is Python"),
        ("github-workflow.yml", "17 3 * * *", "nightly", "the workflow is YAML"),
        ("github-workflow.yml", "runs-on: [", "runs-on: [[", "the workflow is YAML"),
        ("*.timer", "OnCalendar=*", "OnCalender=*", "systemd reads the timer"),
    ],
)
def test_what_is_misspelt_is_a_fault(written, file, old, new, validator):
    (path,) = written.glob(file)
    path.write_text(path.read_text().replace(old, new))
    (found,) = (each for name, each in _found(written).items() if name.startswith(validator))
    if found.passed is None:
        pytest.skip(found.evidence)
    assert found.passed is False


def test_the_dag_runs_with_either_airflow(written):
    made = []

    class Dag:
        def __init__(self, **keys):
            made.append(keys)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    text = (written / "airflow_dag.py").read_text()
    for operators in ("airflow.providers.standard.operators.bash", "airflow.operators.bash"):
        known = {"airflow": {"DAG": Dag}, operators: {"BashOperator": lambda **k: made.append(k)}}

        def take(name, *_, known=known):
            if name.startswith("airflow"):
                if name not in known:
                    raise ImportError(name)
                return type("Module", (), {k: staticmethod(v) for k, v in known[name].items()})
            return __import__(name)

        exec(
            compile(text, "airflow_dag.py", "exec"),
            {"__builtins__": {**vars(builtins), "__import__": take}},
        )
    assert [keys.get("schedule") for keys in made if "dag_id" in keys] == ["17 3 * * *"] * 2
    assert sum("maintain --new" in keys.get("bash_command", "") for keys in made) == 2
