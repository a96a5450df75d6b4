import subprocess
import sys


def test_who_only_asks_waits_for_no_library_that_learns():
    heavy = {"lightgbm", "optuna", "pandas", "scipy", "sklearn", "xgboost"}
    heavy |= {"duckdb", "jinja2", "pyarrow", "starlette", "yaml"}
    # Neither does a table that polars reads by itself.
    doors = "modelwright.data.pieces.open, modelwright.data.sources.frames"
    asked = f"import sys, modelwright.engineer.project, {doors}"
    command = f"{asked}; print({heavy} & {{*sys.modules}} or '')"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.stderr, done.stdout.strip()) == ("", "")
