"""Several numbers add up to the target, or multiply to it.

Casual and registered riders are all riders; revenue is the amount sold times the price. It is
proof when a few columns give the target exactly, in every row, with weights of one size (parts of
a whole, a difference; for logarithms a product, a ratio): measured quantities do not do so by
themselves. Rounded parts add up as exactly as their rounding lets them, with a weight of 1 or of
another power of ten: a price times a count of heads is to be learned. Two classes are 0 and 1: a
number and what it came to after the outcome was added tell them, although neither does alone. Exact
weights of different sizes are a formula: that is suspicious, because a price list or a law of
nature may be known beforehand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.blame import blamed, blamed_of_ratio
from modelwright.explore.leaks.rounding import blur_of, step_of

Floats = NDArray[np.float64]

_MOST_TERMS = 6
_MOST_ROWS = 5_000
_FEWEST_ROWS = 50
_MOST_MISSING = 0.2
_EXACT = 1e-3
"""Root mean squared residual by the target's standard deviation: sums of rounded amounts."""
_SAME_SIZE = 0.01
_ROUNDED = 1.3
"""What a sum of rounded parts may be off, by what their rounding alone gives."""
_MOST_ROUNDED = 0.1
"""The same by the standard deviation of the target: else rounding hides everything."""
_NEAR_ONE = 0.02
"""How far the weight of rounded parts may be from a power of ten."""
_MOST_FORMULAS = 3
_ROWS_A_COLUMN = 4
"""So many and more, and no line through all columns is exact by chance."""


def find_sums(case: Case) -> list[Leak]:
    """Return the columns whose weighted sum is the target; of two classes that of the second."""
    if case.sample.task.kind == "multiclass":
        return []
    table = _complete_rows(case)
    if len(table.target) < _FEWEST_ROWS:
        return []
    found = _identities(case, table, "+")
    if any(leak.verdict == "certain" for leak in found):
        return found
    if rounded := _rounded_parts(case, table):
        return [*found, rounded]
    rest = table.without({name for leak in found for name in leak.columns})
    return found + _identities(case, _logarithms(rest), "*")


@dataclass(frozen=True)
class _Table:
    names: list[str]
    matrix: Floats
    target: Floats

    def without(self, names: set[str]) -> "_Table":
        """Return the table of the other columns."""
        left = [place for place, name in enumerate(self.names) if name not in names]
        return _Table([self.names[place] for place in left], self.matrix[:, left], self.target)


def _identities(case: Case, table: _Table, sign: str) -> list[Leak]:
    """Return a proof, after the formulas that hide it: they are taken away, and asked about."""
    found: list[Leak] = []
    for _ in range(_MOST_FORMULAS):
        leak = _identity(case, table, sign)
        if leak is None:
            break
        found.append(leak)
        if leak.verdict == "certain":
            break
        table = table.without(set(leak.columns))
    return found


def _identity(case: Case, table: _Table, sign: str) -> Leak | None:
    terms = _exact_terms(table.matrix, table.target)
    if len(terms) < 2:
        return None
    weights = _fit(table.matrix[:, terms], table.target)[0]
    names = [table.names[term] for term in terms]
    return _leak(case, dict(zip(names, weights, strict=True)), sign, rows=len(table.target))


def _rounded_parts(case: Case, table: _Table) -> Leak | None:
    """Return the parts whose plain sum is the target but for the rounding of each."""
    rows, columns = table.matrix.shape
    if case.sample.task.is_classification or rows < _ROWS_A_COLUMN * columns:
        return None
    # Where the parts are among all columns, the others get next to no weight.
    moved = np.abs(_fit(table.matrix, table.target)[0]) * table.matrix.std(axis=0)
    terms = np.argsort(-moved, kind="stable")[:_MOST_TERMS]
    steps = np.array([step_of(table.matrix[:, term]) for term in terms])
    spread, own = float(table.target.std()), step_of(table.target)
    if not 1e-100 < spread < 1e100:  # squares would be nothing or infinite
        return None
    for count in range(2, len(terms) + 1):
        weight, off = _fit(table.matrix[:, terms[:count]].sum(axis=1, keepdims=True), table.target)
        if not _is_power_of_ten(float(weight[0])):
            continue
        # Whole numbers may be counts, which a weight does not blur.
        scale = np.where(steps[:count] < 1, abs(weight), 1.0)
        blur = blur_of(np.array([*(scale * steps[:count]), own]))
        if off.std() <= min(_ROUNDED * blur, _MOST_ROUNDED * spread):
            names = tuple(table.names[term] for term in terms[:count])
            return Leak(
                columns=names,
                verdict="certain",
                evidence=f"The target is {weight[0]:.4g} * ({' + '.join(names)}) + a constant, "
                f"exact but for their rounding in {rows:,} rows.",
            )
    return None


def _is_power_of_ten(weight: float) -> bool:
    """Return whether a weight is nearly 1, or only moves the decimal point.

    Examples
    --------
    >>> [_is_power_of_ten(weight) for weight in (0.99, 100.4, 50.0, -1.0)]
    [True, True, False, False]
    """
    if weight <= 0:
        return False
    power = float(np.log10(weight))
    return abs(10 ** (power - round(power)) - 1) <= _NEAR_ONE


def _logarithms(table: _Table) -> _Table:
    """Return the logarithms of the columns that are above 0, none if the target is not."""
    above = [i for i in range(len(table.names)) if (table.matrix[:, i] > 0).all()]
    if not above or not (table.target > 0).all():
        return _Table([], np.empty((len(table.target), 0)), table.target)
    names = [table.names[index] for index in above]
    return _Table(names, np.log(table.matrix[:, above]), np.log(table.target))


def _complete_rows(case: Case) -> _Table:
    numbers = {
        name: case.sample.numbers[name] for name in case.names if name in case.sample.numbers
    }
    names = [n for n, values in numbers.items() if np.isnan(values).mean() <= _MOST_MISSING]
    if not names:
        return _Table([], np.empty((0, 0)), np.empty(0))
    # Wide tables need few rows to be sure, and the first rows of the sample are random ones.
    matrix = np.column_stack([numbers[name][:_MOST_ROWS] for name in names])
    complete = ~np.isnan(matrix).any(axis=1)
    return _Table(names, matrix[complete], case.sample.answers[:_MOST_ROWS][complete])


def _exact_terms(matrix: Floats, target: Floats) -> list[int]:
    """Choose terms one at a time by their correlation with what is left (matching pursuit)."""
    centred = matrix - matrix.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    unit = np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0)
    left = target - target.mean()
    spread = float(np.sqrt(np.mean(left**2)))
    terms: list[int] = []
    for _ in range(min(_MOST_TERMS, matrix.shape[1])):
        closeness = np.abs(left @ unit)
        closeness[terms] = -1
        terms.append(int(closeness.argmax()))
        left = _fit(matrix[:, terms], target)[1]
        if float(np.sqrt(np.mean(left**2))) <= _EXACT * spread:
            return _needed(matrix, target, terms)
    return _terms_that_cancel(matrix, target, scale)


def _terms_that_cancel(matrix: Floats, target: Floats, scale: Floats) -> list[int]:
    """Choose terms that hide each other: none is close to the target, and all together give it."""
    rows, columns = matrix.shape
    if rows < _ROWS_A_COLUMN * columns:
        return []
    weights, left = _fit(matrix, target)
    spread = float(target.std())
    if left.std() > _EXACT * spread:
        return []
    moved = np.abs(weights) * scale / np.sqrt(rows)
    terms = _needed(matrix, target, np.flatnonzero(moved > _EXACT * spread).tolist())
    return terms if len(terms) <= _MOST_TERMS else []


def _needed(matrix: Floats, target: Floats, terms: list[int]) -> list[int]:
    """Leave out terms that the identity does not need."""
    spread = float(target.std())
    for term in list(terms):
        others = [other for other in terms if other != term]
        if others and _fit(matrix[:, others], target)[1].std() <= _EXACT * spread:
            terms = others
    return terms


def _fit(matrix: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Return the weights of least squares and the residuals."""
    centred, wanted = matrix - matrix.mean(axis=0), target - target.mean()
    weights = np.linalg.lstsq(centred, wanted, rcond=None)[0]
    return weights, wanted - centred @ weights


def _leak(case: Case, weights: dict[str, float], sign: str, *, rows: int) -> Leak:
    sizes = [abs(weight) for weight in weights.values()]
    formula = _in_words(weights, sign)
    if max(sizes) - min(sizes) > _SAME_SIZE * max(sizes):
        return Leak(
            columns=tuple(weights),
            verdict="suspicious",
            evidence=f"The target is {formula}, exact in {rows:,} rows. If these columns are "
            "known beforehand, compute it; no model is needed.",
        )
    return Leak(
        columns=_guilty(case, weights, sign),
        verdict="certain",
        evidence=f"The target is {formula}, exact in {rows:,} rows.",
    )


def _guilty(case: Case, weights: dict[str, float], sign: str) -> tuple[str, ...]:
    """Return all parts of a whole; of a difference or a ratio the side that came later."""
    raises = [name for name, weight in weights.items() if weight > 0]
    lowers = [name for name, weight in weights.items() if weight < 0]
    if len(raises) == 1 and len(lowers) == 1:
        blame = blamed_of_ratio if sign == "*" else blamed
        return (blame(case, raises[0], lowers[0]),)
    return tuple(weights)


def _in_words(weights: dict[str, float], sign: str) -> str:
    """Write a sum or a product.

    Examples
    --------
    >>> _in_words({"a": 1.0, "b": -2.0}, "+"), _in_words({"a": 1.0, "b": -1.0}, "*")
    ('1 * a - 2 * b + a constant', 'a^1 * b^-1 * a constant')
    """
    if sign == "*":
        return " * ".join(
            [*(f"{name}^{weight:.3g}" for name, weight in weights.items()), "a constant"]
        )
    terms = [f"{'-' if w < 0 else '+'} {abs(w):.4g} * {name}" for name, w in weights.items()]
    return " ".join([*terms, "+ a constant"]).removeprefix("+ ")
