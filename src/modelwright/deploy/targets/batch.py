"""The target ``batch``: rows of files or tables in, answers out, every night."""

from modelwright.deploy.targets.batch_here import answers_postgresql, answers_sqlite
from modelwright.deploy.targets.docker import HADOLINT, SAFE_IMAGE, copies_reach_the_image
from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.kubernetes import kept_small, schemas_of_kubernetes
from modelwright.deploy.targets.parts import SERVING, bundle, code, templates
from modelwright.deploy.targets.validators import by_program, sound_bundle, whole

_RUNTIME = (*SERVING, "compute", "engineer/__init__.py", "engineer/batch")
"""What answers a piece at a time, and what it stands on; a test runs it from the folder alone."""

TARGET = FolderTarget(
    name="batch",
    sentence="A job that answers files or a table into files or a table, each row once by its key.",
    parts=(bundle, code(*_RUNTIME), templates("shared", "batch")),
    validators=(
        whole,
        sound_bundle,
        SAFE_IMAGE,
        copies_reach_the_image,
        HADOLINT,
        by_program("the shell reads ctl", ["sh", "-n", "ctl"], install="a POSIX shell"),
        kept_small,
        schemas_of_kubernetes,
        answers_sqlite,
        answers_postgresql,
    ),
)
