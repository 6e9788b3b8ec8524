"""The project's SQL, which is DuckDB's, in Spark's words: sqlglot, and what it does not know (spelling.py).

Only how something is said belongs here. Where the engines differ in what they mean or have, about time zones above all,
a macro of dbt_project/macros/engines says it in each engine's own words, and those pass through unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp

from orchestration.spark.spelling import RULES

#: The columns of a query, in order: asked of the engine, where a union goes by name.
Columns = Callable[[str], list[str]]


def to_spark(sql: str, columns: Columns) -> str:
    """A query in DuckDB's SQL as one in Spark's; relations may stand in backticks, as dbt-spark writes them.

    Raises sqlglot.errors.SqlglotError with the place that cannot be read.
    """
    tree = sqlglot.parse_one(sql.replace("`", '"'), read="duckdb")
    # From the leaves up: what holds a part sees it as Spark says it.
    for node in reversed(list(tree.walk())):
        if rule := RULES.get(type(node)):
            tree = _put(tree, node, rule(node))
    for union in reversed(list(tree.find_all(exp.Union))):
        if union.args.get("by_name") and not isinstance(union.parent, exp.Union):
            tree = _put(tree, union, _by_name(union, columns))
    return tree.sql("spark")


def _put(tree: exp.Expression, node: exp.Expression, instead: exp.Expression) -> exp.Expression:
    """The tree, with a node of it replaced."""
    if node is tree or instead is node:
        return instead if node is tree else tree
    node.replace(instead)
    return tree


def _by_name(union: exp.Union, columns: Columns) -> exp.Query:
    """Each side with all columns of all sides, in their order; what a side lacks is null."""
    sides = list(_sides(union))
    has = [columns(_alone(side, union).sql("spark")) for side in sides]
    names = list(dict.fromkeys(name for found in has for name in found))
    whole = []
    for number, side in enumerate(sides):
        picked = [
            exp.column(name, quoted=True) if name in has[number] else exp.alias_(exp.null(), name, quoted=True)
            for name in names
        ]
        whole.append(exp.select(*picked).from_(side.copy().subquery(f"side_{number}")))
    joined = whole[0]
    for side in whole[1:]:
        joined = exp.union(joined, side, distinct=bool(union.args.get("distinct")), copy=False)
    if common := union.args.get("with_"):
        joined.set("with_", common.copy())
    return joined


def _sides(query: exp.Expression) -> Iterator[exp.Query]:
    if isinstance(query, exp.Union) and query.args.get("by_name"):
        yield from _sides(query.this)
        yield from _sides(query.expression)
    else:
        yield query.unnest()


def _alone(query: exp.Query, place: exp.Expression) -> exp.Query:
    """A part of a statement as a statement: the common tables that it may name come along."""
    named: list[exp.CTE] = []
    inside: exp.Expression | None = place
    while inside is not None:
        if common := inside.args.get("with_"):
            own = [cte for cte in common.expressions if any(node is place for node in cte.walk())]
            before = common.expressions[: common.expressions.index(own[0])] if own else common.expressions
            named = [*before, *named]
        inside = inside.parent
    query = query.copy()
    for cte in named:
        query = query.with_(cte.alias, as_=cte.this.copy(), copy=False)
    return query
