"""What the view shows: the answer, its probabilities, and what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from modelwright.predictor.coverage import Ranges, Sets
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.choice import by_place
from modelwright.predictor.emitters.sql.names import column_names
from modelwright.predictor.emitters.sql.sheet import KEY, Sheet
from modelwright.predictor.labels import label_text
from modelwright.predictor.program import Program
from modelwright.tasks.task import Label

_LARGEST = 1.7976931348623157e308


@dataclass(frozen=True)
class Result:
    """A column of the view.

    Parameters
    ----------
    name
        As it stands in the view.
    expression
        In SQL.
    note
        What it holds, as a phrase.
    reads
        What the expression names.
    """

    name: str
    expression: str
    note: str
    reads: tuple[Cell, ...]


def results_of(sheet: Sheet, program: Program, cells: Sequence[Cell]) -> list[Result]:
    """Return the columns of the view, without the key.

    Parameters
    ----------
    sheet
        Where columns are added.
    program
        Whose answers they are.
    cells
        Its probabilities or its number.
    """
    if program.task.is_classification:
        return _of_classes(sheet, program, cells)
    return _of_number(sheet, program, cells[0])


def _of_classes(sheet: Sheet, program: Program, cells: Sequence[Cell]) -> list[Result]:
    classes = program.task.classes
    texts = [label_text(label) for label in classes]
    names = column_names(
        [
            "answer",
            *(f"probability_{text}" for text in texts),
            *(f"may_be_{text}" for text in texts),
        ],
        sheet.dialect.names,
        taken={KEY},
    )
    shown = [sheet.dialect.names.shown(name) for name in names]
    chosen = _chosen(sheet, program, cells)
    labels = " ".join(
        f"WHEN {place} THEN {label}" for place, label in enumerate(_labels(sheet, classes))
    )
    found = [
        Result(
            shown[0], f"CASE {chosen.text} {labels} END", "the class that is answered", (chosen,)
        )
    ]
    for name, text, cell in zip(shown[1:], texts, cells, strict=False):
        found.append(Result(name, cell.text, f"the probability of {text!r}", (cell,)))
    if isinstance(program.coverage, Sets):
        found += _sets(
            program.coverage,
            [*zip(shown[1 + len(cells) :], texts, cells, strict=True)],
            chosen,
            sheet,
        )
    return found


def _chosen(sheet: Sheet, program: Program, cells: Sequence[Cell]) -> Cell:
    """Return the place of the class that is answered; NULL where an answer is not finite."""
    number = sheet.dialect.number
    if program.task.kind == "binary":
        tests = [(f"{cells[1].text} >= {number(program.threshold)}", "1")]
        otherwise, reads = "0", [cells[1]]
    else:
        weighed = _weighed(sheet, program.weights, cells)
        top = sheet.add(sheet.dialect.largest_of([cell.text for cell in weighed]), *weighed)
        tests = [(f"{cell.text} = {top.text}", str(place)) for place, cell in enumerate(weighed)]
        otherwise, reads = tests.pop()[1], [top, *weighed]
    doubts = [_doubt(sheet, cell) for cell in cells]
    if refused := " OR ".join(doubt for doubt in doubts if doubt):
        tests.insert(0, (refused, "NULL"))
        reads = [*reads, *cells]
    arms = " ".join(f"WHEN {test} THEN {place}" for test, place in tests)
    return sheet.add(f"CASE {arms} ELSE {otherwise} END", *reads)


def _weighed(sheet: Sheet, weights: Sequence[float], cells: Sequence[Cell]) -> Sequence[Cell]:
    if not weights:
        return cells
    number = sheet.dialect.number
    pairs = zip(cells, weights, strict=True)
    return [sheet.add(f"{cell.text} * {number(weight)}", cell) for cell, weight in pairs]


def _doubt(sheet: Sheet, cell: Cell) -> str:
    """Return the test that a number is not finite; empty where it always is."""
    tests = [f"{cell.text} IS NULL"] if cell.missing else []
    if not cell.is_finite and sheet.dialect.has_infinity:
        ends = sheet.dialect.number(-_LARGEST), sheet.dialect.number(_LARGEST)
        tests.append(f"{cell.text} NOT BETWEEN {ends[0]} AND {ends[1]}")
    return " OR ".join(tests)


def _labels(sheet: Sheet, classes: Sequence[Label]) -> list[str]:
    dialect = sheet.dialect
    if all(isinstance(label, bool) for label in classes):
        return ["TRUE" if label else "FALSE" for label in classes]
    if all(isinstance(label, int) and not isinstance(label, bool) for label in classes):
        return [str(label) for label in classes]
    if all(isinstance(label, float) for label in classes):
        return [dialect.number(float(label)) for label in classes]
    return [dialect.label(label_text(label)) for label in classes]


def _sets(
    sets: Sets, columns: Sequence[tuple[str, str, Cell]], chosen: Cell, sheet: Sheet
) -> list[Result]:
    level = sets.usual_level
    thresholds = sets.thresholds[sets.place(level)].tolist()
    return [
        Result(
            name,
            f"{cell.text} >= {sheet.dialect.number(threshold)} OR {chosen.text} = {place}",
            f"whether the set that holds the true class of {level:.0%} of all rows has {text!r}",
            (cell, chosen),
        )
        for place, ((name, text, cell), threshold) in enumerate(
            zip(columns, thresholds, strict=True)
        )
    ]


def _of_number(sheet: Sheet, program: Program, cell: Cell) -> list[Result]:
    answer = _finite(sheet, cell)
    found = [Result("answer", answer.text, "the number that is answered", (answer,))]
    if isinstance(program.coverage, Ranges):
        found += _ranges(sheet, program.coverage, answer)
    return found


def _finite(sheet: Sheet, cell: Cell) -> Cell:
    if cell.is_finite or not sheet.dialect.has_infinity:
        return cell
    made = sheet.add(f"CASE WHEN {_doubt(sheet, cell)} THEN NULL ELSE {cell.text} END", cell)
    return made.but(low=-_LARGEST, high=_LARGEST)


def _ranges(sheet: Sheet, ranges: Ranges, answer: Cell) -> list[Result]:
    level = ranges.usual_level
    row, number = ranges.place(level), sheet.dialect.number
    assert all(low < high for low, high in pairwise(ranges.edges.tolist()))
    edges = [number(edge) for edge in ranges.edges.tolist()]
    reach = [
        by_place(answer.text, edges, [number(each) for each in side[row].tolist()])
        for side in (ranges.below, ranges.above)
    ]
    low = sheet.add(f"{answer.text} - {reach[0]}", answer)
    text = low.text
    if ranges.floor is not None:
        floor = number(ranges.floor)
        least = f"CASE WHEN {answer.text} < {floor} THEN {answer.text} ELSE {floor} END"
        text = f"CASE WHEN {low.text} < {least} THEN {least} ELSE {low.text} END"
    note = f"the {{}} end of the range that holds the truth of {level:.0%} of all rows"
    return [
        Result("low", text, note.format("lower"), (low, answer)),
        Result("high", f"{answer.text} + {reach[1]}", note.format("upper"), (answer,)),
    ]
