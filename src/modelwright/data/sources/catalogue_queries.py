"""How each kind of database is asked for its tables and declared keys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Queries:
    """Schema, table and column of each column and of each part of a primary key; the name and the
    ends of each part of a foreign key."""

    columns: str
    keys: str
    primary: str


_POSTGRESQL = Queries(
    columns="""
        SELECT space.nspname::text AS s, own.relname::text AS t, part.attname::text AS c
        FROM pg_catalog.pg_class AS own
        JOIN pg_catalog.pg_namespace AS space ON space.oid = own.relnamespace
        JOIN pg_catalog.pg_attribute AS part ON part.attrelid = own.oid
        WHERE own.relkind IN ('r', 'p', 'f') AND NOT own.relispartition
          AND part.attnum > 0 AND NOT part.attisdropped
          AND space.nspname <> 'information_schema' AND space.nspname NOT LIKE 'pg\\_%'
          AND has_schema_privilege(space.oid, 'USAGE')
          AND has_table_privilege(own.oid, 'SELECT')
        ORDER BY space.nspname, own.relname, part.attnum
    """,
    keys="""
        SELECT one.oid::text AS k, space.nspname::text AS s, own.relname::text AS t,
               part.attname::text AS c, its_space.nspname::text AS ps, its.relname::text AS pt,
               its_part.attname::text AS pc
        FROM pg_catalog.pg_constraint AS one
        CROSS JOIN LATERAL unnest(one.conkey, one.confkey) WITH ORDINALITY
          AS pair(here, there, place)
        JOIN pg_catalog.pg_class AS own ON own.oid = one.conrelid
        JOIN pg_catalog.pg_namespace AS space ON space.oid = own.relnamespace
        JOIN pg_catalog.pg_attribute AS part ON part.attrelid = own.oid AND part.attnum = pair.here
        JOIN pg_catalog.pg_class AS its ON its.oid = one.confrelid
        JOIN pg_catalog.pg_namespace AS its_space ON its_space.oid = its.relnamespace
        JOIN pg_catalog.pg_attribute AS its_part
          ON its_part.attrelid = its.oid AND its_part.attnum = pair.there
        WHERE one.contype = 'f' AND one.conparentid = 0
        ORDER BY one.conname, one.oid, pair.place
    """,
    primary="""
        SELECT space.nspname::text AS s, own.relname::text AS t, part.attname::text AS c
        FROM pg_catalog.pg_constraint AS one
        CROSS JOIN LATERAL unnest(one.conkey) WITH ORDINALITY AS own_part(here, place)
        JOIN pg_catalog.pg_class AS own ON own.oid = one.conrelid
        JOIN pg_catalog.pg_namespace AS space ON space.oid = own.relnamespace
        JOIN pg_catalog.pg_attribute AS part
          ON part.attrelid = own.oid AND part.attnum = own_part.here
        WHERE one.contype = 'p' AND NOT own.relispartition
        ORDER BY space.nspname, own.relname, own_part.place
    """,
)
# The tables of the address's own database are called by their bare names.
_MYSQL = Queries(
    columns="""
        SELECT 'main' AS s, own.table_name AS t, part.column_name AS c
        FROM information_schema.tables AS own
        JOIN information_schema.columns AS part
          ON part.table_schema = own.table_schema AND part.table_name = own.table_name
        WHERE own.table_schema = DATABASE() AND own.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
        ORDER BY own.table_name, part.ordinal_position
    """,
    keys="""
        SELECT concat(table_name, '/', constraint_name) AS k, 'main' AS s, table_name AS t,
               column_name AS c, 'main' AS ps, referenced_table_name AS pt,
               referenced_column_name AS pc
        FROM information_schema.key_column_usage
        WHERE table_schema = DATABASE() AND referenced_table_schema = DATABASE()
        ORDER BY table_name, constraint_name, ordinal_position
    """,
    primary="""
        SELECT 'main' AS s, table_name AS t, column_name AS c
        FROM information_schema.key_column_usage
        WHERE table_schema = DATABASE() AND constraint_name = 'PRIMARY'
        ORDER BY table_name, ordinal_position
    """,
)
_SQLITE = Queries(
    columns="""
        SELECT 'main' AS s, own.name AS t, part.name AS c
        FROM sqlite_master AS own, pragma_table_info(own.name) AS part
        WHERE own.type = 'table' AND own.name NOT LIKE 'sqlite!_%' ESCAPE '!'
        ORDER BY own.name, part.cid
    """,
    # A key that names no column leads to the primary key; names of any case mean the same.
    keys="""
        SELECT own.name || '/' || one.id AS k, 'main' AS s, own.name AS t, one."from" AS c,
               'main' AS ps,
               coalesce((SELECT its.name FROM sqlite_master AS its WHERE its.type = 'table'
                         AND its.name = one."table" COLLATE NOCASE), one."table") AS pt,
               coalesce((SELECT its.name FROM pragma_table_info(one."table") AS its
                         WHERE its.name = one."to" COLLATE NOCASE
                            OR one."to" IS NULL AND its.pk = one.seq + 1), one."to") AS pc
        FROM sqlite_master AS own, pragma_foreign_key_list(own.name) AS one
        WHERE own.type = 'table'
        ORDER BY own.name, one.id, one.seq
    """,
    primary="""
        SELECT 'main' AS s, own.name AS t, part.name AS c
        FROM sqlite_master AS own, pragma_table_info(own.name) AS part
        WHERE own.type = 'table' AND part.pk > 0
        ORDER BY own.name, part.pk
    """,
)
_DUCKDB = Queries(
    columns="""
        SELECT own.table_schema AS s, own.table_name AS t, part.column_name AS c
        FROM information_schema.tables AS own
        JOIN information_schema.columns AS part
          USING (table_catalog, table_schema, table_name)
        WHERE own.table_catalog = current_database() AND own.table_type = 'BASE TABLE'
        ORDER BY own.table_schema, own.table_name, part.ordinal_position
    """,
    keys="""
        SELECT table_oid || '/' || constraint_index AS k, schema_name AS s, table_name AS t,
               unnest(constraint_column_names) AS c, schema_name AS ps, referenced_table AS pt,
               unnest(referenced_column_names) AS pc
        FROM duckdb_constraints()
        WHERE constraint_type = 'FOREIGN KEY' AND database_name = current_database()
    """,
    primary="""
        SELECT schema_name AS s, table_name AS t, unnest(constraint_column_names) AS c
        FROM duckdb_constraints()
        WHERE constraint_type = 'PRIMARY KEY' AND database_name = current_database()
    """,
)
QUERIES = {
    "postgresql": _POSTGRESQL,
    "postgres": _POSTGRESQL,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "sqlite": _SQLITE,
    "duckdb": _DUCKDB,
}
"""By what an address begins with."""
