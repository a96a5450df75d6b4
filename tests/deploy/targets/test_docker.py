import pytest

from modelwright.deploy.targets.docker import HADOLINT, SAFE_IMAGE, TARGET, copies_reach_the_image
from modelwright.deploy.targets.options import Options
from modelwright.deploy.targets.validators import find_program


def test_the_image_is_named_by_the_bundle(delivery, out):
    TARGET.write(delivery, out)
    text = (out / "Dockerfile").read_text()
    assert f'dev.modelwright.bundle="{delivery.bundle.hash}"' in text
    assert (
        f"docker build --tag left:{delivery.bundle.hash[:12]} ." in (out / "README.md").read_text()
    )
    assert SAFE_IMAGE(out).passed


def test_another_port_is_everywhere(delivery, out):
    TARGET.write(type(delivery)(delivery.bundle, delivery.bundle_folder, Options(port=9123)), out)
    assert "8080" not in (out / "Dockerfile").read_text() + (out / "README.md").read_text()
    assert "9123" in (out / "Dockerfile").read_text()


def test_a_base_is_pinned_where_its_digest_is_named(delivery, out):
    TARGET.write(delivery, out)
    assert "by its tag" in (out / "README.md").read_text()
    base = f"mirror.example/python:3.11-slim@sha256:{'0a' * 32}"
    TARGET.write(type(delivery)(delivery.bundle, delivery.bundle_folder, Options(base=base)), out)
    lines = (out / "Dockerfile").read_text().splitlines()
    assert [line.split()[1] for line in lines if line.startswith("FROM ")] == [base, base]
    assert "the same to the byte each time" in (out / "README.md").read_text()


@pytest.mark.skipif(find_program("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_judges_the_dockerfile(delivery, out):
    TARGET.write(delivery, out)
    assert HADOLINT(out).passed
    dockerfile = out / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("python:3.11-slim-bookworm", "python"))
    assert HADOLINT(out).passed is False


def test_what_is_copied_must_reach_the_image(delivery, out):
    TARGET.write(delivery, out)
    assert copies_reach_the_image(out).evidence == "requirements.txt, runtime, bundle"
    ignored = out / ".dockerignore"
    ignored.write_text(ignored.read_text().replace("!bundle\n", ""))
    assert copies_reach_the_image(out).evidence == "bundle is ignored"


def test_an_image_with_root_is_no_safe_one(delivery, out):
    TARGET.write(delivery, out)
    dockerfile = out / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("USER 10001:10001\n", ""))
    assert SAFE_IMAGE(out).evidence == "another user than root"
