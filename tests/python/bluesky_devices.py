"""The devices that the cases in tests/golden/bluesky were recorded with, for running the same items through bluesky itself.

They belong to the recording and are not to be changed: plugins/bluesky-sim has the same devices for Redsun. Nothing takes time unless stated.
"""
import itertools, threading, time as ttime
from event_model import compose_stream_resource, compose_resource
_idx = itertools.count(1)
_LOG = []          # device-call log: [device, method, *args]

class Status:
    """bluesky.protocols.Status. done at construction unless auto=False (then .finish()/.fail(exc))."""
    def __init__(self, label, auto=True, exc=None):
        self.label, self.done, self._exc, self._cbs = label, False, None, []
        self._lock = threading.Lock()
        if exc is not None: self.fail(exc)
        elif auto: self.finish()
    @property
    def success(self): return self.done and self._exc is None
    def _end(self):
        with self._lock: self.done, cbs = True, list(self._cbs); self._cbs.clear()
        for cb in cbs: cb(self)
    def finish(self): self._end()
    def fail(self, exc): self._exc = exc; self._end()
    def add_callback(self, cb):
        with self._lock:
            if not self.done: self._cbs.append(cb); return
        cb(self)
    def exception(self, timeout=0.0): return self._exc
    def __repr__(self): return f"Status({self.label}, done={self.done}, success={self.success})"

def R(v): return {"value": v, "timestamp": ttime.time()}

class Dev:
    def __init__(self, name, parent=None):
        self.name, self.parent, self._i = name, parent, next(_idx)
    def __hash__(self): return self._i            # makes set iteration = creation order
    def __eq__(self, o): return self is o
    def __repr__(self): return f"{type(self).__name__}(name='{self.name}')"
    def log(self, meth, *a): _LOG.append([self.name, meth, *a])

class Plain(Dev):
    """Readable only (no trigger/stage/config/hints)."""
    def __init__(self, name, value=7, parent=None): super().__init__(name, parent); self.value = value
    def read(self): return {self.name: R(self.value)}
    def describe(self): return {self.name: {"source": f"SIM:{self.name}", "dtype": "number", "shape": []}}

class Det(Plain):
    """value = number of trigger() calls so far (or fn() if given). Configurable exposure=0.1, hinted, old-style stage."""
    def __init__(self, name, fn=None, parent=None):
        super().__init__(name, 0, parent); self.fn, self.exposure = fn, 0.1
    @property
    def hints(self): return {"fields": [self.name]}
    def stage(self): self.log("stage"); return [self]
    def unstage(self): self.log("unstage"); return [self]
    def trigger(self):
        self.log("trigger"); self.value = self.fn() if self.fn else self.value + 1
        return Status(f"{self.name}.trigger")
    def describe(self):
        d = super().describe(); d[self.name].update(units="counts", precision=3); return d
    def read_configuration(self): return {f"{self.name}-exposure": R(self.exposure)}
    def describe_configuration(self):
        return {f"{self.name}-exposure": {"source": f"SIM:{self.name}-exposure", "dtype": "number", "shape": []}}
    def configure(self, d):
        self.log("configure", d); old = self.read_configuration()
        self.exposure = d["exposure"]; return old, self.read_configuration()

class StatusStageDet(Det):
    """stage()/unstage() return Status (ophyd-async style)."""
    def stage(self): self.log("stage"); return Status(f"{self.name}.stage")
    def unstage(self): self.log("unstage"); return Status(f"{self.name}.unstage")

class Motor(Dev):
    """Instant motor. read(): name, name_setpoint. `position` attribute (ophyd style, not Locatable)."""
    def __init__(self, name, position=0.0, parent=None, auto=True):
        super().__init__(name, parent); self.position = self.setpoint = position; self.auto = auto; self.st = None
    @property
    def hints(self): return {"fields": [self.name]}
    def set(self, v):
        self.log("set", v); self.setpoint = v; st = Status(f"{self.name}.set", auto=False); self.st = st
        if self.auto: self.position = v; st.finish()
        return st
    def arrive(self):
        self.position = self.setpoint; self.st.finish()
    def stop(self, success=True):
        self.log("stop", success)
        if self.st and not self.st.done: self.st.finish()      # a pending move ends (successfully) where it is
    def read(self): return {self.name: R(self.position), f"{self.name}_setpoint": R(self.setpoint)}
    def describe(self):
        return {k: {"source": f"SIM:{k}", "dtype": "number", "shape": [], "units": "um", "precision": 3}
                for k in (self.name, f"{self.name}_setpoint")}
    def read_configuration(self): return {f"{self.name}_velocity": R(1.0)}
    def describe_configuration(self):
        return {f"{self.name}_velocity": {"source": f"SIM:{self.name}_velocity", "dtype": "number", "shape": []}}
    def stage(self): self.log("stage"); return [self]
    def unstage(self): self.log("unstage"); return [self]

class LocMotor(Motor):
    """Motor that is Locatable (ophyd-async style)."""
    def locate(self): return {"setpoint": self.setpoint, "readback": self.position}
class AsyncMotor(LocMotor):
    """Locatable motor whose read/describe/locate/... are coroutines and stage returns Status."""
    async def read(self): return Motor.read(self)
    async def describe(self): return Motor.describe(self)
    async def read_configuration(self): return Motor.read_configuration(self)
    async def describe_configuration(self): return Motor.describe_configuration(self)
    async def locate(self): return LocMotor.locate(self)
    def stage(self): self.log("stage"); return Status(f"{self.name}.stage")
    def unstage(self): self.log("unstage"); return Status(f"{self.name}.unstage")
class LimitMotor(Motor):
    limits = (-10, 10)
    def check_value(self, v):
        if not -10 <= v <= 10: raise ValueError(f"{self.name}: {v} outside (-10, 10)")

class Signal(Dev):
    """Readable+Movable+Subscribable; subscribe() calls back at once and after every put(), ophyd style: cb(value=, old_value=, timestamp=, obj=)."""
    def __init__(self, name, value=0): super().__init__(name); self.value, self._subs = value, []
    def get(self): return self.value
    def put(self, v):
        old, self.value = self.value, v
        for cb in list(self._subs): self._call(cb, old)
    def _call(self, cb, old): cb(value=self.value, old_value=old, timestamp=ttime.time(), obj=self)
    def set(self, v): self.log("set", v); self.put(v); return Status(f"{self.name}.set")
    def subscribe(self, cb, event_type=None, run=True):
        self.log("subscribe"); self._subs.append(cb)
        if run: self._call(cb, None)
    def clear_sub(self, cb): self.log("clear_sub"); self._subs = [c for c in self._subs if c is not cb]
    def read(self): return {self.name: R(self.value)}
    def describe(self): return {self.name: {"source": f"SIM:{self.name}", "dtype": "number", "shape": []}}
class ReadingSignal(Signal):
    """As Signal but the callback gets the reading dict positionally (ophyd-async style)."""
    def _call(self, cb, old): cb({self.name: R(self.value)})

class BaseFlyer(Dev):
    """Flyer base: nested describe_collect {stream: {key: DataKey}}, collect() yields n partial events i=0..n-1, data {name_x: i, name_y: i*i}."""
    def __init__(self, name, n=3, stream=None): super().__init__(name); self.n, self.stream = n, stream or f"{name}_stream"
    def kickoff(self): self.log("kickoff"); return Status(f"{self.name}.kickoff")
    def complete(self): self.log("complete"); return Status(f"{self.name}.complete")
    def _keys(self): return {k: {"source": f"SIM:{k}", "dtype": "number", "shape": []} for k in (f"{self.name}_x", f"{self.name}_y")}
    def describe_collect(self): return {self.stream: self._keys()}
    def read_configuration(self): return {f"{self.name}_n": R(self.n)}
    def describe_configuration(self): return {f"{self.name}_n": {"source": f"SIM:{self.name}_n", "dtype": "integer", "shape": []}}
class Flyer(BaseFlyer):
    """collect(): n partial events (EventCollectable)."""
    def collect(self):
        for i in range(self.n):
            t = ttime.time(); yield {"data": {f"{self.name}_x": i, f"{self.name}_y": i * i}, "timestamps": {f"{self.name}_x": t, f"{self.name}_y": t}, "time": t}
class FlatFlyer(Flyer):
    """describe_collect is flat: needs declare_stream(collect=True) first."""
    def describe_collect(self): return self._keys()
class PageFlyer(BaseFlyer):
    """collect_pages(): two pages, i=0..n-1 then i=n..2n-1 (EventPageCollectable)."""
    def collect_pages(self):
        for p in range(2):
            i = list(range(p * self.n, (p + 1) * self.n)); t = [ttime.time()] * self.n
            yield {"data": {f"{self.name}_x": i, f"{self.name}_y": [j * j for j in i]}, "timestamps": {f"{self.name}_x": t, f"{self.name}_y": t}, "time": t}

class StreamDet(Dev):
    """ophyd-async-like detector writing external frames. shape (4,5) uint16, one data key = name, external STREAM:.
    trigger(): frames += 1. prepare(n): target=n. kickoff(): instant. complete(): frames=target, done -- unless step is
    given: then each get_index() call adds `step` frames (up to target) and complete()'s status finishes when frames==target.
    collect_asset_docs(index): first call since stage() yields the stream_resource; then, if index > last emitted, one stream_datum [last, index)."""
    def __init__(self, name, step=None):
        super().__init__(name); self.step = step; self.frames = self.last = 0; self.target = 0; self.bundle = None; self.st = None
    hints = property(lambda self: {})
    def stage(self): self.log("stage"); self.frames = self.last = 0; self.bundle = None; return Status(f"{self.name}.stage")
    def unstage(self): self.log("unstage"); return Status(f"{self.name}.unstage")
    def prepare(self, n): self.log("prepare", n); self.target = n; return Status(f"{self.name}.prepare")
    def trigger(self): self.log("trigger"); self.frames += 1; return Status(f"{self.name}.trigger")
    def kickoff(self): self.log("kickoff"); self.target += self.frames if self.frames else 0; return Status(f"{self.name}.kickoff")
    def complete(self):
        self.log("complete")
        if self.step is None: self.frames = self.target; return Status(f"{self.name}.complete")
        self.st = Status(f"{self.name}.complete", auto=False); return self.st
    def describe(self): return {self.name: {"source": f"SIM:{self.name}", "dtype": "array", "shape": [1, 4, 5], "dtype_numpy": "<u2", "external": "STREAM:"}}
    describe_collect = describe
    def read(self): return {}
    def read_configuration(self): return {}
    def describe_configuration(self): return {}
    def _advance(self):
        if self.step and self.st and not self.st.done:
            self.frames = min(self.target, self.frames + self.step)
            if self.frames == self.target: self.st.finish()
    async def get_index(self): self._advance(); return self.frames
    async def collect_asset_docs(self, index=None):
        if index is None: self._advance(); index = self.frames
        if not self.bundle:
            self.bundle = compose_stream_resource(mimetype="application/x-hdf5", uri=f"file://localhost/data/{self.name}.h5",
                data_key=self.name, parameters={"dataset": "/entry/data/data", "chunk_shape": [1, 4, 5]})
            yield "stream_resource", self.bundle.stream_resource_doc
        if index > self.last:
            yield "stream_datum", self.bundle.compose_stream_datum({"start": self.last, "stop": index}); self.last = index

class FileDet(Det):
    """Legacy area detector: resource per stage(), datum per trigger(); value is the datum_id; external FILESTORE:."""
    def __init__(self, name): super().__init__(name); self.assets, self.n = [], 0
    def stage(self):
        self.log("stage"); self.n = 0
        self.res = compose_resource(spec="SIM_NPY", root="/data", resource_path=f"{self.name}.npy", resource_kwargs={"frame_per_point": 1})
        d = dict(self.res.resource_doc); d.pop("run_start", None); self.assets = [("resource", d)]; return [self]
    def trigger(self):
        self.log("trigger"); d = self.res.compose_datum(datum_kwargs={"index": self.n}); self.n += 1
        self.assets.append(("datum", d)); self.value = d["datum_id"]; return Status(f"{self.name}.trigger")
    def describe(self): return {self.name: {"source": f"SIM:{self.name}", "dtype": "array", "shape": [4, 5], "external": "FILESTORE:"}}
    def collect_asset_docs(self):
        out, self.assets = self.assets, []; yield from out

class BadDet(Det):
    """mode: 'trigger_raises' | 'trigger_fails' (failed Status) | 'read_raises' | 'read_none' | 'stage_raises', from the `at`-th call on."""
    def __init__(self, name, mode, at=1): super().__init__(name); self.mode, self.at, self.calls = mode, at, 0
    def _hit(self, m):
        if not self.mode.startswith(m): return False
        self.calls += 1; return self.calls >= self.at
    def stage(self):
        if self._hit("stage"): raise RuntimeError("stage broke")
        return super().stage()
    def trigger(self):
        if self._hit("trigger"):
            if self.mode == "trigger_raises": raise RuntimeError("trigger broke")
            self.log("trigger"); return Status(f"{self.name}.trigger", exc=RuntimeError("hardware fault"))
        return super().trigger()
    def read(self):
        if self._hit("read"):
            if self.mode == "read_none": return None
            raise RuntimeError("read broke")
        return super().read()

class PausableDet(Det):
    """pause()/resume() logged; no_replay=True raises NoReplayAllowed from pause()."""
    def __init__(self, name, no_replay=False): super().__init__(name); self.no_replay = no_replay
    def pause(self):
        self.log("pause")
        if self.no_replay:
            from bluesky.utils import NoReplayAllowed
            raise NoReplayAllowed("no replay")
    def resume(self): self.log("resume")
class NoRewindDet(Det):
    """`rewindable` attribute with .get() -> False (so trigger_and_read turns rewinding off)."""
    class _F:
        def get(self): return False
    rewindable = _F()
