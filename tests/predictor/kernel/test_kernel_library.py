import pytest

from fresh_kernel import (
    ROOT,
    compile_library,
    copy_source,
    load_hatch_build,
    require_compiler,
)
from modelwright.predictor.kernel import library as module
from modelwright.predictor.kernel.library import (
    FEW_ROWS,
    SWITCH,
    kernel_available,
    library,
    open_library,
)


@pytest.fixture
def forgetful():
    library.cache_clear()
    yield
    library.cache_clear()


def test_the_environment_leaves_the_work_to_numpy(monkeypatch, forgetful):
    monkeypatch.setenv(SWITCH, "off")
    assert not kernel_available()


def test_a_library_that_is_there_is_used(monkeypatch, forgetful, tmp_path):
    compile_library(tmp_path)
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setattr(module, "_FILE", tmp_path / load_hatch_build().LIBRARY)
    assert kernel_available()


def test_without_a_library_numpy_does_the_work(monkeypatch, forgetful, tmp_path):
    monkeypatch.setattr(module, "_FILE", tmp_path / "nothing.so")
    assert not kernel_available()


def test_what_is_no_library_is_left_alone(tmp_path):
    file = tmp_path / "kernel.so"
    file.write_bytes(b"\x7fELF rubbish")
    assert open_library(file) is None


def test_a_library_of_another_version_is_left_alone(monkeypatch, tmp_path):
    compile_library(tmp_path)
    monkeypatch.setattr(module, "_VERSION", 99)
    assert open_library(tmp_path / load_hatch_build().LIBRARY) is None


def test_many_rows_are_walked_without_the_lock(kernel):
    assert kernel.for_rows(FEW_ROWS) is kernel.locked
    assert kernel.for_rows(FEW_ROWS + 1) is kernel.unlocked


def test_a_compiler_that_is_missing_or_fails_is_told_and_leaves_no_library(monkeypatch, tmp_path):
    copy_source(tmp_path)
    hook = load_hatch_build()
    for compiler in ("/no/such/compiler", "false"):
        (tmp_path / hook.LIBRARY).write_bytes(b"of an older source")
        monkeypatch.setenv("CC", compiler)
        assert hook.compile_kernel(tmp_path)
        assert {path.suffix for path in (tmp_path / hook.KERNEL).iterdir()} == {".c", ".h"}


def _hook(root, target: str, warnings: list[str]):
    hook = load_hatch_build().CustomBuildHook()
    hook.root, hook.target_name = str(root), target
    hook.app = type("App", (), {"display_warning": staticmethod(warnings.append)})
    return hook


def test_a_wheel_with_the_library_is_for_its_platform_and_any_python(tmp_path):
    require_compiler()
    copy_source(tmp_path)
    data = {"artifacts": [], "pure_python": True}
    _hook(tmp_path, "wheel", []).initialize("standard", data)
    assert data["artifacts"] == [load_hatch_build().LIBRARY.as_posix()]
    assert data["tag"].startswith("py3-none-")
    assert not data["pure_python"]


def test_a_wheel_without_a_compiler_is_pure_and_says_so(monkeypatch, tmp_path):
    copy_source(tmp_path)
    monkeypatch.setenv("CC", "/no/such/compiler")
    data, warnings = {"artifacts": [], "pure_python": True}, []
    _hook(tmp_path, "wheel", warnings).initialize("standard", data)
    assert data == {"artifacts": [], "pure_python": True}
    assert "NumPy does its work" in warnings[0]


def test_a_source_distribution_compiles_nothing(tmp_path):
    _hook(tmp_path, "sdist", []).initialize("standard", {})
    assert not list(tmp_path.iterdir())


def test_python_and_c_count_alike():
    source = (ROOT / load_hatch_build().KERNEL / "kernel.c").read_text()
    assert f"#define VERSION {module._VERSION}\n" in source
    assert "LANES = 8," in source
    forms = (ROOT / load_hatch_build().KERNEL / "forms.h").read_text()
    assert "GROUP = 32," in forms
    assert "FEW = 8," in forms
