"""Features as SQL: every related row must be known strictly before the row's moment.

Related rows are aggregated for each distinct key and moment, so no join multiplies the question's
rows, and rows that share both cost nothing more.
"""

from collections.abc import Mapping, Sequence

from modelwright.data.relations.cell_sql import cell_sql
from modelwright.data.relations.dialect import Dialect, dialect_named
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.moment_sql import moment_sql
from modelwright.data.relations.relation import Relation, Timed
from modelwright.data.schema import Column
from modelwright.data.sources.quoting import name_parts
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of

_MOMENT = "asked_moment"


def relation_query(
    relation: Relation, features: Sequence[Feature], dialect: Dialect, *, asked: str, related: str
) -> str:
    """Return a query with one row for each distinct key and moment.

    Parameters
    ----------
    relation, features
        What to compute.
    dialect
        Of the database.
    asked, related
        The question's table and the related one, as identifiers that are quoted already.
    """
    keys = [f"k{place}" for place in range(len(relation.keys))]
    wanted = [
        f"{dialect.quote(column)} AS {key}"
        for column, key in zip(relation.columns, keys, strict=True)
    ]
    there = [f"{dialect.quote(column)} IS NOT NULL" for column in relation.columns]
    if relation.time:
        wanted.append(f"{_moment(relation, dialect)} AS {_MOMENT}")
        there.append(f"{dialect.quote(relation.moment)} IS NOT NULL")
    grouped = [f"a.{key}" for key in keys] + ([f"a.{_MOMENT}"] if relation.time else [])
    belongs = _belongs(relation, dialect)
    columns = [
        f"{_expression(feature, relation, dialect, related=related)}"
        f" AS {dialect.quote(feature.name)}"
        for feature in features
    ]
    return (
        f"SELECT {', '.join(grouped)},\n       "
        + ",\n       ".join(columns)
        + f"\nFROM (SELECT DISTINCT {', '.join(wanted)}\n"
        + f"      FROM {asked} WHERE {' AND '.join(there)}) AS a\n"
        + f"LEFT JOIN {related} AS c\n  ON {belongs}\n"
        + f"GROUP BY {', '.join(grouped)}"
    )


def features_query(
    features: FeatureSet,
    dialect: str,
    *,
    main: str,
    tables: Mapping[str, str] | None = None,
    queries: Mapping[str, str] | None = None,
) -> str:
    """Return one query with the question's rows and all features as further columns.

    Parameters
    ----------
    features
        What to compute.
    dialect
        ``"duckdb"``, ``"postgresql"``, ``"mysql"`` (also for MariaDB) or ``"sqlite"``.
    main
        The question's table in the database, as it is called there.
    tables
        Names of the related tables in the database, where they differ from the brief's.
    queries
        The SELECT of each of these that is no table, by its name.

    Raises
    ------
    InputError
        When the dialect is unknown.
    """
    kind, names = dialect_named(dialect), dict(tables or {})
    parts = [f"{kind.quote(name)} AS (\n{query}\n)" for name, query in (queries or {}).items()]
    joins, columns = [], ["m.*"]
    for place, relation in enumerate(features.relations):
        own, alias = features.of(relation), f"f{place}"
        asked = _identifier(main, kind)
        related = _related(relation, names, kind, asked=asked)
        query = relation_query(relation, own, kind, asked=asked, related=related)
        parts.append(f"{alias} AS (\n{query}\n)")
        equal = [
            f"{alias}.k{number} = m.{kind.quote(column)}"
            for number, column in enumerate(relation.columns)
        ]
        if relation.time:
            equal.append(f"{alias}.{_MOMENT} = {_moment(relation, kind, 'm.')}")
        joins.append(f"LEFT JOIN {alias} ON {' AND '.join(equal)}")
        columns += [f"{alias}.{kind.quote(feature.name)}" for feature in own]
    heads = "WITH " + ",\n".join(parts) + "\n" if parts else ""
    return (
        heads
        + "SELECT "
        + ",\n       ".join(columns)
        + f"\nFROM {_identifier(main, kind)} AS m\n"
        + "\n".join(joins)
    ).rstrip()


def relation_query_of(
    relation: Relation,
    features: Sequence[Feature],
    dialect: str,
    *,
    main: str,
    tables: Mapping[str, str],
    queries: Mapping[str, str],
) -> str:
    """Return `relation_query` for tables as they are called where they are.

    Parameters
    ----------
    relation, features
        What to compute.
    dialect, main, tables, queries
        As of `features_query`; the relation reads only those of the queries that it needs.
    """
    kind, needed = dialect_named(dialect), (main, *relation.reads)
    parts = [f"{kind.quote(name)} AS (\n{queries[name]}\n)" for name in needed if name in queries]
    asked = _identifier(main, kind)
    related = _related(relation, tables, kind, asked=asked)
    query = relation_query(relation, features, kind, asked=asked, related=related)
    return ("WITH " + ",\n".join(parts) + "\n" if parts else "") + query


def _related(relation: Relation, names: Mapping[str, str], kind: Dialect, *, asked: str) -> str:
    """Return the related table, or its rows joined with those of the table between.

    Where its cells are no numbers, as sums and extremes need them, they are read in a subquery.
    """
    own, step = _identifier(names.get(relation.table, relation.table), kind), relation.through
    theirs = {} if step is None else step.names
    cells = {
        each.name: cell_sql(each, f"r.{kind.quote(each.name)}", kind)
        for each in relation.schema
        if each.name not in theirs
    }
    if step is None and all(cell == f"r.{kind.quote(name)}" for name, cell in cells.items()):
        return own
    columns = [
        f"s.{kind.quote(theirs[name])} AS {kind.quote(name)}"
        if name in theirs
        else f"{cells[name]} AS {kind.quote(name)}"
        for name in relation.schema.names
    ]
    if step is None:
        return f"(SELECT {', '.join(columns)}\n   FROM {own} AS r)"
    on = [
        condition
        for ours, theirs in zip(step.columns, step.keys, strict=True)
        for condition in _leads_on(step.schema[ours], step.theirs[theirs], kind)
    ]
    between = _identifier(names.get(step.table, step.table), kind)
    # Only rows that are asked for: a database may make all pairs before it looks at any.
    wanted = [
        f"{_key(relation, place, f's.{kind.quote(key)}', kind)}"
        f" IN (SELECT {_key(relation, place, kind.quote(column), kind)} FROM {asked})"
        for place, (column, key) in enumerate(zip(relation.columns, relation.entry[1], strict=True))
    ]
    return (
        f"(SELECT {', '.join(columns)}\n   FROM {between} AS s JOIN {own} AS r"
        f" ON {' AND '.join(on)}\n   WHERE {' AND '.join(wanted)})"
    )


def _leads_on(ours: Column, theirs: Column, kind: Dialect) -> list[str]:
    """Return the conditions that a row between has a related row's key, and that it is one."""
    own, their = f"s.{kind.quote(ours.name)}", f"r.{kind.quote(theirs.name)}"
    if _differ(ours, theirs):
        own, their = kind.text(own), kind.text(their)
    conditions = [f"{own} = {their}"]
    types = (ours.source_type, theirs.source_type)
    if "String" in types or all(each.startswith("Float") for each in types):
        tokens = sorted(missing_tokens_of(ours) | missing_tokens_of(theirs))
        text = own if "String" in types else kind.text(own)
        conditions.append(f"{text} NOT IN ({', '.join(map(kind.literal, tokens))})")
    if "String" not in types and (
        numbers := sorted(missing_numbers_of(ours) | missing_numbers_of(theirs))
    ):
        conditions.append(f"{own} NOT IN ({', '.join(map(repr, numbers))})")
    return conditions


def _identifier(table: str, kind: Dialect) -> str:
    return ".".join(kind.quote(part) for part in name_parts(table))


def _belongs(relation: Relation, dialect: Dialect, row: str = "c") -> str:
    """Return the condition that a related row has the key and is known at the moment."""
    equal = [
        f"{_key(relation, place, f'{row}.{dialect.quote(key)}', dialect)}"
        f" = {_key(relation, place, f'a.k{place}', dialect)}"
        for place, key in enumerate(relation.keys)
    ]
    for clock in (relation, relation.through):
        if clock is not None and clock.time:
            time = _time(relation, dialect, row, clock.time)
            sign = "<=" if clock.is_closed else "<"
            equal.append(f"{time} {sign} {_horizon(clock, dialect)}")
    return " AND ".join(equal)


def _key(relation: Relation, place: int, key: str, dialect: Dialect) -> str:
    """Return a key as the question's and the related table's are compared."""
    theirs, ours = relation.schema[relation.keys[place]], relation.asked[relation.columns[place]]
    return dialect.text(key) if _differ(theirs, ours) else key


def _differ(one: Column, other: Column) -> bool:
    """Say whether one side writes the key as a number and the other as text."""
    types = (one.source_type, other.source_type)
    return "String" in types and types[0] != types[1]


def _moment(relation: Relation, dialect: Dialect, row: str = "") -> str:
    column = relation.asked[relation.moment]
    return moment_sql(column, f"{row}{dialect.quote(column.name)}", dialect)


def _time(relation: Relation, dialect: Dialect, row: str = "c", name: str = "") -> str:
    column = relation.schema[name or relation.time]
    return moment_sql(column, f"{row}.{dialect.quote(column.name)}", dialect)


def _horizon(clock: Timed, dialect: Dialect, further_s: float = 0) -> str:
    seconds = clock.lag_us / 1_000_000 + further_s
    moment = f"a.{_MOMENT}"
    return dialect.earlier(moment, seconds) if seconds else moment


def _expression(feature: Feature, relation: Relation, dialect: Dialect, *, related: str) -> str:
    if feature.aggregate == "last":
        return _last(feature, relation, dialect, related)
    value = f"c.{dialect.quote(feature.column)}" if feature.column else ""
    time = _time(relation, dialect) if relation.time else ""
    match feature.aggregate:
        case "count":
            key = f"c.{dialect.quote(relation.keys[0])}"
            return f"count({_windowed(key, feature, relation, dialect)})"
        case "since":
            return dialect.days(f"max({time})", f"a.{_MOMENT}")
        case "distinct":
            return f"count(DISTINCT {_windowed(value, feature, relation, dialect)})"
        case "share":
            level = dialect.literal(feature.level)
            hit = f"CASE WHEN {value} = {level} THEN 1e0 WHEN {value} IS NOT NULL THEN 0e0 END"
            return f"avg({_windowed(hit, feature, relation, dialect)})"
        case "sum":
            total = f"{dialect.total}({_windowed(value, feature, relation, dialect)})"
            return f"coalesce({total}, 0)"
        case _:
            windowed = _windowed(value, feature, relation, dialect)
            if feature.aggregate == "mean":
                return f"{dialect.mean}({dialect.averaged(windowed)})"
            verb = {"value": "max"}.get(feature.aggregate, feature.aggregate)
            return f"{verb}({windowed})"


def _windowed(value: str, feature: Feature, relation: Relation, dialect: Dialect) -> str:
    if feature.window_s is None:
        return value
    time = _time(relation, dialect)
    sign = ">" if relation.is_closed else ">="
    first = _horizon(relation, dialect, feature.window_s)
    return f"CASE WHEN {time} {sign} {first} THEN {value} END"


def _last(feature: Feature, relation: Relation, dialect: Dialect, related: str) -> str:
    value = f"c.{dialect.quote(feature.column)}"
    time = _time(relation, dialect)
    if dialect.last is not None:
        return dialect.last(value, time)
    other = f"l.{dialect.quote(feature.column)}"
    return (
        f"(SELECT {other} FROM {related} AS l WHERE {_belongs(relation, dialect, 'l')}"
        f" AND {other} IS NOT NULL"
        f" ORDER BY {_time(relation, dialect, 'l')} DESC, {other} DESC LIMIT 1)"
    )
