"""How long a million rows take from a database server, and how much memory.

``PYTHONPATH=tests python -m bench.databases`` starts throw-away servers of PostgreSQL and MariaDB,
fills a table of eight columns, and reads it by `open_source` in a process of its own each time. The
figures are in `docs/how-to/from-a-database.md`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from typing import Any

_POSTGRESQL = """
    CREATE TABLE big AS
    SELECT i::bigint AS id, random() AS a, random() * 100 AS b, (i % 1000)::int AS c,
           'carrier ' || i % 20 AS d, 'city ' || i % 300 AS e,
           timestamp '2024-01-01' + i * interval '1 second' AS f, i % 2 = 0 AS g
    FROM generate_series(1, {rows}) AS i
"""
_MARIADB = """
    CREATE TABLE big AS
    SELECT CAST(seq AS INTEGER) AS id, RAND() AS a, RAND() * 100 AS b, seq % 1000 AS c,
           CONCAT('carrier ', seq % 20) AS d, CONCAT('city ', seq % 300) AS e,
           TIMESTAMP('2024-01-01') + INTERVAL seq SECOND AS f, seq % 2 = 0 AS g
    FROM seq_1_to_{rows}
"""
# A child that is forked inherits the peak of its parent, so the peak comes from the kernel's own
# count of this program.
_READ = """
import json, re, sys, time
began = time.perf_counter()
from modelwright.data.sources.open import open_source
imported, cpu = time.perf_counter(), time.process_time()
frame = open_source(sys.argv[1], table="big").read()
read = time.perf_counter()
peak_kib = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
print(json.dumps({
    "rows": frame.height, "columns": frame.width, "import_s": imported - began,
    "read_s": read - imported, "cpu_s": time.process_time() - cpu, "peak_mb": peak_kib * 1024 / 1e6,
    "table_mb": frame.estimated_size() / 1e6,
}))
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one line for each server."""
    parser = argparse.ArgumentParser(prog="python -m bench.databases", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--server", choices=("postgresql", "mariadb"), action="append")
    given = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in given.server or ("postgresql", "mariadb"):
        measures = _measure(name, given.rows, given.repeats)
        print(_line(name, measures), flush=True)


def _measure(name: str, rows: int, repeats: int) -> list[dict[str, Any]]:
    if name == "postgresql":
        from throwaway_postgresql import run_server as run_postgresql

        with run_postgresql() as server:
            server.execute(_POSTGRESQL.format(rows=rows), "VACUUM ANALYZE big")
            return [_read(server.url()) for _ in range(repeats)]
    from throwaway_mariadb import run_server as run_mariadb

    with run_mariadb() as server:
        server.execute("CREATE DATABASE bench")
        server.execute(_MARIADB.format(rows=rows), database="bench")
        return [_read(server.url("bench")) for _ in range(repeats)]


def _read(address: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _READ, address], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _line(name: str, measures: Sequence[dict[str, Any]]) -> str:
    reads = [measure["read_s"] for measure in measures]
    peak = max(measure["peak_mb"] for measure in measures)
    cpu = median(measure["cpu_s"] for measure in measures)
    first = measures[0]
    return (
        f"{name}: {first['rows']:,} rows x {first['columns']} columns in {median(reads):.2f} s "
        f"({min(reads):.2f} to {max(reads):.2f}; {cpu:.2f} s of CPU here), peak {peak:.0f} MB, "
        f"of which the table {first['table_mb']:.0f} MB; "
        f"importing modelwright took {first['import_s']:.2f} s more"
    )


if __name__ == "__main__":
    main()
