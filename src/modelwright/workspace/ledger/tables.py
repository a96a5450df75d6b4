"""The tables of a ledger, for SQLite and for PostgreSQL, and how older ones become these."""

VERSION = 3
"""Of the tables."""

PREDICTIONS = (
    *("id", "at", "version", "inputs", "output", "latency_s"),
    *("role", "host", "inputs_rate"),
)
"""The columns of a prediction, as the fields of `Prediction`."""

# Clients got one answer for an id; any number of challengers may have answered it in the shadow.
_ONCE = """
CREATE UNIQUE INDEX IF NOT EXISTS predictions_once
ON predictions (id, role, (CASE WHEN role = 'shadow' THEN version ELSE '' END));
"""

_TABLES = """
CREATE TABLE IF NOT EXISTS predictions (
    number {number}, id TEXT NOT NULL, at {whole} NOT NULL,
    version TEXT NOT NULL, inputs {bytes}, output {bytes} NOT NULL, latency_s {real} NOT NULL,
    role TEXT NOT NULL DEFAULT 'champion', host TEXT NOT NULL DEFAULT '',
    inputs_rate {real} NOT NULL DEFAULT 1
);
{once}
CREATE INDEX IF NOT EXISTS predictions_at ON predictions (at);
CREATE TABLE IF NOT EXISTS labels (
    number {number}, id TEXT NOT NULL, at {whole} NOT NULL, label {bytes} NOT NULL,
    arrived_at {whole}
);
CREATE INDEX IF NOT EXISTS labels_last ON labels (id, at);
CREATE TABLE IF NOT EXISTS gaps (
    number {number}, at {whole} NOT NULL, until {whole} NOT NULL, host TEXT NOT NULL,
    answers {whole} NOT NULL, why TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS quarantine (
    id TEXT PRIMARY KEY, at {whole} NOT NULL, why TEXT NOT NULL
);
"""

SQLITE = _TABLES.format(
    number="INTEGER PRIMARY KEY", whole="INTEGER", bytes="BLOB", real="REAL", once=_ONCE
)

POSTGRESQL = _TABLES.format(
    number="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    whole="BIGINT",
    bytes="BYTEA",
    real="DOUBLE PRECISION",
    once=_ONCE,
)

SQLITE_CHANGES = {
    # An id may now have an answer in each role; SQLite cannot change what is unique.
    1: f"""
ALTER TABLE predictions RENAME TO former_predictions;
DROP INDEX predictions_at;
CREATE TABLE predictions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, at INTEGER NOT NULL,
    version TEXT NOT NULL, inputs BLOB, output BLOB NOT NULL, latency_s REAL NOT NULL,
    role TEXT NOT NULL DEFAULT 'champion', host TEXT NOT NULL DEFAULT '',
    inputs_rate REAL NOT NULL DEFAULT 1
);
{_ONCE}
INSERT INTO predictions (number, id, at, version, inputs, output, latency_s)
SELECT number, id, at, version, inputs, output, latency_s FROM former_predictions;
DROP TABLE former_predictions;
ALTER TABLE labels ADD COLUMN arrived_at INTEGER;
DROP INDEX labels_id;
""",
}
"""By version, what makes its tables those of the next one."""
