import subprocess
import sys


def test_who_only_asks_waits_for_no_library_that_learns():
    heavy = {"lightgbm", "optuna", "pandas", "scipy", "sklearn", "xgboost"}
    heavy |= {"duckdb", "jinja2", "pyarrow", "starlette", "yaml"}
    command = f"import sys, modelwright.engineer.project; print({heavy} & {{*sys.modules}} or '')"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.stderr, done.stdout.strip()) == ("", "")
