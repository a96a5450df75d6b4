"""Ensembles of trees as columns: one CASE for each tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from modelwright.predictor.emitters.sql.arithmetic import added, constant
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.literals import least_of
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.emitters.sql.thresholds import before_rounding
from modelwright.predictor.operations.trees import Trees

_ROUNDING = 2.0**-53


def trees(sheet: Sheet, step: Trees, cells: Sequence[Cell]) -> list[Cell]:
    """Return the sums of leaves, each tree added after the other."""
    written = _Writer(sheet, step, cells)
    return [written.output(column) for column in range(len(step.base))]


@dataclass(frozen=True)
class _Case:
    """A subtree as the arms of a CASE.

    A CASE goes on where a test fails. So the deeper child of a node becomes the further arms, and
    only the other child is a CASE within a CASE: a tree of n leaves is at most log2(n) of them
    deep, however long its branches are, which the parsers of all databases bear.
    """

    arms: str
    otherwise: str
    depth: int
    reads: frozenset[int]

    @property
    def text(self) -> str:
        return f"CASE{self.arms} ELSE {self.otherwise} END" if self.arms else self.otherwise


class _Writer:
    """Writes the trees of one ensemble."""

    def __init__(self, sheet: Sheet, step: Trees, cells: Sequence[Cell]) -> None:
        self._sheet = sheet
        self._step = step
        self._cells = cells
        self._written: dict[int, dict[int, _Case]] = {}
        self._inner = step.feature.tolist()
        self._children = step.left.tolist(), step.right.tolist()
        self._missing_left = step.missing_left.tolist()
        self._plain = step.threshold.tolist()
        below = step.comparison == "<"
        rounded = before_rounding(step.threshold, below=below).tolist()
        self._rounded = rounded if any(cell.rounded for cell in cells) else self._plain

    def output(self, column: int) -> Cell:
        """Return one column of sums."""
        step, number = self._step, self._sheet.dialect.number
        wide = step.leaves.shape[1] > 1
        everywhere = wide or len(step.base) == 1
        roots = step.roots if everywhere else step.roots[step.outputs == column]
        place = column if wide else 0
        leaves, cases = step.leaves[:, place], self._cases(place)
        terms = [self._term(cases[root]) for root in roots.tolist()]
        # Zero would be added first; it leaves a sum as it is.
        total = added(self._sheet, constant(self._sheet, 0.0), terms)
        base, scale = float(step.base[column]), step.scale
        text = total.text if scale == 1.0 else f"{number(scale)} * {total.text}"
        if base or scale != 1.0:
            total = self._sheet.add(f"{number(base)} + {text}", total)
        most = abs(base) + abs(scale) * float(abs(leaves).max()) * len(roots)
        nearest = [abs(base) or inf, abs(scale) * least_of(leaves) * _ROUNDING]
        return total.but(low=-most, high=most, least=min(nearest) * _ROUNDING, missing=False)

    def _term(self, case: _Case) -> tuple[str, Cell]:
        names = {name for place in case.reads for name in self._cells[place].reads}
        return f"\n  {case.text}", Cell("", tuple(sorted(names)))

    def _cases(self, place: int) -> dict[int, _Case]:
        """Return every node as a CASE; children stand behind their parents."""
        if place not in self._written:
            self._written = {place: self._write(place)}
        return self._written[place]

    def _write(self, place: int) -> dict[int, _Case]:
        made: dict[int, _Case] = {}
        leaves = [self._sheet.dialect.number(leaf) for leaf in self._step.leaves[:, place].tolist()]
        left, right = self._children
        for node in range(len(self._inner) - 1, -1, -1):
            if self._inner[node] < 0:
                made[node] = _Case("", leaves[left[node]], 0, frozenset())
            else:
                made[node] = self._joined(node, made[left[node]], made[right[node]])
        return made

    def _joined(self, node: int, left: _Case, right: _Case) -> _Case:
        goes_left = right.depth >= left.depth
        if right.depth == left.depth:
            goes_left = not self._missing_left[node]
        first, rest = (left, right) if goes_left else (right, left)
        self._sheet.check_length(len(first.arms) + len(rest.arms))
        arm = f" WHEN {self._test(node, left=goes_left)} THEN {first.text}"
        return _Case(
            arms=arm + rest.arms,
            otherwise=rest.otherwise,
            depth=max(first.depth + 1, rest.depth),
            reads=first.reads | rest.reads | {self._inner[node]},
        )

    def _test(self, node: int, *, left: bool) -> str:
        cell = self._cells[self._inner[node]]
        at_most = cell.rounded or self._step.comparison == "<="
        threshold = (self._rounded if cell.rounded else self._plain)[node]
        sign = ("<=" if at_most else "<") if left else (">" if at_most else ">=")
        test = f"{cell.text} {sign} {self._sheet.beside(threshold, cell)}"
        also = cell.missing and self._missing_left[node] == left
        return f"{test} OR {cell.text} IS NULL" if also else test
