#!/usr/bin/env python3
"""Draws panels of docs/dashboard.json as an HTML page, from the data of a Prometheus server.

Grafana draws the same queries; this is for pictures where no Grafana is installed. Supports the panel types 'stat',
'state-timeline', 'timeseries' and 'bargauge', and the variables of the dashboard, which select everything.

    docs/images/draw_dashboard.py http://localhost:9090 --minutes 5 --panels State "Connections in use" > dashboard.html
"""
import argparse
import html
import json
import math
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request

DASHBOARD = pathlib.Path(__file__).parent.parent / "dashboard.json"
COLORS = ["#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#8ab8ff", "#fade2a"]
NAMED_COLORS = {"green": "#37872d", "blue": "#1f60c4", "orange": "#c15c17", "red": "#c4162a", "yellow": "#b08b00"}
WIDTH, GAP, ROW_HEIGHT, LEFT, TOP, BOTTOM = 1220, 8, 30, 62, 34, 22


def query(server, expression, start, end, step):
    parameters = urllib.parse.urlencode({"query": expression, "start": start, "end": end, "step": step})
    with urllib.request.urlopen(f"{server}/api/v1/query_range?{parameters}") as response:
        return json.load(response)["data"]["result"]


def read_series(panel, server, start, end, step):
    """Returns pairs of a legend and its points (seconds, value); NaN values are left out, as in Grafana."""
    series = []
    for target in panel["targets"]:
        expression = re.sub(r"\$__rate_interval", "15s", target["expr"])
        expression = re.sub(r"\$\{?(\w+)\}?", ".*", expression)
        for result in query(server, expression, start, end, step):
            legend = re.sub(r"\{\{(\w+)\}\}", lambda label: result["metric"].get(label[1], ""), target["legendFormat"])
            points = [(at, float(value)) for at, value in result["values"] if value not in ("NaN", "+Inf", "-Inf")]
            if points:
                series.append((legend, points))
    return sorted(series)


def round_up(value):
    """Returns the next value that can be divided by three without many digits."""
    scale = 10 ** math.floor(math.log10(value))
    return next(digits * scale for digits in (1.2, 1.5, 2.1, 3, 4.5, 6, 9, 12) if digits * scale >= value)


def describe(value, unit):
    if value == 0:
        return "0"
    if unit == "percentunit":
        return f"{value * 100:.4g} %"
    if unit in ("s", "dtdurations"):
        return f"{value * 1000:.3g} ms" if abs(value) < 1 else f"{value:.4g} s"
    if unit == "bytes":
        return f"{value / 2 ** 20:.3g} MiB"
    return f"{value:.3g}" + ("/s" if unit == "ops" else "")


def text(x, y, content, **attributes):
    rendered = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{rendered}>{html.escape(content)}</text>'


def time_axis(start, end, left, right, y):
    return [text(left + (right - left) * i / 4, y, time.strftime("%H:%M:%S", time.gmtime(start + (end - start) * i / 4)),
                 text_anchor=("start", "middle", "middle", "middle", "end")[i]) for i in range(5)]


def draw_states(panel, series, start, end, step, width, height):
    mappings = {float(value): option for mapping in panel["fieldConfig"]["defaults"]["mappings"]
                for value, option in mapping["options"].items()}
    left, right = 190, width - 24
    row = (height - TOP - BOTTOM) / max(len(series), 1)
    parts = time_axis(start, end, left, right, height - 6)
    for index, (legend, points) in enumerate(series):
        y = TOP + index * row
        parts.append(text(left - 8, y + row / 2 + 4, legend, text_anchor="end"))
        runs = []
        for at, value in points:
            if runs and runs[-1][2] == value and at - runs[-1][1] <= step * 1.5:
                runs[-1][1] = at
            else:
                runs.append([at, at, value])
        for begin, last, value in runs:
            x = left + (right - left) * (begin - start) / (end - start)
            span = (right - left) * (min(last + step, end) - begin) / (end - start)
            option = mappings[value]
            parts.append(f'<rect x="{x:.1f}" y="{y + 2:.1f}" width="{span:.1f}" height="{row - 4:.1f}" '
                         f'fill="{NAMED_COLORS[option["color"]]}"/>')
            if span > 9 * len(option["text"]):
                parts.append(text(x + 6, y + row / 2 + 4, option["text"], fill="#fff"))
    return parts


def draw_lines(panel, series, start, end, step, width, height):
    defaults = panel["fieldConfig"]["defaults"]
    unit = defaults.get("unit", "short")
    # The largest first. Those that are 0 all the time need no legend.
    series = sorted(series, key=lambda entry: -max(value for _, value in entry[1]))
    used = [legend for legend, points in series if any(value for _, value in points)]
    rows = max(min(len(used), 5), 1)
    left, right, bottom = LEFT, width - 24, height - BOTTOM - 15 * rows
    top_value = defaults.get("max") or round_up(max((value for _, points in series for _, value in points), default=0) or 1)
    parts = time_axis(start, end, left, right, bottom + 16)
    for i in range(4):
        y = bottom - (bottom - TOP) * i / 3
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dcdde0"/>')
        parts.append(text(left - 6, y + 4, describe(top_value * i / 3, unit), text_anchor="end"))
    # The largest last, so that it is above the others.
    for index, (legend, points) in reversed(list(enumerate(series))):
        color = COLORS[index % len(COLORS)]
        path, previous = "", None
        for at, value in points:
            command = "L" if previous is not None and at - previous <= step * 1.5 else "M"
            path += (f'{command}{left + (right - left) * (at - start) / (end - start):.1f} '
                     f'{bottom - (bottom - TOP) * min(value / top_value, 1):.1f}')
            previous = at
        parts.append(f'<path d="{path}" fill="none" stroke="{color}" stroke-width="1.6"/>')
        if index < rows:
            y = bottom + 32 + 15 * index
            parts.append(f'<rect x="{left}" y="{y - 5}" width="14" height="4" fill="{color}"/>')
            more = f" (and {len(used) - rows} more)" if index == rows - 1 and len(used) > rows else ""
            parts.append(text(left + 20, y, legend + more))
    return parts


def draw_bars(panel, series, start, end, step, width, height):
    unit = panel["fieldConfig"]["defaults"].get("unit", "short")
    top_value = max((points[-1][1] for _, points in series), default=1) or 1
    row = (height - TOP - 8) / max(len(series), 1)
    parts = []
    for index, (legend, points) in enumerate(series):
        y, value = TOP + index * row, points[-1][1]
        parts.append(text(182, y + row / 2 + 4, legend, text_anchor="end"))
        parts.append(f'<rect x="190" y="{y + 3:.1f}" width="{(width - 290) * value / top_value:.1f}" height="{row - 6:.1f}" fill="#73bf69"/>')
        parts.append(text(width - 92, y + row / 2 + 4, describe(value, unit)))
    return parts


def draw_stat(panel, series, start, end, step, width, height):
    value = series[0][1][-1][1]
    defaults = panel["fieldConfig"]["defaults"]
    color = [each["color"] for each in defaults["thresholds"]["steps"] if each["value"] is None or value >= each["value"]][-1]
    return [f'<rect x="8" y="30" width="{width - 16}" height="{height - 38}" fill="{NAMED_COLORS[color]}"/>',
            text(width / 2, 30 + (height - 38) / 2 + 13, describe(value, defaults.get("unit", "short")), text_anchor="middle", fill="#fff",
                 style="font-size:36px")]


DRAWINGS = {"stat": draw_stat, "state-timeline": draw_states, "timeseries": draw_lines, "bargauge": draw_bars}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--panels", nargs="*", help="titles; all panels by default")
    arguments = parser.parse_args()
    dashboard = json.loads(DASHBOARD.read_text())
    panels = [panel for row in dashboard["panels"] for panel in [row, *row.get("panels", [])] if panel["type"] in DRAWINGS]
    unknown = set(arguments.panels or []) - {panel["title"] for panel in panels}
    if unknown:
        sys.exit(f"Unknown panels: {', '.join(sorted(unknown))}. Known: {', '.join(panel['title'] for panel in panels)}")
    if arguments.panels:
        panels = [panel for title in arguments.panels for panel in panels if panel["title"] == title]
    end = int(time.time())
    start, step = end - int(arguments.minutes * 60), 2
    print(f"<!DOCTYPE html><meta charset='utf-8'><style>body{{margin:0;padding:{GAP}px;width:{WIDTH}px;gap:{GAP}px;"
          "background:#f4f5f5;display:flex;flex-wrap:wrap;font:12px 'DejaVu Sans',sans-serif}"
          "svg{box-sizing:border-box;background:#fff;border:1px solid #dcdde0}"
          "text{font:11px 'DejaVu Sans',sans-serif;fill:#464c54}text[fill]{fill:#fff}.title{font-weight:bold;font-size:13px}"
          "h1{font-size:17px;margin:2px 0;width:100%}</style>")
    print(f"<h1>{html.escape(dashboard['title'])}</h1>")
    for panel in panels:
        width = panel["gridPos"]["w"] * (WIDTH + GAP) // 24 - GAP
        height = panel["gridPos"]["h"] * ROW_HEIGHT
        series = read_series(panel, arguments.server, start, end, step)
        parts = [text(10, 20, panel["title"], **{"class": "title"})] + DRAWINGS[panel["type"]](panel, series, start, end, step, width, height)
        print(f'<svg width="{width}" height="{height}">{"".join(parts)}</svg>')


if __name__ == "__main__":
    main()
