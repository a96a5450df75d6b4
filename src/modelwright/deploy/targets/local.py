"""The target ``local``: a process in the background of this machine."""

from modelwright.deploy.targets.folder import FolderTarget
from modelwright.deploy.targets.parts import bundle, runtime, templates
from modelwright.deploy.targets.serving_here import serves_here
from modelwright.deploy.targets.validators import by_program, sound_bundle, whole

TARGET = FolderTarget(
    name="local",
    sentence="A server in the background, with start, status, logs and stop.",
    parts=(bundle, runtime, templates("shared", "local")),
    validators=(
        whole,
        sound_bundle,
        by_program("the shell reads ctl", ["sh", "-n", "ctl"], install="a POSIX shell"),
        serves_here,
    ),
)
