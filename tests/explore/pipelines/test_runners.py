import sys

import polars as pl
import pytest

from modelwright.explore.pipelines.runners import (
    read_table,
    run_command,
    run_folder,
    run_function,
    run_query,
)
from pipeline_examples import RIGHT


def test_a_query_sees_the_inputs_as_tables(inputs):
    made = run_query(f"{RIGHT};", inputs)
    assert made.columns == ["customer_id", "city", "orders", "spent"]
    assert made["orders"].sum() == 300


def test_a_function_gets_frames_of_polars_or_pandas(inputs, tmp_path):
    file = tmp_path / "features.py"
    file.write_text(
        "import polars as pl\n"
        "import helper\n"
        "def build(orders: pl.DataFrame, customers) -> pl.DataFrame:\n"
        "    return orders.group_by('customer_id').len().head(helper.MOST)\n"
    )
    (tmp_path / "helper.py").write_text("MOST = 3\n")
    assert run_function(str(file), "build", inputs).height == 3
    assert str(tmp_path) not in sys.path
    pytest.importorskip("pandas")
    file.write_text(
        "import pandas as pd\n"
        "def build(orders: pd.DataFrame, customers) -> pd.DataFrame:\n"
        "    return orders.groupby('customer_id', as_index=False).amount.sum()\n"
    )
    assert run_function(str(file), "build", inputs).columns == ["customer_id", "amount"]


def test_models_of_a_folder_run_in_the_order_of_their_needs(inputs, tmp_path):
    (tmp_path / "a_mart.sql").write_text("select count(*) as n from {{ ref('stage') }};")
    (tmp_path / "stage.sql").write_text(
        "{{ config(materialized='view') }} select * from {{ source('raw', 'orders') }}"
    )
    assert run_folder(str(tmp_path), "a_mart", inputs).item() == 300
    named = {"raw.orders": inputs["orders"], "orders": inputs["orders"].head(1)}
    assert run_folder(str(tmp_path), "a_mart", named).item() == 300


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select 1 from {{ ref('b') }}", "these models need each other"),
        ("{% if x %} select 1 {% endif %}", r"a\.sql has more than ref, source and config"),
    ],
)
def test_models_that_cannot_run_say_why(inputs, tmp_path, text, said):
    (tmp_path / "a.sql").write_text(text)
    (tmp_path / "b.sql").write_text("select 1 from {{ ref('a') }}")
    with pytest.raises(ValueError, match=said):
        run_folder(str(tmp_path), "a", inputs)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_command_reads_and_writes_files(inputs, tmp_path, suffix):
    script = tmp_path / "etl.py"
    kind = suffix[1:]
    script.write_text(
        f"import sys, polars as pl\npl.read_{kind}(sys.argv[1]).head(7).write_{kind}(sys.argv[2])\n"
    )
    suffixes = {"orders": suffix, "customers": ".csv", "output": suffix}
    made = run_command(f"{sys.executable} {script} {{orders}} {{output}}", suffixes, inputs)
    assert made.equals(inputs["orders"].head(7))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("raise SystemExit('no disk')", "exit code 1: no disk"),
        ("", r"the command ended well, but wrote no \{output\}"),
    ],
)
def test_a_command_that_fails_says_so(inputs, script, said):
    with pytest.raises(RuntimeError, match=said):
        run_command(f'{sys.executable} -c "{script}" {{output}}', {"output": ".csv"}, {})


def test_kinds_of_a_file_are_told_by_all_of_its_rows(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("x\n" + "1\n" * 500 + "1.5\n")
    assert read_table(file)["x"].dtype == pl.Float64
