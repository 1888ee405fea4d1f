"""Runs queue items through bluesky, one after the other in one RunEngine. Items come on stdin; one JSON line per item goes to stdout:
{"documents": [[name, doc], ...], "error": null or text}.
"""
import inspect
import json
import logging
import os
import sys
import warnings

import bluesky.plan_stubs as bps
import bluesky.plans as bp
import event_model
from bluesky import RunEngine
from cycler import cycler

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bluesky_devices as D  # noqa: E402

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

# Parameters whose strings stay strings, also when a device has that name.
TEXT = {"target_field", "signal", "md"}


def make_devices():
    devices = [D.Det("det"), D.Det("det2"), D.Motor("m1"), D.Motor("m2"), D.Motor("m3"), D.LocMotor("lm", 1.0),
               D.AsyncMotor("am", 2.0), D.Signal("sig"), D.ReadingSignal("rsig"), D.Plain("plain"),
               D.StatusStageDet("sdet"), D.Flyer("flyer"), D.Flyer("flyer2", n=2), D.PageFlyer("pflyer"),
               D.FlatFlyer("fflyer"), D.StreamDet("sd1"), D.StreamDet("sd2"), D.FileDet("fd")]
    named = {device.name: device for device in devices}
    m1 = named["m1"]
    named["peak"] = D.Det("peak", lambda: 100 / (1 + (m1.position - 1) ** 2))
    named["slow"] = D.Motor("slow", auto=False)
    return named


def resolved(value, devices):
    if isinstance(value, str):
        return devices.get(value, value)
    if isinstance(value, list):
        return [resolved(one, devices) for one in value]
    if isinstance(value, dict):
        return {key: resolved(one, devices) for key, one in value.items()}
    return value


def trajectory(value, devices):
    """An object of columns moves together, a list of objects is their product."""
    product = None
    for factor in value if isinstance(value, list) else [value]:
        together = None
        for name, positions in factor.items():
            column = cycler(devices[name], positions)
            together = column if together is None else together + column
        product = together if product is None else product * together
    return product


def make_plan(item, devices):
    function = getattr(bp, item["name"], None) or getattr(bps, item["name"])
    bound = inspect.signature(function).bind(*item.get("args", []), **item.get("kwargs", {}))
    for name, value in bound.arguments.items():
        if name == "cycler":
            bound.arguments[name] = trajectory(value, devices)
        elif name not in TEXT:
            value = resolved(list(value) if isinstance(value, tuple) else value, devices)
            bound.arguments[name] = value
    return function(*bound.args, **bound.kwargs)


def merged(meta):
    parts = meta if isinstance(meta, list) else [meta]
    together = {}
    for part in reversed(parts):
        together.update(part)
    return together


def main():
    engine = RunEngine({}, context_managers=[], call_returns_result=True)
    devices = make_devices()
    for item in json.load(sys.stdin):
        documents, error = [], None
        token = engine.subscribe(lambda name, doc: documents.append([name, doc]))
        try:
            engine(make_plan(item, devices), **merged(item.get("meta", {})))
        except Exception as exception:
            error = f"{type(exception).__name__}: {exception}"
        engine.unsubscribe(token)
        print(json.dumps({"documents": documents, "error": error}, cls=event_model.NumpyEncoder))


main()
