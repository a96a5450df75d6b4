"""Writes the bundles that the clients ask; run by the Python that has modelwright.

``python bundles.py FOLDER`` writes ``FOLDER/left``, the small bundle of the other tests, with its
rows as ``rows.parquet``, and ``FOLDER/returned``, which has the columns of the pages, with the
files that the pages send.
"""

import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from example_bundle import BINARY, make_bundle, make_coverage, make_covered_bundle
from example_bundle import ROWS as LEFT_ROWS
from modelwright.data.records import columns_from_records
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Input, Program
from modelwright.predictor.reference.reference import reference_of

ORDERS = Schema(
    columns=(
        Column(name="ordered", kind=Kind.DATETIME),
        Column(name="category", kind=Kind.CATEGORICAL),
        Column(name="price", kind=Kind.NUMERIC),
        Column(name="earlier_returns", kind=Kind.NUMERIC),
        Column(name="age", kind=Kind.NUMERIC),
    )
)
QUESTION = "Will the order come back?"
ROWS = [
    {"ordered": "2025-01-20", "category": "shoes", "price": 59.9, "earlier_returns": 2, "age": 41},
    {
        "ordered": "2025-01-21",
        "category": "books",
        "price": 12.5,
        "earlier_returns": 0,
        "age": None,
    },
]


def make_orders_bundle() -> Bundle:
    """Return a bundle that reads what the pages send."""
    numbers = ("column:price", "column:earlier_returns", "column:age")
    program = Program(
        task=BINARY,
        inputs=tuple(Input(name=column.name, type=column.value_type) for column in ORDERS),
        steps=(
            Columns(inputs=numbers, output="numbers"),
            Impute(inputs=("numbers",), output="filled", fill=np.array([20.0, 0.0, 40.0])),
            Linear(
                inputs=("filled",),
                output="raw",
                weights=np.array([[0.02], [0.9], [-0.01]]),
                bias=np.array([-1.0]),
            ),
            Link(inputs=("raw",), output="answer", kind="sigmoid"),
        ),
        answer="answer",
        threshold=0.5,
        coverage=make_coverage(BINARY),
    )
    columns = columns_from_records(ROWS, ORDERS)
    bundle = make_bundle()
    return replace(
        bundle,
        program=program,
        schema=ORDERS,
        reference=reference_of(columns, ORDERS, program.run(columns), BINARY),
        cases=recorded_cases(program, ROWS, ORDERS),
        facts=msgspec.structs.replace(bundle.facts, question=QUESTION, target="returned"),
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write_bundle(make_covered_bundle(), folder / "left")
    pl.DataFrame(LEFT_ROWS[:2]).write_parquet(folder / "rows.parquet")
    write_bundle(make_orders_bundle(), folder / "returned")
    orders = pl.DataFrame(
        {"order_id": ["A1", "A2"], "category": ["shoes", "books"], "price": [59.9, 12.5]}
    )
    orders.write_csv(folder / "new-orders.csv")
    orders.with_columns(returned=pl.lit("no")).write_parquet(folder / "orders.parquet")
