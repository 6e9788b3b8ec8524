"""The project's SQL, which is DuckDB's, in Spark's words. sqlglot knows most of both; here stands what it does not.

Only spelling belongs here. Where the engines differ in what they mean, about time zones above all, a macro of
dbt_project/macros/engines says it in each engine's own words, and those words pass through unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp

#: The columns of a query, in order: asked of the engine, where a union goes by name.
Columns = Callable[[str], list[str]]

_ONE, _ZERO = exp.Literal.number(1), exp.Literal.number(0)


def to_spark(sql: str, columns: Columns) -> str:
    """A query in DuckDB's SQL as one in Spark's; relations may stand in backticks, as dbt-spark writes them.

    Raises sqlglot.errors.SqlglotError with the place that cannot be read.
    """
    tree = sqlglot.parse_one(sql.replace("`", '"'), read="duckdb")
    for node in reversed(list(tree.walk())):
        if rule := _RULES.get(type(node)):
            said = rule(node)
            if said is not node:
                if node is tree:
                    tree = said
                else:
                    node.replace(said)
    # Inner ones first: an outer one asks for the columns of what it holds.
    for union in reversed(list(tree.find_all(exp.Union))):
        if union.args.get("by_name") and not isinstance(union.parent, exp.Union):
            whole = _by_name(union, columns)
            if union is tree:
                tree = whole
            else:
                union.replace(whole)
    return _said(tree)


def _said(tree: exp.Expression) -> str:
    return tree.sql("spark")


def _call(name: str, *arguments: exp.Expression | None) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=[one for one in arguments if one is not None])


def _by_name(union: exp.Union, columns: Columns) -> exp.Query:
    """Each side with all columns of all sides, in their order; what a side lacks is null."""
    sides = list(_sides(union))
    has = [columns(_said(_alone(side, union))) for side in sides]
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


def _qualify(node: exp.Qualify) -> exp.Expression:
    """Spark has it. sqlglot would take it apart, and columns named with their table are lost in that."""
    select = node.parent
    select.set("sort", exp.Var(this=f" QUALIFY {_said(node.this)}"))
    select.set("qualify", None)
    return node


def _division(node: exp.Div) -> exp.Expression:
    """DuckDB divides as doubles, Spark decimals as decimals."""
    return exp.Div(this=exp.cast(node.this, "double"), expression=exp.cast(node.expression, "double"))


def _series(node: exp.GenerateSeries) -> exp.Expression:
    """Spark's sequence goes backwards, or fails, where it should be empty."""
    start, end, step = node.args["start"], node.args["end"], node.args.get("step")
    down = isinstance(step, exp.Neg)
    if isinstance(step, exp.Interval):
        start, end = exp.cast(start, "timestamp_ntz"), exp.cast(end, "timestamp_ntz")
    if node.args.get("is_end_exclusive"):
        start, end = exp.cast(start, "bigint"), exp.cast(end, "bigint")
        end = (exp.Add if down else exp.Sub)(this=end, expression=_ONE.copy())
    some = (exp.GTE if down else exp.LTE)(this=exp.paren(start.copy()), expression=exp.paren(end.copy()))
    nothing = _call("slice", _call("array", start.copy()), _ONE.copy(), _ZERO.copy())
    if down:
        step = exp.cast(step, "bigint")
    return exp.func("if", some, _call("sequence", start, end, step), nothing)


def _cast(node: exp.Cast) -> exp.Expression:
    """A generator may not stand inside an expression: its list is cast before it."""
    if not isinstance(node.this, exp.Explode):
        return node
    kind = exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[node.to.copy()], nested=True)
    return exp.Explode(this=exp.cast(node.this.this, kind))


def _extreme(node: exp.ArgMax | exp.ArgMin) -> exp.Expression:
    """DuckDB passes over rows whose value is null, Spark over none."""
    known = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.null()))
    if isinstance(node.parent, exp.Filter):
        node.parent.expression.set("this", exp.and_(node.parent.expression.this, known))
        return node
    return exp.Filter(this=node.copy(), expression=exp.Where(this=known))


def _concatenation(node: exp.Expression) -> exp.Expression:
    """Spark's listagg fails beside `count(distinct)`."""
    where, joined = (node.expression, node.this) if isinstance(node, exp.Filter) else (None, node)
    if not isinstance(joined, exp.GroupConcat) or isinstance(joined.parent, exp.Filter) and where is None:
        return node
    [by], text = [key.this for key in joined.this.expressions], joined.this.this
    pair = exp.Identifier(this="pair")
    if isinstance(text, exp.Distinct):
        collected, texts = _call("collect_set", text.expressions[0]), lambda items: items
    else:
        collected = _call("collect_list", _call("named_struct", exp.Literal.string("by"), by, exp.Literal.string("text"), text))
        texts = lambda items: _call("transform", items, exp.Lambda(this=exp.Dot(this=pair, expression=exp.Identifier(this="text")), expressions=[pair.copy()]))
    if where is not None:
        collected = exp.Filter(this=collected, expression=where)
    return exp.func("nullif", _call("array_join", texts(_call("array_sort", collected)), joined.args["separator"]), exp.Literal.string(""))


def _list_sum(items: exp.Expression) -> exp.Expression:
    total, item = exp.Identifier(this="total"), exp.Identifier(this="item")
    add = exp.Lambda(this=exp.Add(this=total, expression=item), expressions=[total.copy(), item.copy()])
    return _call("aggregate", items, exp.cast(_ZERO.copy(), "double"), add)


def _frame(node: exp.Window) -> exp.Expression:
    """Spark has no frames of peers. All of ours are of instants, whose peers are one microsecond apart at least."""
    spec = node.args.get("spec")
    if spec is not None and (spec.text("kind") or "").lower() == "groups":
        [key] = node.args["order"].expressions
        key.set("this", _FUNCTIONS["epoch_us"](key.this))
        spec.set("kind", "RANGE")
    return node


def _replaced(node: exp.Select) -> exp.Expression:
    """Columns that stand in for others come last."""
    for star in [one for one in node.expressions if one.is_star]:
        inner = star.this if isinstance(star, exp.Column) else star
        if isinstance(inner, exp.Star) and (instead := inner.args.get("replace")):
            inner.set("replace", None)
            inner.set("except_", [exp.to_identifier(one.alias) for one in instead])
            for one in instead:
                node.append("expressions", one)
    return node


def _comprehension(node: exp.Array) -> exp.Expression:
    if len(node.expressions) != 1 or not isinstance(node.expressions[0], exp.Comprehension):
        return node
    inner = node.expressions[0]
    return _call("transform", inner.args["iterator"], exp.Lambda(this=inner.this, expressions=[inner.expression]))


def _from_json(node: exp.Expression) -> exp.Expression:
    return _call("from_json", node.this, exp.Literal.string(_json_type(json.loads(node.expression.name))))


def _json_type(told: object) -> str:
    if isinstance(told, list):
        return f"array<{_json_type(told[0])}>"
    if isinstance(told, dict):
        return f"struct<{', '.join(f'`{name}`: {_json_type(kind)}' for name, kind in told.items())}>"
    return {"VARCHAR": "string", "JSON": "string"}.get(told, str(told).lower())


def _seconds(count: exp.Expression) -> exp.Expression:
    zero = _ZERO.copy
    return _call("make_dt_interval", zero(), zero(), zero(), exp.cast(count, "decimal(18, 6)"))


def _json_object(node: exp.JSONObject) -> exp.Expression:
    pairs = [part for pair in node.expressions for part in (pair.this, pair.expression)]
    return _call("to_json", _call("named_struct", *pairs))


_FUNCTIONS: dict[str, Callable[..., exp.Expression]] = {
    "epoch_us": lambda instant: _call("unix_micros", exp.cast(instant, "timestamptz")),
    "to_hours": lambda count: _seconds(exp.Mul(this=exp.paren(count), expression=exp.Literal.number(3600))),
    "to_seconds": _seconds,
    "to_microseconds": lambda count: _seconds(
        exp.Mul(this=exp.cast(count, "decimal(18, 0)"), expression=exp.Literal.number("0.000001"))
    ),
    "list_reduce": lambda items, step, start: _call("aggregate", items, start, step),
    "list_sum": _list_sum,
}

_RULES: dict[type, Callable] = {
    exp.Anonymous: lambda node: (
        _FUNCTIONS[node.name.lower()](*node.expressions) if node.name.lower() in _FUNCTIONS else node
    ),
    exp.ArgMax: _extreme,
    exp.ArgMin: _extreme,
    exp.Array: _comprehension,
    exp.Avg: lambda node: exp.Avg(this=exp.cast(node.this, "double")),
    exp.Cast: _cast,
    exp.DayOfWeekIso: lambda node: exp.paren(exp.Add(this=_call("weekday", node.this), expression=_ONE.copy())),
    exp.Div: _division,
    exp.Filter: _concatenation,
    exp.FromJson: _from_json,
    exp.GenerateSeries: _series,
    exp.GroupConcat: _concatenation,
    exp.JSONKeys: lambda node: _call("json_object_keys", node.this),
    exp.JSONObject: _json_object,
    exp.Log: lambda node: _call("log", node.this, node.expression),
    exp.Median: lambda node: _call("percentile", node.this, exp.Literal.number("0.5")),
    exp.PercentileCont: lambda node: _call("percentile", node.this, node.expression),
    exp.Qualify: _qualify,
    exp.Select: _replaced,
    exp.Variance: lambda node: exp.Variance(this=node.this.this) if isinstance(node.this, exp.Order) else node,
    exp.Window: _frame,
}
