"""The folder of a bundle, which is served: every byte of it is checked before use."""

import hashlib
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from modelwright.data.relations.feature import FeatureSet
from modelwright.data.schema import Role, Schema
from modelwright.errors import BundleError, SchemaError
from modelwright.predictor.bundle import Bundle, Case, Facts
from modelwright.predictor.expectation.part import Expectation
from modelwright.predictor.reference.reference import Reference
from modelwright.predictor.storage.keys_once import require_keys_once
from modelwright.predictor.storage.storage import read_program, write_program
from modelwright.workspace.artifacts import fingerprint
from modelwright.workspace.draft import drafting

BUNDLE_FORMAT = 1

_MANIFEST = "manifest.json"
_MIB = 1 << 20
_LARGEST: Mapping[str, int] = {
    "program.json": 256 * _MIB,
    "program.safetensors": 512 * _MIB,
    "schema.json": 16 * _MIB,
    "contract.yaml": 16 * _MIB,
    "reference.json": 64 * _MIB,
    "acceptance.json": 64 * _MIB,
    "facts.json": _MIB,
    "features.json": 16 * _MIB,
    "expectation.json": 16 * _MIB,
    "MODEL_CARD.md": 16 * _MIB,
}
"""Every file of a bundle beside the manifest, with the most bytes that it may have."""
_OPTIONAL = frozenset({"features.json", "expectation.json"})
"""Files that only some bundles have."""
SOURCE_FOLDER = "source"
_SOURCE_FOLDERS = (SOURCE_FOLDER, f"{SOURCE_FOLDER}/learned")
_SOURCE_FILE = re.compile(SOURCE_FOLDER + r"/(?:learned/)?[A-Za-z0-9_]+\.(?:py|md|txt|toml|json)")
"""Names that a file of the exported source may have: none leads out of its folder."""
_LARGEST_SOURCE = 2 * _MIB
_MOST_SOURCES = 50
_COPY_AGAIN = "Copy it again from where it was made."

_Read = TypeVar("_Read")


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    bytes: int
    sha256: str


class _Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: int
    files: dict[str, _Entry]


def write_bundle(bundle: Bundle, folder: Path) -> str:
    """Write a bundle, whole or not at all. The same content gives the same bytes.

    Parameters
    ----------
    bundle
        What to write.
    folder
        A folder that is not there, is empty, or holds a bundle, which is replaced.

    Returns
    -------
    str
        The fingerprint of the folder, by which the bundle is named everywhere.

    Raises
    ------
    BundleError
        When the folder holds something else, or a part of the bundle is too large.
    WorkspaceError
        When the disk is full or the folder is not writable.
    """
    contents = _contents(bundle)
    require_room(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with drafting(folder) as draft:
        draft.mkdir()
        for name, data in contents.items():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).write_bytes(data)
        _clear(folder)
    return fingerprint(folder)


def require_room(folder: Path) -> None:
    """Refuse to write a bundle into a folder that holds something else, also in its source.

    Whoever builds for minutes asks this before.

    Raises
    ------
    BundleError
        With what to do.
    """
    if not folder.exists():
        return
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {folder.name}
    if names and not (_MANIFEST in names and names <= {_MANIFEST, SOURCE_FOLDER, *_LARGEST}):
        raise BundleError(
            f"{folder} holds something else than a bundle.", "Choose a new or an empty folder."
        )
    # What somebody added there, such as a model learned anew, is not thrown away.
    if any(name != _MANIFEST and _largest(name) is None for name in _names_in(folder)):
        raise BundleError(
            f"{folder / SOURCE_FOLDER} holds more than the exported source.",
            "Copy it to a place of its own to work with it.",
        )


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle and check all of it: names, sizes, hashes, versions, every step.

    Raises
    ------
    BundleError
        When it is no bundle, damaged, forged, too large, or of another version; or when it stands
        for a model that is not here.
    """
    bundle = read_any_bundle(folder)
    require_model(bundle)
    return bundle


def require_model(bundle: Bundle) -> None:
    """Refuse a bundle that stands for a model that is not here.

    Raises
    ------
    BundleError
        When its answers are only known from a log.
    """
    if bundle.facts.watched_only:
        raise BundleError(
            "The model itself is not here: its answers are only known from a log, so it can be "
            "watched and no more.",
            "Take it in with modelwright adopt, or learn one with modelwright run.",
        )


def read_any_bundle(folder: Path) -> Bundle:
    """Read a bundle as `read_bundle` does, also of a model that is not here.

    Raises
    ------
    BundleError
        When it is no bundle, damaged, forged, too large, or of another version.
    """
    manifest = _read_manifest(folder)
    files = {name: _read_listed(folder, name, entry) for name, entry in manifest.files.items()}
    bundle = Bundle(
        program=read_program(files["program.json"], files["program.safetensors"]),
        schema=_decode(files, "schema.json", Schema),
        contract_text=_text(files, "contract.yaml"),
        reference=_decode(files, "reference.json", Reference),
        cases=_decode(files, "acceptance.json", tuple[Case, ...]),
        facts=_decode(files, "facts.json", Facts),
        card_text=_text(files, "MODEL_CARD.md"),
        features=(
            _decode(files, "features.json", FeatureSet)
            if "features.json" in files
            else FeatureSet()
        ),
        expectation=(
            _decode(files, "expectation.json", Expectation) if "expectation.json" in files else None
        ),
        hash=fingerprint(folder),
        source={
            name.removeprefix(f"{SOURCE_FOLDER}/"): _text(files, name)
            for name in files
            if name not in _LARGEST
        },
    )
    _check_parts_fit(bundle)
    return bundle


# --- writing --------------------------------------------------------------------------------


def _contents(bundle: Bundle) -> dict[str, bytes]:
    program, arrays = write_program(bundle.program)
    files = {
        "program.json": program,
        "program.safetensors": arrays,
        "schema.json": _encode(bundle.schema),
        "contract.yaml": bundle.contract_text.encode(),
        "reference.json": _encode(bundle.reference),
        "acceptance.json": _encode(bundle.cases),
        "facts.json": _encode(bundle.facts),
        "MODEL_CARD.md": bundle.card_text.encode(),
        **({"features.json": _encode(bundle.features)} if bundle.features.features else {}),
        **({"expectation.json": _encode(bundle.expectation)} if bundle.expectation else {}),
        **{f"{SOURCE_FOLDER}/{name}": text.encode() for name, text in bundle.source.items()},
    }
    entries = {name: _entry(name, data) for name, data in files.items()}
    return {**files, _MANIFEST: _encode(_Manifest(format=BUNDLE_FORMAT, files=entries))}


def _encode(part: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(part), indent=1) + b"\n"


def _entry(name: str, data: bytes) -> _Entry:
    largest = _largest(name)
    if largest is None:
        raise BundleError(f"{name!r} is no name of a bundle's file.")
    if len(data) > largest:
        raise BundleError(f"{name} has {len(data):,} bytes; a bundle holds at most {largest:,}.")
    return _Entry(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _largest(name: str) -> int | None:
    """Return the most bytes of a file; None where there may be none of this name."""
    return _LARGEST_SOURCE if _SOURCE_FILE.fullmatch(name) else _LARGEST.get(name)


def _clear(folder: Path) -> None:
    if not folder.exists():
        return
    names = _names_in(folder)
    for name in names:
        (folder / name).unlink()
    for name in reversed(_SOURCE_FOLDERS):
        if (folder / name).is_dir():
            (folder / name).rmdir()
    folder.rmdir()


def _names_in(folder: Path, inside: str = "") -> list[str]:
    """Return the names of all that is in a bundle's folder; those of its source with their path."""
    names: list[str] = []
    for path in (folder / inside).iterdir():
        name = f"{inside}/{path.name}" if inside else path.name
        # A link could lead out of the folder: it is a name like any other, which nobody expects.
        is_folder = name in _SOURCE_FOLDERS and path.is_dir() and not path.is_symlink()
        names += _names_in(folder, name) if is_folder else [name]
    return names


# --- reading --------------------------------------------------------------------------------


def _read_manifest(folder: Path) -> _Manifest:
    if not (folder / _MANIFEST).exists():
        raise BundleError(
            f"{folder} is no bundle: it has no {_MANIFEST}.",
            "Name the folder that build or deploy wrote.",
        )
    data = _read(folder, _MANIFEST, largest=_MIB)
    manifest = _decode({_MANIFEST: data}, _MANIFEST, _Manifest)
    if manifest.format != BUNDLE_FORMAT:
        raise BundleError(
            f"{folder} is a bundle of format {manifest.format}; "
            f"this modelwright reads format {BUNDLE_FORMAT}.",
            "Use the modelwright that wrote it, or build it again.",
        )
    _check_names(folder, manifest)
    return manifest


def _check_names(folder: Path, manifest: _Manifest) -> None:
    sources = {name for name in manifest.files if _SOURCE_FILE.fullmatch(name)}
    expected = {*_LARGEST, *sources} - (_OPTIONAL - set(manifest.files))
    odd = set(manifest.files) ^ expected
    if odd:
        raise _damaged(folder, f"its manifest is wrong about {min(odd)!r}")
    if len(sources) > _MOST_SOURCES:
        raise _damaged(folder, f"its source has {len(sources):,} files")
    present = {*_names_in(folder)} - {_MANIFEST}
    if missing := expected - present:
        raise _damaged(folder, f"{min(missing)} is missing")
    if unknown := min(present - expected, default=""):
        # Who tests the source where it lies leaves caches there.
        is_beside = unknown.startswith(SOURCE_FOLDER)
        advice = "Take it away, and work with a copy of the source." if is_beside else _COPY_AGAIN
        raise _damaged(folder, f"{unknown!r} does not belong to it", advice)


def _read_listed(folder: Path, name: str, entry: _Entry) -> bytes:
    if not 0 <= entry.bytes <= (_largest(name) or 0):
        raise _damaged(folder, f"{name} should have {entry.bytes:,} bytes, which is too large")
    data = _read(folder, name, largest=entry.bytes)
    if len(data) != entry.bytes or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise _damaged(folder, f"{name} is not what was written")
    return data


def _read(folder: Path, name: str, *, largest: int) -> bytes:
    path = folder / name
    try:
        # A link could lead out of the folder, and a pipe would never end.
        if not stat.S_ISREG(path.lstat().st_mode):
            raise _damaged(folder, f"{name} is no plain file")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise BundleError(f"{path} could not be read: {error.strerror}.") from error
    if len(data) > largest:
        raise _damaged(folder, f"{name} is larger than {largest:,} bytes")
    return data


def _decode(files: Mapping[str, bytes], name: str, kind: type[_Read]) -> _Read:
    try:
        part = msgspec.json.decode(files[name], type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BundleError(f"The bundle's {name} is damaged: {error}.") from error
    require_keys_once(name, files[name], msgspec.json.encode(part))
    return part


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except UnicodeDecodeError as error:
        raise BundleError(f"The bundle's {name} is not in UTF-8: {error}.") from error


def _check_parts_fit(bundle: Bundle) -> None:
    """Refuse parts that are sound by themselves but do not belong together."""
    read = {column.name: column.value_type for column in bundle.schema}
    for each in bundle.program.inputs:
        if read.get(each.name) != each.type:
            raise BundleError(
                f"The bundle's program reads {each.name!r} as {each.type}; its schema does not."
            )
    if any(column.role != Role.FEATURE for column in bundle.schema):
        raise BundleError("The bundle's schema has columns that are no features.")
    for feature in bundle.features.features:
        if feature.name not in bundle.schema:
            raise BundleError(f"The bundle's schema lacks the feature {feature.name!r}.")
    if bundle.expectation is not None:
        bundle.expectation.check(bundle.reference)
    try:
        bundle.features.check()
    except SchemaError as error:
        raise BundleError(f"The bundle's features.json does not fit: {error}") from error
    outputs = bundle.program.task.n_outputs
    for case in bundle.cases:
        if len(case.expected) != outputs:
            raise BundleError(f"The bundle's case {case.name!r} does not have {outputs} answers.")


def _damaged(folder: Path, fault: str, advice: str = _COPY_AGAIN) -> BundleError:
    return BundleError(f"The bundle {folder} is damaged: {fault}.", advice)
