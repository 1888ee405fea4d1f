"""Sequences and what useq-schema makes of them, as JSON on standard output.

Usage: make_useq_fixtures.py generated | from-stdin

`generated` are 200 sequences by a fixed seed, over every kind of plan. `from-stdin` takes a JSON list of sequences.
Of each: the sequence, and its events, or the error that useq-schema refuses it with.
"""

import itertools
import json
import random
import sys
import warnings

from pydantic import ValidationError
from useq import MDASequence

COUNT = 200
SEED = 20261125
MODES = ["row_wise", "column_wise", "row_wise_snake", "column_wise_snake", "spiral"]
PLATES = ["6-well", "12-well", "24-well", "48-well", "96-well", "384-well", "1536-well", 96, 24]
PLATES += ["coverslip-18mm-square", "coverslip-22mm-square"]
MAX_EVENTS = 600


def event_of(event):
    return {
        "index": {str(axis): int(at) for axis, at in event.index.items()},
        "channel": event.channel and {"config": event.channel.config, "group": event.channel.group},
        "exposure": event.exposure,
        "min_start_time": event.min_start_time,
        "pos_name": event.pos_name,
        "x_pos": number(event.x_pos),
        "y_pos": number(event.y_pos),
        "z_pos": number(event.z_pos),
        "action": event.action.model_dump(),
        "keep_shutter_open": event.keep_shutter_open,
        "reset_event_timer": event.reset_event_timer,
        "properties": event.properties and [list(item) for item in event.properties],
    }


def number(value):
    return None if value is None else float(value)


def outcome(sequence):
    """Fresh from JSON each time: a focus plan remembers the last event it was asked about."""
    try:
        parsed = MDASequence.model_validate(json.loads(json.dumps(sequence)))
    except ValidationError as error:
        return {"sequence": sequence, "refused": str(error).splitlines()[-2:]}
    try:
        events = list(itertools.islice(parsed, 100_000))
    except Exception as error:  # what useq-schema takes and then cannot go through
        return {"sequence": sequence, "broke": type(error).__name__}
    return {"sequence": sequence, "events": [event_of(event) for event in events]}


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def sometimes(self, chance, make):
        return make() if self.random.random() < chance else None

    def um(self, low=-500, high=500):
        return round(self.random.uniform(low, high), self.random.choice([0, 1, 3, 6]))

    def z_plan(self, kind=None):
        r = self.random
        kind = r.randrange(5) if kind is None else kind
        step = r.choice([0.1, 0.25, 0.3, 0.5, 1, 2.5, 0])
        span = r.choice([0, 0.4, 0.7, 1, 1.5, 2])
        plan = [
            lambda: {"top": 10 + span, "bottom": 10, "step": step},
            lambda: {"above": span, "below": r.choice([0, 0.5, -0.75]), "step": step},
            lambda: {"range": span, "step": step},
            lambda: {"absolute": [self.um() for _ in range(r.randint(1, 4))]},
            lambda: {"relative": [self.um(-5, 5) for _ in range(r.randint(1, 4))]},
        ][kind]()
        if r.random() < 0.4:
            plan["go_up"] = r.random() < 0.3
        return plan

    def duration(self, low=0.0, high=10.0):
        r = self.random
        seconds = r.uniform(low, high)
        return r.choice(
            [
                lambda: round(seconds, r.choice([0, 1, 6, 9])) or 1,
                lambda: f"0:00:{int(seconds):02d}.{r.randrange(1, 1_000_000):06d}",
                lambda: f"PT{int(seconds) + 1}S",
                lambda: {"seconds": int(seconds), "milliseconds": r.randrange(1, 1000)},
            ]
        )()

    def phase(self, kind=None):
        r = self.random
        kind = r.randrange(3) if kind is None else kind
        plan = [
            lambda: {"interval": self.duration(), "loops": r.randint(1, 3)},
            lambda: {"duration": self.duration(), "loops": r.randint(2, 4)},
            lambda: {"interval": self.duration(1.5, 3), "duration": self.duration(3, 6)},
        ][kind]()
        if r.random() < 0.3:
            plan["prioritize_duration"] = r.random() < 0.5
        return plan

    def time_plan(self, kind=None):
        r = self.random
        kind = r.randrange(5) if kind is None else kind
        if kind < 3:
            return self.phase(kind)
        phases = [self.phase() for _ in range(r.randint(1, 3))]
        return phases if kind == 3 else {"phases": phases}

    def grid_options(self, always_fov=True):
        r = self.random
        plan = {"mode": r.choice(MODES)}
        if always_fov or r.random() < 0.7:
            plan |= {"fov_width": r.choice([50, 64.5, 100]), "fov_height": r.choice([40, 64.5, 100])}
        if r.random() < 0.6:
            plan["overlap"] = r.choice([10, 12.5, [5, 20], -10, 0])
        return plan

    def polygon(self):
        """Corners on a star around a centre never make edges that meet."""
        r = self.random
        count = r.randint(3, 8)
        turns = sorted(r.uniform(0, 1) for _ in range(count))
        if max(b - a for a, b in zip(turns, turns[1:] + [turns[0] + 1])) >= 0.49:
            turns = [at / count for at in range(count)]
        import math

        x, y = self.um(), self.um()
        radii = [r.uniform(40, 160) for _ in turns]
        return [
            [x + radius * math.cos(turn * 2 * math.pi), y + radius * math.sin(turn * 2 * math.pi)]
            for turn, radius in zip(turns, radii)
        ]

    def relative_points(self, kind=None):
        r = self.random
        kind = r.randrange(4) if kind is None else kind
        relative_to = {"relative_to": r.choice(["center", "top_left"])} if r.random() < 0.5 else {}
        if kind == 0:
            return self.grid_options(False) | relative_to | {"rows": r.randint(1, 3), "columns": r.randint(1, 4)}
        if kind == 1:
            return self.grid_options() | relative_to | {"width": r.uniform(20, 220), "height": r.uniform(20, 180)}
        if kind == 2:
            plan = {"num_points": r.randint(1, 9), "random_seed": r.randrange(2**32)}
            plan |= {"max_width": r.uniform(50, 400), "max_height": r.uniform(50, 400)}
            plan["order"] = r.choice(["two_opt", "nearest_neighbor", None])
            if r.random() < 0.7:
                plan["shape"] = r.choice(["ellipse", "rectangle"])
            if r.random() < 0.5:
                plan |= {"allow_overlap": False, "fov_width": r.uniform(10, 60), "fov_height": r.uniform(10, 60)}
            if r.random() < 0.4:
                plan["start_at"] = r.choice([0, 1, plan["num_points"] + 2, {"x": 3, "y": -4.5}])
            return plan
        return {"x": self.um(), "y": self.um(), "name": r.choice([None, "spot"])}

    def grid_plan(self, kind=None):
        r = self.random
        kind = r.randrange(6) if kind is None else kind
        if kind < 4:
            return self.relative_points(kind)
        if kind == 4:
            left, top = self.um(), self.um()
            edges = {"left": left, "right": left + r.uniform(-250, 250), "top": top, "bottom": top - r.uniform(10, 250)}
            return self.grid_options() | edges
        plan = self.grid_options() | {"vertices": self.polygon()}
        if r.random() < 0.4:
            plan["convex_hull"] = True
        if r.random() < 0.5:
            plan["offset"] = r.choice([5, 12.5, 30, -5, -15])
        return plan

    def channels(self):
        r = self.random
        names = r.sample(["DAPI", "FITC", "Cy3", "BF"], r.randint(1, 3))
        return [self.channel(name) for name in names]

    def channel(self, name):
        r = self.random
        if r.random() < 0.25:
            return name
        channel = {"config": name}
        if r.random() < 0.5:
            channel["exposure"] = r.choice([1, 20.5, 100])
        if r.random() < 0.3:
            channel["z_offset"] = self.um(-3, 3)
        if r.random() < 0.3:
            channel["do_stack"] = False
        if r.random() < 0.3:
            channel["acquire_every"] = r.randint(1, 3)
        if r.random() < 0.2:
            channel["group"] = "Other"
        return channel

    def well_plate(self):
        r = self.random
        plate = r.choice(PLATES)
        if r.random() < 0.2:
            plate = {"rows": 30, "columns": 3, "well_spacing": [4.5, 5], "well_size": 3, "circular_wells": r.random() < 0.5}
        plan = {"plate": plate, "a1_center_xy": [self.um(), self.um()]}
        rotation = r.choice([None, 0, 3.5, "5°", "0.05 rad", "2 deg", [0, -1, 1, 0], [[0.6, -0.8], [0.8, 0.6]]])
        if rotation is not None or r.random() < 0.5:
            plan["rotation"] = rotation
        single = isinstance(plate, str) and plate.startswith("cover")
        options = [[[0], [0]], None, 0, [-1, -1], [0]]
        if not single:
            options += [[[0, 1], [0, 1]], [[0, 1, 1], 2], [1, [0, 2]], [-1, [0, -1]], [[0, 1], [1]]]
        if plate in (*PLATES[:2], *PLATES[-2:]) and r.random() < 0.6:
            pass
        else:
            plan["selected_wells"] = r.choice(options if plate not in ("1536-well", "384-well") else options[:4])
        if r.random() < 0.7:
            plan["well_points_plan"] = self.relative_points()
        return plan

    def position(self, allow_own, with_own):
        r = self.random
        position = {}
        for axis in "xyz":
            if r.random() < 0.8:
                position[axis] = self.um()
        if r.random() < 0.5:
            position["name"] = r.choice(["A", "here", "", None])
        if r.random() < 0.2:
            position["properties"] = [["Light", "power", r.randrange(9)], ["Wheel", "label", "red"]]
        if allow_own and with_own:
            position["sequence"] = self.own_sequence()
        return position

    def own_sequence(self):
        r = self.random
        own = {}
        if r.random() < 0.45:
            own["grid_plan"] = self.grid_plan()
        if r.random() < 0.4:
            own["z_plan"] = self.z_plan()
        if r.random() < 0.35:
            own["channels"] = self.channels()
        if r.random() < 0.25:
            own["time_plan"] = self.time_plan()
        if r.random() < 0.2:
            own["autofocus_plan"] = self.autofocus()
        if r.random() < 0.2:
            own["axis_order"] = "".join(r.sample("tgcz", 4))
        return own

    def autofocus(self):
        r = self.random
        plan = {"axes": r.sample("tpgcz", r.randint(1, 3))}
        if r.random() < 0.5:
            plan["autofocus_motor_offset"] = self.um(0, 50)
        if r.random() < 0.3:
            plan["autofocus_device_name"] = "Z"
        return plan

    def sequence(self, at):
        """The kinds of plans take turns, so that each comes often; the rest is drawn."""
        r = self.random
        sequence = {}
        parts = {
            "channels": lambda: self.channels(),
            "z_plan": lambda: self.z_plan(at % 5),
            "grid_plan": lambda: self.grid_plan(at % 6),
            "time_plan": lambda: self.time_plan(at % 5),
        }
        for name, make in parts.items():
            if r.random() < 0.55:
                sequence[name] = make()
        kind = r.random()
        if kind < 0.2:
            sequence["stage_positions"] = self.well_plate()
        elif kind < 0.75:
            own = r.random() < 0.6
            count = r.randint(0, 3)
            sequence["stage_positions"] = [self.position(own, r.random() < 0.6) for _ in range(count)]
        if r.random() < 0.6:
            order = r.sample("tpgcz", 5)
            sequence["axis_order"] = "".join(order if r.random() < 0.8 else order[: r.randint(2, 4)])
        if r.random() < 0.3:
            sequence["autofocus_plan"] = self.autofocus()
        if r.random() < 0.35:
            sequence["keep_shutter_open_across"] = r.choice(["z", ["z", "c"], ["t", "z", "g"], "tpgcz"])
        if r.random() < 0.1:
            sequence["metadata"] = {"sample": "beads"}
        return sequence


def generated():
    """What useq-schema takes and cannot go through is drawn again: the edge cases have those."""
    generator = Generator(SEED)
    found = []
    while len(found) < COUNT:
        drawn = outcome(generator.sequence(len(found)))
        if "broke" in drawn or len(drawn.get("events", [])) > MAX_EVENTS:
            continue
        if drawn.get("events") == [] and generator.random.random() < 0.9:
            continue
        found.append(drawn)
    return found


def main():
    warnings.simplefilter("ignore")
    which = sys.argv[1]
    if which == "generated":
        print(json.dumps(generated()))
    elif which == "from-stdin":
        print(json.dumps([outcome(sequence) for sequence in json.load(sys.stdin)]))
    else:
        raise SystemExit(f"{which}: generated or from-stdin")


if __name__ == "__main__":
    main()
