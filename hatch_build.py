"""Build hook: compile the kernel where there is a C compiler.

The library is called through ctypes and depends on no ABI of Python: a wheel with it is tagged for
the platform only. Without a compiler the wheel is pure and NumPy does the work, to the same bits.
"""

import os
import shlex
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = Path("src", "modelwright", "predictor", "kernel")
LIBRARY = KERNEL / "modelwright_kernel.so"
# No term of a sum may be fused with a product: the bits would depend on the processor.
FLAGS = ("-std=c11", "-O2", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden")


class CustomBuildHook(BuildHookInterface):
    """Compiles `kernel.c` beside itself, for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile and tell hatchling what was made; see hatchling's build hook interface."""
        if self.target_name != "wheel":
            return
        fault = compile_kernel(Path(self.root))
        if fault:
            self.app.display_warning(f"The kernel was not compiled, NumPy does its work: {fault}")
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["artifacts"].append(LIBRARY.as_posix())


def compile_kernel(root: Path) -> str:
    """Write the library beside its source and return what went wrong; empty when nothing did.

    A library that was there is removed first: it may be of an older source.
    """
    (root / LIBRARY).unlink(missing_ok=True)
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    # Beside its name first: another process may have the library open, or build it too.
    draft = root / LIBRARY.with_suffix(f".{os.getpid()}.draft")
    source = root / KERNEL / "kernel.c"
    command = [*shlex.split(compiler), *FLAGS, str(source), "-o", str(draft)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        draft.replace(root / LIBRARY)
    except subprocess.CalledProcessError as error:
        return str(error.stderr).strip() or str(error)
    except OSError as error:
        return str(error)
    finally:
        draft.unlink(missing_ok=True)
    return ""
