"""Images are built and run, as a client does it: by Podman, which needs no daemon.

Run by ``make test-images``; it takes a minute or two, and what it needs is skipped by name.
"""

import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from example_bundle import make_bundle
from modelwright.compute.process import free_port
from modelwright.deploy.client import Client
from modelwright.deploy.targets import compose, docker
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.options import Options
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.ledger.ledger import Ledger
from throwaway_postgresql import run_server

_OFFICIAL = "docker.io/library/python:3.11-slim-bookworm"
_OWN = "localhost/modelwright-test-base"
_BUILT = "localhost/modelwright-test"
_ISOLATION = ["--isolation=chroot", "--network=host", "--format=docker", "--layers=false"]
_HARDENED = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"]
_HARDENED += ["--memory=512m", "--pids-limit=64", "--network=host"]
# Who may not raise limits is not asked to.
_HARDENED += ["--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096"]
# Of the stage that is thrown away only: where pip finds what the locks name.
_OFFLINE = " AS libraries\nENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels\n"
_MIB = 1 << 20


def podman(*words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("podman") is None:
        pytest.skip("podman is not installed")
    return subprocess.run(["podman", *words], capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="session")
def base(tmp_path_factory) -> str:
    """What Dockerfiles begin with; where no registry is reached, Debian and its own Python."""
    if not podman("image", "exists", _OFFICIAL).returncode:
        return _OFFICIAL
    if not podman("pull", "--quiet", _OFFICIAL).returncode:
        return _OFFICIAL
    if podman("image", "exists", _OWN).returncode:
        if shutil.which("mmdebstrap") is None:
            pytest.skip(f"{_OFFICIAL} cannot be pulled, and mmdebstrap is not installed")
        archive = tmp_path_factory.mktemp("base") / "base.tar"
        wanted = "--include=python3-pip,python-is-python3"
        command = ["mmdebstrap", "--quiet", "--variant=minbase", wanted, "bookworm", str(archive)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode:
            pytest.skip(f"mmdebstrap reached no mirror: {done.stderr.strip()[-300:]}")
        assert not podman("import", str(archive), _OWN).returncode
    return _OWN


@pytest.fixture(scope="session")
def runtime(base) -> list[str]:
    """The options of Podman with which it can run anything here."""
    for options in ([], ["--runtime=runc"]):
        tried = podman(*options, "run", "--rm", *_HARDENED, base, "true")
        if not tried.returncode:
            return options
    pytest.skip(f"podman runs no container here: {tried.stderr.strip()[-300:]}")


@pytest.fixture
def build(base, tmp_path):
    """Write a target's folder and build its image; return the folder, the image and its port."""
    built = []

    def built_from(target) -> tuple[Path, str, int]:
        write_bundle(make_bundle(), tmp_path / "source")
        folder, port = tmp_path / "out", free_port()
        read = Delivery.of(tmp_path / "source")
        target.write(Delivery(read.bundle, read.bundle_folder, Options(port=port)), folder)
        wheels = _wheels(folder, tmp_path / "wheels")
        text = (folder / "Dockerfile").read_text()
        text = text.replace("FROM python:3.11-slim-bookworm", f"FROM {base}")
        (tmp_path / "Dockerfile").write_text(text.replace(" AS libraries\n", _OFFLINE))
        image = f"{_BUILT}:{secrets.token_hex(6)}"
        done = podman(
            *("build", *_ISOLATION, "--quiet", "--tag", image, f"--volume={wheels}:/wheels:ro"),
            *("--file", str(tmp_path / "Dockerfile"), str(folder)),
        )
        built.append(image)
        assert done.returncode == 0, done.stderr[-2000:]
        return folder, image, port

    yield built_from
    for image in built:
        podman("rmi", "--force", image)


def _wheels(folder: Path, wheels: Path) -> Path:
    """Fetch what the locks name: the build itself may reach no index."""
    platforms = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
    command = ["python3", "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"]
    command += ["--only-binary=:all:", "--python-version=3.11", f"--dest={wheels}"]
    command += [f"--platform={platform}" for platform in platforms]
    command += [f"--requirement={lock}" for lock in sorted(folder.glob("requirements*.txt"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        pytest.skip(f"no package index: {done.stderr.strip()[-300:]}")
    return wheels


def _mebibytes(image: str) -> float:
    return int(podman("image", "inspect", "--format={{.Size}}", image).stdout) / _MIB


@contextmanager
def _running(runtime: list[str], port: int, *words: str) -> Iterator[tuple[Client, str]]:
    """Run a container until the block ends; yield who asks it, and its name."""
    name = f"modelwright-test-{secrets.token_hex(6)}"
    done = podman(*runtime, "run", "--detach", "--name", name, *_HARDENED, *words)
    try:
        assert done.returncode == 0, done.stderr
        with Client(port) as client:
            end = time.monotonic() + 60
            while not client.is_ready():
                said = podman("logs", name)
                assert time.monotonic() < end, said.stdout + said.stderr
                time.sleep(0.1)
            yield client, name
            assert podman(*runtime, "stop", "--time=20", name).returncode == 0
    finally:
        podman(*runtime, "rm", "--force", "--volumes", name)


def test_the_image_serves_without_root(build, base, runtime):
    _, image, port = build(docker.TARGET)
    # What a serving environment may take without onnxruntime.
    assert _mebibytes(image) - _mebibytes(base) < 80
    with _running(runtime, port, image) as (client, name):
        assert client.post("/predict", {"age": 39}).status == 200
        assert podman("top", name, "user").stdout.split() == ["USER", "10001"]
        assert podman(*runtime, "healthcheck", "run", name).returncode == 0


def test_the_image_of_compose_logs_in_postgresql(build, base, runtime, monkeypatch, tmp_path):
    with run_server(user="postgres") as server:
        folder, image, port = build(compose.TARGET)
        assert _mebibytes(image) - _mebibytes(base) < 160
        subprocess.run([folder / "ctl", "passwords"], check=True)
        password = folder / "run" / "ledger_password"
        script = (folder / "postgres" / "ledger.sql").read_text()
        script = script.replace("/run/secrets/ledger_password", str(password))
        begun = ["psql", "-q", "-v", "ON_ERROR_STOP=1", server.url()]
        subprocess.run(begun, input=script, text=True, check=True)
        address = f"postgresql://modelwright@127.0.0.1:{server.port}/modelwright"
        words = [f"--volume={password}:/run/secrets/ledger_password:ro", "--volume=/ledger"]
        words += ["--env=MODELWRIGHT_LEDGER_PASSWORD_FILE=/run/secrets/ledger_password"]
        words += ["--env=MODELWRIGHT_SPOOL=/ledger", image, "--ledger", address]
        with _running(runtime, port, *words) as (client, _):
            assert client.post("/predict", {"rows": [{"age": 39}], "ids": ["x"]}).status == 200
        monkeypatch.setenv("PGPASSWORD", password.read_text())
        monkeypatch.setenv("MODELWRIGHT_SPOOL", str(tmp_path / "spools"))
        with Ledger.open(address) as ledger:
            assert [row.id for row in ledger.read_window()] == ["x"]
