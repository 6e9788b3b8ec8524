"""Charts as inline SVG, drawn by Vega-Lite without a browser. What they show is for figures.py to ask.

Colours are of middle brightness, so that they stand out on white and on black; texts take the colour of the page.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

import vl_convert

BLUE, GREEN, ORANGE, GREY = "#2f7fc9", "#2c8c5a", "#c2701c", "#7b8794"
#: From the best to the worst, of equal brightness to nobody who cannot tell red from green.
STEPS = ("#1f6fb5", "#4d9bd6", "#8cc1e6", "#e0b36a", "#cf7f2a", "#a94a1e", "#7b8794")
WIDTH = 300
CONFIG = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {"labelColor": "currentColor", "titleColor": "currentColor", "domainColor": GREY, "tickColor": GREY,
             "gridColor": GREY, "gridOpacity": 0.25, "labelLimit": 130, "titleFontWeight": "normal"},
    "legend": {"labelColor": "currentColor", "titleColor": "currentColor", "orient": "bottom", "columns": 4,
               "labelLimit": 120, "title": None},
}  # fmt: skip
#: How d3 writes values of a unit.
FORMATS = {"ratio": ".1~%", "count": ",.0f", "points": ",.0f", "seconds": ",.0f", "hours": ",.1f", "minutes": ",.1f"}
_NAMESPACES = {"": "http://www.w3.org/2000/svg", ":xlink": "http://www.w3.org/1999/xlink"}
Rows = Sequence[dict[str, Any]]


def drawn(rows: Rows, alt: str, **spec: Any) -> str:
    """The SVG of a Vega-Lite specification over `rows`; screen readers are told `alt` alone."""
    whole = {"data": {"values": list(rows)}, "width": WIDTH, "config": CONFIG, **spec}
    svg = vl_convert.vegalite_to_svg(whole)
    for name in ("", ":xlink"):
        # Needed in files of their own only.
        svg = svg.replace(f' xmlns{name}="{_NAMESPACES[name]}"', "", 1)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)


def bars(rows: Rows, unit: str, alt: str, colour: str = BLUE) -> str:
    """One horizontal bar per row (`name`, `value`), in their order."""
    return drawn(
        rows,
        alt,
        height={"step": 18},
        mark={"type": "bar", "color": colour},
        encoding={"y": _named("name"), "x": _measured("value", unit)},
    )


def columns(rows: Rows, unit: str, alt: str, colour: str = BLUE) -> str:
    """One column per row (`name`, `value`), in their order."""
    x = {"field": "name", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": 0}}
    mark = {"type": "bar", "color": colour}
    return drawn(rows, alt, height=120, mark=mark, encoding={"x": x, "y": _measured("value", unit)})


def line(rows: Rows, unit: str, alt: str, colour: str = BLUE) -> str:
    """Values over days (`day`, `value`; `series` where there are several lines), between `low` and `high` if given."""
    x = {
        "field": "day",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%b %y", "tickCount": "month", "labelOverlap": True},
    }
    y = _measured("value", unit) | {"scale": {"zero": False}}
    encoding: dict[str, Any] = {"x": x, "y": y}
    layers: list[dict[str, Any]] = [{"mark": {"type": "line", "color": colour, "point": len(rows) < 40}}]
    if rows and "series" in rows[0]:
        encoding["color"] = {"field": "series", "type": "nominal", "scale": {"range": [BLUE, ORANGE, GREEN, GREY]}}
    if rows and "low" in rows[0]:
        band = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
        layers.insert(0, {"mark": {"type": "area", "color": colour, "opacity": 0.25}, "encoding": band})
    return drawn(rows, alt, height=120, encoding=encoding, layer=layers)


def shares(rows: Rows, steps: Sequence[str], alt: str) -> str:
    """One bar per `name`, split into the shares (`value`) of the `step`s, which stand in their order."""
    return _split(rows, dict(zip(steps, STEPS, strict=True)), _measured("value", "ratio") | {"stack": "normalize"}, alt)


def funnel(rows: Rows, steps: Sequence[str], alt: str) -> str:
    """One bar per `name`, as long as the `value`s of its two `step`s: who stayed, and who left."""
    return _split(rows, dict(zip(steps, (BLUE, ORANGE), strict=True)), _measured("value", "count"), alt)


def _split(rows: Rows, colours: dict[str, str], x: dict[str, Any], alt: str) -> str:
    position = {step: number for number, step in enumerate(colours)}
    scale = {"domain": list(colours), "range": list(colours.values())}
    return drawn(
        [row | {"position": position[row["step"]]} for row in rows],
        alt,
        height={"step": 18},
        mark="bar",
        encoding={
            "y": _named("name"),
            "x": x,
            "color": {"field": "step", "type": "ordinal", "sort": None, "scale": scale},
            "order": {"field": "position"},
        },
    )


def heat(rows: Rows, days: Sequence[str], alt: str) -> str:
    """Hours (`hour`) of `days` (`name`), the darker the more (`value`)."""
    hours = {"field": "hour", "type": "ordinal", "title": "hour", "axis": {"labelAngle": 0, "labelOverlap": True}}
    colour = {"field": "value", "type": "quantitative", "scale": {"scheme": "blues"},
              "legend": {"format": ",.1f", "gradientLength": WIDTH / 2}}  # fmt: skip
    y = _named("name") | {"sort": list(days)}
    return drawn(rows, alt, height={"step": 18}, mark="rect", encoding={"x": hours, "y": y, "color": colour})


def sparkline(values: Sequence[float], alt: str) -> str:
    """The last values of a KPI without axes, the newest marked; nothing for fewer than two."""
    if len(values) < 2:
        return ""
    rows = [{"n": number, "value": value, "is_last": number == len(values) - 1} for number, value in enumerate(values)]
    x = {"field": "n", "type": "quantitative", "axis": None, "scale": {"nice": False}}
    y = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": False}}
    last = {
        "mark": {"type": "point", "filled": True, "color": BLUE, "size": 18},
        "transform": [{"filter": "datum.is_last"}],
    }
    layers = [{"mark": {"type": "line", "color": BLUE, "strokeWidth": 1.5}}, last]
    return drawn(rows, alt, width=80, height=18, encoding={"x": x, "y": y}, layer=layers)


def against_target(days: Sequence[tuple[date, float]], target: float) -> str:
    """The values of days as a line and the target as a dashed one: the address of an image, for where no page is around
    it. Drawn by hand, as there is one for each target every night: a fiftieth of the size and the time."""
    low, high = min(target, *(value for _, value in days)), max(target, *(value for _, value in days))
    step = WIDTH / max(len(days) - 1, 1)

    def y(value: float) -> float:
        return round(5 + 70 * (high - value) / ((high - low) or 1), 1)

    points = " ".join(f"{round(number * step, 1)},{y(value)}" for number, (_, value) in enumerate(days))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="96" fill="{GREY}" font-family="sans-serif"'
        ' font-size="11">'
        f'<path d="M0 {y(target)}H{WIDTH}" stroke="{ORANGE}" stroke-dasharray="4 3"/>'
        f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-width="1.5"/>'
        f'<circle cx="{round((len(days) - 1) * step, 1)}" cy="{y(days[-1][1])}" r="3" fill="{BLUE}"/>'
        f'<text y="93">{days[0][0]}</text><text x="{WIDTH}" y="93" text-anchor="end">{days[-1][0]}</text></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _named(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "sort": None, "title": None}


def _measured(field: str, unit: str) -> dict[str, Any]:
    title = unit if unit in ("hours", "minutes", "seconds") else None
    axis = {"format": FORMATS.get(unit, ",.2f"), "tickCount": 4}
    return {"field": field, "type": "quantitative", "title": title, "axis": axis}
