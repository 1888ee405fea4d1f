"""Figures of curves by bluesky's own PeakStats, LiveTable text and numbers by format_num. Reads {curves, table, numbers} as JSON."""

import json
import sys

import numpy as np
from bluesky.callbacks.core import LiveTable, format_num
from bluesky.callbacks.fitting import PeakStats, center_of_mass


def plain(value):
    if isinstance(value, np.ndarray | tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if value is None:
        return None
    number = float(value)
    return number if np.isfinite(number) else repr(number)


def figures(curve):
    stats = PeakStats("x", "y", edge_count=curve["edge_count"], calc_derivative_and_stats=True)
    stats("start", {"uid": "start", "time": 0.0})
    for x, y in zip(curve["x"], curve["y"], strict=True):
        stats.event({"data": {"x": x, "y": y}})
    stats.stop({"run_start": "start"})
    keys = ("com", "cen", "max", "min", "crossings", "fwhm", "lin_bkg")
    derivative = stats.derivative_stats
    return {
        "stats": {key: plain(getattr(stats.stats, key)) for key in keys},
        "derivative": {key: plain(getattr(derivative, key)) for key in (*keys, "x", "y")},
    }


def table(case):
    lines = []
    live = LiveTable(case["fields"], out=lines.append, print_header_interval=case["interval"])
    for name, doc in case["documents"]:
        live(name, doc)
    return lines


def main():
    asked = json.load(sys.stdin)
    with np.errstate(all="ignore"):
        answer = {
            "curves": [figures(curve) for curve in asked["curves"]],
            "table": table(asked["table"]),
            "numbers": [format_num(number) for number in asked["numbers"]],
            "masses": [plain(center_of_mass(np.array(mesh))) for mesh in asked["meshes"]],
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
