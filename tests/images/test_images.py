"""Images are built and run, as `deploy` does it where an engine is named: here Podman.

Run by ``make test-images``; Podman needs no daemon. What is missing is said, and skipped.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from example_bundle import make_bundle
from modelwright.compute.process import free_port
from modelwright.deploy.client import Client
from modelwright.deploy.targets import compose
from modelwright.deploy.targets.base import Delivery, Target
from modelwright.deploy.targets.engine import ENGINE, Engine
from modelwright.deploy.targets.facts import BASE
from modelwright.deploy.targets.image_here import HARDENED, exposed
from modelwright.deploy.targets.options import Options
from modelwright.deploy.targets.registry import TARGETS
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.ledger.ledger import Ledger
from throwaway_postgresql import run_server

_OFFICIAL = f"docker.io/library/{BASE}"
_DEBIAN = "localhost/modelwright-test-debian"
_OWN = "localhost/modelwright-test-base"
# pip in the image finds what the locks name: a build may reach no index.
_WITH_WHEELS = f"""FROM {_DEBIAN}
COPY wheels /wheels
RUN printf '[global]\\nno-index = true\\nfind-links = /wheels\\n' > /etc/pip.conf
"""
# Who may not raise limits, make networks or new roots is not asked to.
_CONFIGURATION = """[containers]
netns = "host"
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "{runtime}"
"""
# What a serving environment may take without onnxruntime, and what it may take at all.
_SMALL, _LARGE = 80_000_000, 160_000_000


@pytest.fixture(scope="session")
def engine(tmp_path_factory) -> Iterator[Engine]:
    """Podman, set up so that it builds and runs in a container too."""
    program = shutil.which("podman")
    if program is None:
        pytest.skip("podman is not installed")
    with pytest.MonkeyPatch.context() as patch:
        configuration = tmp_path_factory.mktemp("podman") / "containers.conf"
        patch.setenv("CONTAINERS_CONF", str(configuration))
        patch.setenv("BUILDAH_ISOLATION", "chroot")
        patch.setenv(ENGINE, program)
        runtime = next(filter(shutil.which, ("runc", "crun")), "")
        configuration.write_text(_CONFIGURATION.format(runtime=runtime))
        yield Engine(program)


@pytest.fixture(scope="session")
def base(engine, tmp_path_factory) -> str:
    """What Dockerfiles begin with, by its digest: the usual image where it was pulled before, else
    Debian and its own Python."""
    image = _OFFICIAL
    if engine.try_("image", "exists", _OFFICIAL).returncode:
        _make_debian(engine, tmp_path_factory.mktemp("base"))
        image = _make_own(engine, tmp_path_factory.mktemp("wheels"))
    tried = engine.try_("run", "--rm", *HARDENED, image, "true")
    if tried.returncode:
        pytest.skip(f"podman runs no container here: {tried.stderr.strip()[-300:]}")
    name = image.rpartition(":")[0]
    return f"{name}@{engine.run('image', 'inspect', '--format', '{{.Digest}}', image)}"


def _make_debian(engine: Engine, place: Path) -> None:
    if not engine.try_("image", "exists", _DEBIAN).returncode:
        return
    if shutil.which("mmdebstrap") is None:
        pytest.skip(f"{_OFFICIAL} is not here, and mmdebstrap is not installed")
    wanted = "--include=python3-pip,python-is-python3"
    archive = str(place / "base.tar")
    _run_or_skip("mmdebstrap", "--quiet", "--variant=minbase", wanted, "bookworm", archive)
    engine.run("import", archive, _DEBIAN, timeout_s=600)


def _make_own(engine: Engine, place: Path) -> str:
    """Debian with the wheels that the locks name; other locks make another image."""
    write_bundle(make_bundle(), place / "source")
    compose.TARGET.write(Delivery.of(place / "source"), place / "folder")
    locks = sorted((place / "folder").glob("requirements*.txt"))
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    image = f"{_OWN}:{digest[:12]}"
    if engine.try_("image", "exists", image).returncode:
        platforms = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
        command = ["python3", "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"]
        command += ["--only-binary=:all:", "--python-version=3.11", f"--dest={place / 'wheels'}"]
        command += [f"--platform={platform}" for platform in platforms]
        _run_or_skip(*command, *(f"--requirement={lock}" for lock in locks))
        (place / "Dockerfile").write_text(_WITH_WHEELS)
        engine.run("build", "--quiet", "--tag", image, str(place), timeout_s=600)
    return image


def _run_or_skip(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        pytest.skip(f"{command[0]} reached nothing: {done.stderr.strip()[-300:]}")


@pytest.fixture
def written(base, tmp_path):
    """Write a target's folder, as `--set base=` does it; return the folder."""

    def written_by(target: Target) -> Path:
        write_bundle(make_bundle(), tmp_path / "source")
        read = Delivery.of(tmp_path / "source")
        options = Options(port=free_port(), base=base)
        target.write(Delivery(read.bundle, read.bundle_folder, options), tmp_path / "out")
        return tmp_path / "out"

    return written_by


# Those of kubernetes, kserve, cloud-run, azureml and a Space have the Dockerfile of docker.
@pytest.mark.parametrize("name", ["docker", "compose", "lambda", "sagemaker", "vertex"])
def test_deploy_builds_the_image_and_asks_it(name, written):
    folder = written(TARGETS[name])
    (found,) = (each for each in TARGETS[name].validate(folder) if "its image" in each.name)
    assert found.passed, found.evidence
    assert "user 10001" in found.evidence


@pytest.mark.parametrize(("name", "most"), [("docker", _SMALL), ("compose", _LARGE)])
def test_an_image_is_small(name, most, written, engine, base):
    with engine.built(written(TARGETS[name])) as image:
        whole, below = (engine.size(each) for each in (image, base))
        assert whole - below < most


def test_the_image_of_compose_logs_in_postgresql(written, engine, monkeypatch, tmp_path):
    with run_server(user="postgres") as server:
        folder = written(compose.TARGET)
        subprocess.run([folder / "ctl", "passwords"], check=True)
        password = folder / "run" / "ledger_password"
        script = (folder / "postgres" / "ledger.sql").read_text()
        script = script.replace("/run/secrets/ledger_password", str(password))
        begun = ["psql", "-q", "-v", "ON_ERROR_STOP=1", server.url()]
        subprocess.run(begun, input=script, text=True, check=True)
        address = f"postgresql://modelwright@127.0.0.1:{server.port}/modelwright"
        options = [f"--volume={password}:/run/secrets/ledger_password:ro", "--volume=/ledger"]
        options += ["--env=MODELWRIGHT_LEDGER_PASSWORD_FILE=/run/secrets/ledger_password"]
        options += ["--env=MODELWRIGHT_SPOOL=/ledger", *HARDENED]
        with engine.built(folder) as image:
            words = ("--ledger", address)
            with engine.running(image, options, words) as container:
                with Client(exposed(folder)) as client:
                    container.wait_until(client.is_ready)
                    asked = {"rows": [{"age": 39}], "ids": ["x"]}
                    assert client.post("/predict", asked).status == 200
                assert container.stop() == 0
        monkeypatch.setenv("PGPASSWORD", password.read_text())
        monkeypatch.setenv("MODELWRIGHT_SPOOL", str(tmp_path / "spools"))
        with Ledger.open(address) as ledger:
            assert [row.id for row in ledger.read_window()] == ["x"]
