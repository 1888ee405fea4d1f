"""Writes what event-model does with documents, for tests/golden/event-model.test.ts.

    pip install event-model==1.24.0
    python tests/python/make_event_model_fixtures.py > tests/golden/event-model/event-model.json
"""

import json
import sys

import event_model as em

UIDS = iter(range(10_000))


def outcome(action):
    try:
        return {"ok": action()}
    except Exception as error:  # noqa: BLE001
        return {"error": type(error).__name__, "message": str(getattr(error, "message", None) or error)}


def event(n, stream="d1", filled=None, **data):
    return {
        "uid": f"e{n}",
        "time": 100.0 + n,
        "seq_num": n,
        "descriptor": stream,
        "data": data or {"x": n, "y": n * 10},
        "timestamps": {key: 50.0 + n for key in (data or {"x": 0, "y": 0})},
        "filled": filled or {},
    }


def datum(n, resource="r1"):
    return {"datum_id": f"{resource}/{n}", "resource": resource, "datum_kwargs": {"frame": n, "half": n / 2}}


out = {}
events = [event(n) for n in range(1, 8)]
page = em.pack_event_page(*events)
out["pack_event_page"] = page
out["pack_event_page_filled"] = em.pack_event_page(event(1, filled={"x": False}), event(2, filled={"x": "r/1"}))
out["pack_event_page_none"] = outcome(lambda: em.pack_event_page())["error"]
out["unpack_event_page"] = list(em.unpack_event_page(page))
data = [datum(n) for n in range(5)]
datum_page = em.pack_datum_page(*data)
out["pack_datum_page"] = datum_page
out["pack_datum_page_none"] = outcome(lambda: em.pack_datum_page())["error"]
out["unpack_datum_page"] = list(em.unpack_datum_page(datum_page))
out["unpack_datum_page_bare"] = list(em.unpack_datum_page({"resource": "r", "datum_id": ["r/0", "r/1"], "datum_kwargs": {}}))
pages = [em.pack_event_page(*events[:2]), em.pack_event_page(*events[2:7])]
out["merge_event_pages"] = em.merge_event_pages(pages)
out["rechunk_event_pages"] = {size: list(em.rechunk_event_pages(pages, size)) for size in (1, 2, 3, 5, 7, 9)}
datum_pages = [em.pack_datum_page(*data[:3]), em.pack_datum_page(*data[3:])]
out["merge_datum_pages"] = em.merge_datum_pages(datum_pages)
out["rechunk_datum_pages"] = {size: list(em.rechunk_datum_pages(datum_pages, size)) for size in (1, 2, 3, 5, 9)}
bulk = {"primary": [event(1), event(2)], "other": [event(3, "d2", z=1), event(4)]}
out["bulk_events_to_event_pages"] = em.bulk_events_to_event_pages(bulk)
bulk_datum = {"resource": "r1", "datum_ids": ["r1/0", "r1/1"], "datum_kwarg_list": [{"frame": 0}, {"frame": 1}]}
out["bulk_datum_to_datum_page"] = em.bulk_datum_to_datum_page(bulk_datum)


# Routers: which method hears what, and what comes out.
def router(*methods, change=None):
    heard = []

    def method(name):
        def hear(self, doc):
            heard.append([name, doc])
            return change(doc) if change else None

        return hear

    cls = type("Router", (em.DocumentRouter,), {name: method(name) for name in methods})
    return cls(), heard


DOCS = [
    ["start", {"uid": "s1", "time": 1.0}],
    ["descriptor", {"uid": "d1", "time": 2.0, "run_start": "s1", "name": "primary", "data_keys": {}}],
    ["event", events[0]],
    ["event_page", pages[0]],
    ["bulk_events", bulk],
    ["resource", {"uid": "r1", "spec": "S", "root": "/", "resource_path": "a", "resource_kwargs": {}, "run_start": "s1"}],
    ["datum", data[0]],
    ["datum_page", datum_pages[0]],
    ["bulk_datum", bulk_datum],
    ["stream_resource", {"uid": "sr1", "data_key": "img", "mimetype": "m", "uri": "u", "parameters": {}, "run_start": "s1"}],
    ["stream_datum", {"uid": "sr1/0", "stream_resource": "sr1", "descriptor": "d1", "indices": {"start": 0, "stop": 1}, "seq_nums": {"start": 1, "stop": 2}}],
    ["stop", {"uid": "x", "time": 9.0, "run_start": "s1", "exit_status": "success", "reason": "", "num_events": {}}],
]
ALL = ["start", "descriptor", "event", "event_page", "resource", "datum", "datum_page", "stream_resource", "stream_datum", "stop"]
out["documents"] = DOCS
out["router"] = {}
for name, methods in {"all": ALL, "events_only": ["event", "datum"], "pages_only": ["event_page", "datum_page"], "none": []}.items():
    r, heard = router(*methods)
    # The methods for the two old forms are not called by event-model's own class when they are not overridden with pages: only what it hears is kept.
    outputs = [list(r(n, d)) for n, d in DOCS if not n.startswith("bulk_")]
    out["router"][name] = {"heard": heard[:], "outputs": outputs}
r, heard = router("event_page", "datum_page")
for n, d in DOCS:
    if n.startswith("bulk_"):
        r(n, d)
out["router_bulk"] = heard
r, heard = router("event", change=lambda doc: {**doc, "data": {"x": doc["data"]["x"] + 1}})
out["router_changes"] = [list(r("event", events[0])), list(r("event_page", pages[0]))]
r, heard = router("event_page", change=lambda doc: {**doc, "time": [t + 1 for t in doc["time"]]})
out["router_changes_pages"] = [list(r("event", events[0])), list(r("event_page", pages[0]))]


# One run only.
def single():
    return em.SingleRunDocumentRouter()


def fed(*docs):
    r = single()
    for name, doc in docs:
        r(name, doc)
    return r


start, descriptor = DOCS[0], DOCS[1]
out["single_run"] = {
    "start": outcome(lambda: fed(start).get_start()),
    "start_before": outcome(lambda: single().get_start()),
    "second_start": outcome(lambda: fed(start, ["start", {"uid": "s2", "time": 2.0}])),
    "other_run": outcome(lambda: fed(start, ["descriptor", {**descriptor[1], "run_start": "s9"}])),
    "descriptor": outcome(lambda: fed(start, descriptor).get_descriptor(events[0])),
    "unknown_descriptor": outcome(lambda: fed(start, descriptor).get_descriptor({"descriptor": "d9"})),
    "no_descriptor": outcome(lambda: fed(start, descriptor).get_descriptor({"uid": "q"}))["error"],
    "stream_name": outcome(lambda: fed(start, descriptor).get_stream_name(events[0])),
}

# Several runs, mixed.
heard = []


def listener(who):
    return lambda name, doc: heard.append([who, name, doc.get("uid", doc.get("datum_id", ""))])


def factory(name, doc):
    def sub(name, descriptor):
        return [listener(f"sub {doc['uid']} {descriptor['name']}")] if descriptor["name"] == "primary" else []

    return [listener(f"run {doc['uid']}")], [sub]


def mixed():
    for run in ("a", "b"):
        yield "start", {"uid": run, "time": 1.0}
    for run in ("a", "b"):
        for stream in ("primary", "baseline"):
            yield "descriptor", {"uid": f"{run}-{stream}", "time": 2.0, "run_start": run, "name": stream, "data_keys": {}}
    yield "event", event(1, "a-primary")
    yield "event_page", em.pack_event_page(event(2, "b-baseline"))
    yield "resource", {"uid": "ra", "spec": "S", "root": "/", "resource_path": "p", "resource_kwargs": {}, "run_start": "a"}
    yield "datum", datum(0, "ra")
    yield "resource", {"uid": "rx", "spec": "S", "root": "/", "resource_path": "p", "resource_kwargs": {}}
    yield "datum_page", em.pack_datum_page(datum(0, "rx"))
    yield "stream_resource", {"uid": "srb", "data_key": "img", "mimetype": "m", "uri": "u", "parameters": {}, "run_start": "b"}
    yield "stream_datum", {"uid": "srb/0", "stream_resource": "srb", "descriptor": "b-primary", "indices": {"start": 0, "stop": 1}, "seq_nums": {"start": 1, "stop": 2}}
    for run in ("a", "b"):
        yield "stop", {"uid": f"stop-{run}", "time": 9.0, "run_start": run, "exit_status": "success"}


rr = em.RunRouter([factory])
fed_docs = []
for name, doc in mixed():
    fed_docs.append([name, doc])
    rr(name, doc)
out["run_router"] = {"documents": fed_docs, "heard": heard[:]}
rr = em.RunRouter([factory])
rr("start", {"uid": "a", "time": 1.0})
out["run_router_errors"] = {
    "same_start": outcome(lambda: rr("start", {"uid": "a", "time": 1.0}))["error"],
    "other_start": outcome(lambda: rr("start", {"uid": "a", "time": 2.0}))["error"],
    "unknown_resource": outcome(lambda: rr("datum", datum(0, "nope"))),
}

# Composing.
run = em.compose_run(uid="s", time=1.0, metadata={"sample": "x", "scan_id": 3})
keys = {"x": {"source": "sim", "dtype": "number", "shape": []}, "img": {"source": "sim", "dtype": "array", "shape": [1], "external": "STREAM:"}}
primary = run.compose_descriptor("primary", keys, uid="d", time=2.0)
again = run.compose_descriptor("primary", keys, uid="dd", time=2.5)
first = primary.compose_event({"x": 1}, {"x": 1.0}, uid="e1", time=3.0)
second = again.compose_event({"x": 2}, {"x": 2.0}, uid="e2", time=4.0)
event_page = primary.compose_event_page({"x": [3, 4]}, {"x": [3.0, 4.0]}, uid=["e3", "e4"], time=[5.0, 6.0])
jump = primary.compose_event({"x": 9}, {"x": 9.0}, seq_num=20, uid="e20", time=7.0)
resource = run.compose_resource("S", "/", "p", {"a": 1}, path_semantics="posix", uid="r")
stream = run.compose_stream_resource("m", "file:///s", "img", {"p": 1}, uid="sr")
stop = lambda **kw: run.compose_stop(uid="x", time=9.0, **kw)  # noqa: E731
out["compose"] = {
    "start": run.start_doc,
    "descriptor": primary.descriptor_doc,
    "events": [first, second, jump],
    "event_page": event_page,
    "resource": resource.resource_doc,
    "datum": [resource.compose_datum({"i": 0}), resource.compose_datum({"i": 1})],
    "datum_page": resource.compose_datum_page({"i": [2, 3]}),
    "resource_without_run": em.compose_resource(spec="S", root="/", resource_path="p", resource_kwargs={}, path_semantics="posix", uid="q").resource_doc,
    "stream_resource": stream.stream_resource_doc,
    "stream_datum": [
        stream.compose_stream_datum({"start": 0, "stop": 2}),
        stream.compose_stream_datum({"start": 2, "stop": 3}, {"start": 3, "stop": 4}, primary.descriptor_doc),
    ],
    "errors": {
        "other_keys": outcome(lambda: run.compose_descriptor("primary", {"y": keys["x"]}))["error"],
        "missing_key": outcome(lambda: primary.compose_event({}, {}))["error"],
        "other_timestamps": outcome(lambda: primary.compose_event({"x": 1}, {}))["error"],
        "filled_more": outcome(lambda: primary.compose_event({"x": 1}, {"x": 1.0}, filled={"y": True}))["error"],
        "page_lengths": outcome(lambda: primary.compose_event_page({"x": [1, 2], "img": [1]}, {"x": [1.0, 2.0]}))["error"],
    },
    "stop": stop(exit_status="abort", reason="bored"),
    "second_stop": outcome(lambda: stop()),
}

json.dump(out, sys.stdout, indent=1)
