"""SQLite reads the texts as numbers that the table reader reads, and no others."""

import sqlite3
from itertools import chain, product

import pytest

from modelwright.data.relations.sqlite_number import sqlite_number
from modelwright.data.values.cells import number_of

PARTS = ("1", "1234", ",123", ",12", ".", "$", "%", " ", "-", "e")
WRITTEN = ("1,23", "1 234", "1-2", "1.2.3", "- 1,234.5 €", "$ -1", "-$1 %", "12E+", "1,234e5", "£%")


def test_it_reads_what_the_table_reader_reads() -> None:
    short = ("".join(parts) for length in (1, 2, 3, 4) for parts in product(PARTS, repeat=length))
    texts = sorted({text for text in chain(short, WRITTEN) if text.strip() == text != ""})
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cells (text text)")
        connection.executemany("INSERT INTO cells VALUES (?)", [(text,) for text in texts])
        found = connection.execute(f"SELECT {sqlite_number('text')} FROM cells").fetchall()
    connection.close()
    wanted = {text: number_of(text) for text in texts}
    read = {text: number for text, (number,) in zip(texts, found, strict=True)}
    assert {text for text in texts if read[text] is None} == {t for t in texts if wanted[t] is None}
    assert all(read[text] == pytest.approx(wanted[text]) for text in texts if wanted[text])
