"""How Spark says what DuckDB says and sqlglot translates wrongly or not at all: one rule for a kind of expression.

A rule gets a node of the tree, whose parts are translated already, and returns the one that stands in its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import sqlglot
from sqlglot import exp

Rule = Callable[[exp.Expression], exp.Expression]


def spark(template: str, **parts: exp.Expression) -> exp.Expression:
    """An expression in Spark's words; `:name` stands for a part."""
    return exp.replace_placeholders(sqlglot.parse_one(template, read="spark"), **parts)


#: Functions that sqlglot passes on by their names. `:a`, `:b`, `:c`: the arguments.
FUNCTIONS = {
    "epoch_us": "unix_micros(cast(:a as timestamp))",
    "list_reduce": "aggregate(:a, :c, :b)",
    "list_sum": "if(size(:a) = 0, null, aggregate(:a, cast(0 as double), (total, item) -> total + item))",
    "to_hours": "make_dt_interval(0, :a)",
    "to_microseconds": "make_dt_interval(0, 0, 0, cast(cast(:a as decimal(18, 0)) * 0.000001 as decimal(18, 6)))",
    "to_seconds": "make_dt_interval(0, 0, 0, cast(:a as decimal(18, 6)))",
}


def _function(node: exp.Anonymous) -> exp.Expression:
    template = FUNCTIONS.get(node.name.lower())
    return spark(template, **dict(zip("abc", node.expressions, strict=False))) if template else node


def _extreme(node: exp.ArgMax | exp.ArgMin) -> exp.Expression:
    """DuckDB passes over rows whose value is null, Spark over none."""
    known = spark(":value is not null", value=exp.paren(node.this.copy()))
    if isinstance(node.parent, exp.Filter):
        node.parent.expression.set("this", exp.and_(node.parent.expression.this, known))
        return node
    return exp.Filter(this=node.copy(), expression=exp.Where(this=known))


def _series(node: exp.GenerateSeries) -> exp.Expression:
    """Spark's sequence goes backwards, or fails, where it should be empty; of dates it gives dates."""
    start, end, step = node.args["start"], node.args["end"], node.args.get("step")
    kind = "timestamp_ntz" if isinstance(step, exp.Interval) else "bigint"
    down = isinstance(step, exp.Neg)
    start, end = exp.cast(start, kind), exp.cast(end, kind)
    if node.args.get("is_end_exclusive"):
        end = spark(":end + 1" if down else ":end - 1", end=end)
    parts = {"start": start, "end": end, "step": step if kind != "bigint" or step is None else exp.cast(step, kind)}
    sequence = "sequence(:start, :end, :step)" if step is not None else "sequence(:start, :end)"
    some = ":start >= :end" if down else ":start <= :end"
    return spark(
        f"if({some}, {sequence}, slice(array(:start), 1, 0))", **{k: v for k, v in parts.items() if v is not None}
    )


def _cast(node: exp.Cast) -> exp.Expression:
    """A generator may not stand inside an expression: its list is cast before it."""
    if not isinstance(node.this, exp.Explode):
        return node
    kind = exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[node.to.copy()], nested=True)
    return exp.Explode(this=exp.cast(node.this.this, kind))


def _concatenation(node: exp.Expression) -> exp.Expression:
    """string_agg, in ascending order. Spark's own listagg fails beside `count(distinct)`."""
    where, joined = (node.expression, node.this) if isinstance(node, exp.Filter) else (None, node)
    if not isinstance(joined, exp.GroupConcat) or (where is None and isinstance(node.parent, exp.Filter)):
        return node
    [key], text = joined.this.expressions, joined.this.this
    if isinstance(text, exp.Distinct):
        rows, template = spark("collect_set(:text)", text=text.expressions[0]), "array_sort(:rows)"
    else:
        rows = spark("collect_list(named_struct('key', :key, 'text', :text))", key=key.this, text=text)
        template = "transform(array_sort(:rows), pair -> pair.text)"
    if where is not None:
        rows = exp.Filter(this=rows, expression=where)
    return spark(f"nullif(array_join({template}, :separator), '')", rows=rows, separator=joined.args["separator"])


def _frame(node: exp.Window) -> exp.Expression:
    """Spark has no frames of peers. Ours are of instants, a microsecond apart at least, with all peers before or after.

    Raises NotImplementedError for others.
    """
    spec = node.args.get("spec")
    if spec is not None and (spec.text("kind") or "").lower() == "groups":
        if {str(spec.args["start"]), str(spec.args["end"])} != {"UNBOUNDED", "1"}:
            raise NotImplementedError(f"a frame of groups that Spark cannot say: {node.sql('duckdb')}")
        [key] = node.args["order"].expressions
        key.set("this", spark(FUNCTIONS["epoch_us"], a=key.this))
        spec.set("kind", "RANGE")
    return node


def _select(node: exp.Select) -> exp.Expression:
    """Columns that stand in for others come last."""
    for one in list(node.expressions):
        star = one.this if isinstance(one, exp.Column) else one
        if isinstance(star, exp.Star) and (instead := star.args.get("replace")):
            star.set("replace", None)
            star.set("except_", [exp.to_identifier(column.alias) for column in instead])
            for column in instead:
                node.append("expressions", column)
    return node


def _qualify(node: exp.Qualify) -> exp.Expression:
    """Spark has it. sqlglot would take it apart, and columns named with their table get lost; so it passes as words,
    where a `sort by` would stand."""
    select = node.parent
    select.set("sort", exp.Var(this=f" QUALIFY {node.this.sql('spark')}"))
    select.set("qualify", None)
    return node


def _item(node: exp.Bracket) -> exp.Expression:
    """Null where a list has no such item, in place of an error. sqlglot counts from 0 here."""
    return (
        spark("get(:items, :place)", items=node.this, place=node.expressions[0]) if len(node.expressions) == 1 else node
    )


def _comprehension(node: exp.Array) -> exp.Expression:
    inner = node.expressions[0] if len(node.expressions) == 1 else None
    if not isinstance(inner, exp.Comprehension):
        return node
    step = exp.Lambda(this=inner.this, expressions=[inner.expression])
    return spark("transform(:items, :step)", items=inner.args["iterator"], step=step)


def _from_json(node: exp.FromJson) -> exp.Expression:
    told = node.expression.name
    if not told.startswith(("[", "{")):
        return node
    return spark("from_json(:text, :type)", text=node.this, type=exp.Literal.string(_json_type(json.loads(told))))


def _json_type(told: list | dict | str) -> str:
    if isinstance(told, list):
        return f"array<{_json_type(told[0])}>"
    if isinstance(told, dict):
        return f"struct<{', '.join(f'`{name}`: {_json_type(kind)}' for name, kind in told.items())}>"
    return {"VARCHAR": "string", "JSON": "string"}.get(told, told.lower())


def _json_object(node: exp.JSONObject) -> exp.Expression:
    pairs = [part for pair in node.expressions for part in (pair.this, pair.expression)]
    return spark("to_json(:object)", object=exp.Anonymous(this="named_struct", expressions=pairs))


def _all(template: str) -> Rule:
    return lambda node: spark(template, a=node.this, **({"b": node.expression} if node.expression else {}))


RULES: dict[type[exp.Expression], Rule] = {
    exp.Anonymous: _function,
    exp.ArgMax: _extreme,
    exp.ArgMin: _extreme,
    exp.Array: _comprehension,
    # DuckDB divides and averages as doubles, Spark decimals as decimals.
    exp.Avg: _all("avg(cast(:a as double))"),
    exp.Bracket: _item,
    exp.Cast: _cast,
    exp.DayOfWeekIso: _all("(weekday(:a) + 1)"),
    exp.Div: _all("cast(:a as double) / cast(:b as double)"),
    exp.Filter: _concatenation,
    exp.FromJson: _from_json,
    exp.GenerateSeries: _series,
    exp.GroupConcat: _concatenation,
    exp.JSONKeys: _all("json_object_keys(:a)"),
    exp.JSONObject: _json_object,
    exp.Log: _all("log(:a, :b)"),
    exp.Median: _all("percentile(:a, 0.5)"),
    exp.PercentileCont: _all("percentile(:a, :b)"),
    exp.Qualify: _qualify,
    exp.Select: _select,
    # DuckDB may add up in an order, so that the last digit is the same every night.
    exp.Variance: lambda node: exp.Variance(this=node.this.this) if isinstance(node.this, exp.Order) else node,
    exp.Window: _frame,
}
