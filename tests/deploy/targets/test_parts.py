import re
import subprocess
import sys
import tomllib
from pathlib import Path

from modelwright.deploy.targets.libraries import lock_of, names_in
from modelwright.deploy.targets.local import TARGET

ROOT = Path(__file__).parents[3]
_NAMES = {"yaml": "pyyaml", "cython_runtime": "pyyaml"}
"""Modules that are not called like the library that brings them."""
_IMPORTS = """
import sys
known = set(sys.modules)
import modelwright.serving.run, modelwright.serving.__main__, modelwright.serving.check
print(modelwright.__file__)
print(*{name.partition(".")[0] for name in set(sys.modules) - known})
"""


def test_the_runtime_is_whole_and_needs_only_what_is_pinned(delivery, out):
    TARGET.write(delivery, out)
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTS],
        env={"PYTHONPATH": str(out / "runtime"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    origin, imported = done.stdout.splitlines()
    assert Path(origin).is_relative_to(out)
    ours = {_NAMES.get(name, name) for name in imported.split() if not name.startswith("_")}
    ours = {re.sub(r"[-_.]+", "-", name) for name in ours}
    libraries = ours - {"modelwright"} - set(sys.stdlib_module_names)
    # Starlette looks for it wherever it is; the server takes no forms.
    libraries -= {"python-multipart"}
    assert (
        {"numpy", "starlette", "msgspec"}
        <= libraries
        <= set(names_in(lock_of(delivery.bundle).decode()))
    )


def test_what_is_pinned_keeps_the_bounds_of_the_package():
    pinned = (ROOT / "src/modelwright/deploy/targets/templates/shared/requirements.txt").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounds = dict(each.split(">=") for each in project["dependencies"] if "[" not in each)
    versions = dict(re.findall(r"^([a-z0-9-]+)==([0-9.]+)", pinned, re.M))
    checked = bounds.keys() & versions.keys()
    assert len(checked) >= 5
    for name in checked:
        assert _numbers(versions[name]) >= _numbers(bounds[name]), name
    # Each is pinned by hashes: a mirror that was tampered with is refused.
    assert pinned.count("--hash=sha256:") >= len(versions)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
