"""The contract of emitters."""

from collections.abc import Sequence

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.base import Emitter
from modelwright.predictor.emitters.parity import Parity, prove


def check_emitter(emitter: Emitter, bundles: Sequence[Bundle], *, rows: int = 2000) -> list[Parity]:
    """Check that an emitter keeps its contract, on bundles that somebody gives.

    The same bundle must give the same bytes; the folder must have a README that names the bundle,
    and the recorded rows; and what is not refused must answer as the interpreter does.

    Parameters
    ----------
    emitter
        To check.
    bundles
        To write.
    rows
        To compare for each.

    Returns
    -------
    list of Parity
        One for each bundle. Where a program is absent, only what can be checked without was.

    Raises
    ------
    AssertionError
        With what is broken.
    """
    return [_check_form(emitter, bundle, rows) for bundle in bundles]


def _check_form(emitter: Emitter, bundle: Bundle, rows: int) -> Parity:
    name = f"The emitter {emitter.name!r}"
    parity = prove(emitter, bundle, rows=rows)
    if parity.refused:
        assert parity.refused.endswith("."), f"{name} gives no sentence as its reason."
        return parity
    files = emitter.emit(bundle)
    assert files == emitter.emit(bundle), f"{name} gives other bytes for the same bundle."
    assert {"README.md", "cases.rows"} <= set(files), f"{name} lacks a README or recorded rows."
    assert bundle.hash.encode() in files["README.md"], f"{name} does not name the bundle."
    assert parity.absent or parity.proven, f"{name} answers otherwise: {parity}."
    return parity
