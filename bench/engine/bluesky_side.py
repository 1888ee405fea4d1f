"""bluesky's side of `node bench/engine.ts`: prints one line of JSON. With --documents: the documents of a few plans."""
import contextlib
import io
import json
import logging
import os
import sys
import threading
import time
import warnings

import bluesky.plan_stubs as bps
import bluesky.plans as bp
import bluesky.preprocessors as bpp
import event_model
from bluesky import Msg, RunEngine
from bluesky.utils import RunEngineInterrupted

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "python"))
import bluesky_devices as devices  # noqa: E402

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

clock = time.perf_counter
engine = RunEngine({}, context_managers=[], call_returns_result=True)
det, m1, m2, sig = devices.Det("det"), devices.Motor("m1"), devices.Motor("m2"), devices.Signal("sig")
MESSAGES, READINGS, CHANGES, FRAMES = 20000, 2000, 2000, 500


def nobody(name, doc):
    pass


def wall(plan, *subscribers):
    began = clock()
    engine(plan, *subscribers)
    return clock() - began


def per_second(number, make, *subscribers):
    return number / wall(make(), *subscribers)


def same(command):
    return (Msg(command) for _ in range(MESSAGES))


def first_document_ms():
    seen = []
    began = clock()
    engine(bp.count([det]), lambda name, doc: seen.append(clock() - began) if name == "start" else None)
    return seen[0] * 1e3


def pause_and_resume_ms():
    asked = {}

    def ask():
        time.sleep(0.1)
        asked["at"] = clock()
        engine.request_pause()

    thread = threading.Thread(target=ask)
    thread.start()
    with contextlib.suppress(RunEngineInterrupted):
        engine([Msg("checkpoint"), Msg("sleep", None, 10), Msg("null")])
    pause = clock() - asked["at"]
    thread.join()
    began, seen = clock(), []

    def hook(message):
        if not seen:
            seen.append(clock() - began)
            threading.Timer(0.05, engine.abort).start()

    engine.msg_hook = hook
    with contextlib.suppress(RunEngineInterrupted):
        engine.resume()
    engine.msg_hook = None
    while engine.state != "idle":
        time.sleep(0.01)
    return pause * 1e3, seen[0] * 1e3


@bpp.run_decorator()
def changes():
    yield from bps.monitor(sig, name="s")
    for value in range(CHANGES):
        sig.put(value)
    yield from bps.unmonitor(sig)


def frames_per_second():
    sd, took = devices.StreamDet("sd"), {}

    @bpp.stage_decorator([sd])
    @bpp.run_decorator()
    def frames():
        yield from bps.declare_stream(sd, name="m", collect=True)
        yield from bps.kickoff(sd, wait=True)
        began = clock()
        for _ in range(FRAMES):
            sd.frames += 1
            yield from bps.collect(sd, name="m")
        took["s"] = clock() - began

    engine(frames())
    return FRAMES / took["s"]


def five(measure):
    measure()
    return [measure() for _ in range(5)]


def grid():
    return bp.grid_scan([det], m1, 0, 1, 50, m2, 0, 1, 40, snake_axes=True)


def measured():
    pauses = [pause_and_resume_ms() for _ in range(6)][1:]
    return {
        "null_msgs_per_s": five(lambda: per_second(MESSAGES, lambda: same("null"))),
        "checkpoint_msgs_per_s": five(lambda: per_second(MESSAGES, lambda: same("checkpoint"))),
        "count_events_per_s_0sub": five(lambda: per_second(READINGS, lambda: bp.count([det], READINGS))),
        "count_events_per_s_1sub": five(lambda: per_second(READINGS, lambda: bp.count([det], READINGS), nobody)),
        "scan_events_per_s_1sub": five(
            lambda: per_second(READINGS, lambda: bp.scan([det], m1, 0, 1, READINGS), nobody)
        ),
        "grid_events_per_s_0sub": five(lambda: per_second(READINGS, grid)),
        "monitor_events_per_s": five(lambda: per_second(CHANGES, changes)),
        "stream_collect_per_s": five(frames_per_second),
        "first_doc_ms": five(first_document_ms),
        "run_total_ms": five(lambda: wall(bp.count([det])) * 1e3),
        "pause_ms": [pause for pause, _ in pauses],
        "resume_first_msg_ms": [resume for _, resume in pauses],
    }


def documents():
    emitted = []
    token = engine.subscribe(lambda name, doc: emitted.append([name, doc]))
    engine(bp.count([det], 3))
    engine(bp.scan([det], m1, 0, 1, 5))
    engine(bp.grid_scan([det], m1, 0, 1, 3, m2, 0, 1, 2, snake_axes=True))
    engine.unsubscribe(token)
    return emitted


with contextlib.redirect_stdout(io.StringIO()):
    answer = documents() if "--documents" in sys.argv else measured()
print(json.dumps(answer, cls=event_model.NumpyEncoder))
