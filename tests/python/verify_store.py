#!/usr/bin/env python3
"""verify_store.py JOBS.json|-

Each job is {"store": PATH, "order": "tpcz", "sizes": {...} or null, "frames": N or null, "pixels": "ramp" or "none", "live": false};
all but the store may be left out. Opens each OME-Zarr store with zarr-python, tensorstore, ome-zarr-models and ome-zarr-py and prints
a list of {store, kind, images: [{path, shape, dtype, channels, scale, units, frames_checked...}], failures: [{check, message}]}.
Exit status 0: no failure.

Pixels follow the ramp of the simulated camera: pixel (y, x) of frame i of a camera is (31 i + 7 y + 3 x) mod 65521, cut to the low 8 bits
for uint8. i is the number of the frame in the acquisition: row-major in ORDER (letters of t, p, c, z, outermost first), over
`sizes` where the array became shorter than planned. With `frames` only frames 0..N-1 must match; all others inside the shape must be the
fill value. With `live` the store is still being written: the OME readers are left out.
"""
import argparse
import itertools
import json
import pathlib
import sys

import numpy as np


def ramp(index, height, width, dtype):
    y = np.arange(height, dtype=np.int64)[:, None]
    x = np.arange(width, dtype=np.int64)[None, :]
    value = (31 * index + 7 * y + 3 * x) % 65521
    return (value & 0xFF if dtype == np.uint8 else value).astype(dtype)


class Report:
    def __init__(self, store):
        self.result = {"store": str(store), "kind": None, "images": [], "failures": []}

    def check(self, name, work):
        try:
            return work()
        except BaseException as error:  # a panic in a native library is a failed check, too
            message = f"{type(error).__name__}: {str(error)[:400]}"
            self.result["failures"].append({"check": name, "message": message})
            return None


def group_of(path):
    metadata = json.loads((path / "zarr.json").read_text())
    assert metadata["node_type"] == "group", metadata["node_type"]
    return metadata["attributes"]["ome"]


def image_paths(store):
    ome = group_of(store)
    if "multiscales" in ome:
        return "image", [""]
    assert ome["bioformats2raw.layout"] == 3
    return "collection", group_of(store / "OME")["series"]


def open_with_tensorstore(path):
    import tensorstore

    spec = {"driver": "zarr3", "kvstore": {"driver": "file", "path": f"{path}/"}}
    return tensorstore.open(spec, open=True, read=True).result()


def open_with_zarr(path):
    import zarr

    return zarr.open_array(str(path), mode="r")


def check_root(store, kind):
    import ome_zarr_models
    import zarr
    from ome_zarr_models.v05.bioformats2raw import BioFormats2Raw

    group = zarr.open_group(str(store), mode="r")
    # open_ome_zarr does not try collections of version 0.5.
    model = ome_zarr_models.open_ome_zarr(group) if kind == "image" else BioFormats2Raw.from_zarr(group)
    return f"{type(model).__module__}.{type(model).__name__}"


def check_image_with_ome(path):
    import ome_zarr_models
    import zarr
    from ome_zarr.io import parse_url
    from ome_zarr.reader import Reader

    model = ome_zarr_models.open_ome_zarr(zarr.open_group(str(path), mode="r"), version="0.5")
    assert type(model).__name__ == "Image", type(model).__name__
    nodes = list(Reader(parse_url(str(path)))())
    assert nodes and len(nodes[0].data) == 1, "ome-zarr-py finds no data"


def frame_numbers(order, sizes):
    """Acquisition number by (t, p, c, z)."""
    axes = [axis for axis in order]
    ranges = [range(sizes[axis]) for axis in axes]
    numbers = {}
    for number, index in enumerate(itertools.product(*ranges)):
        at = dict(zip(axes, index))
        numbers[tuple(at.get(axis, 0) for axis in "tpcz")] = number
    return numbers


def compare(read, shape, dtype, numbers, position, frames):
    height, width = shape[-2:]
    checked = 0
    for t, c, z in itertools.product(*map(range, shape[:3])):
        number = numbers[(t, position, c, z)]
        got = np.asarray(read((t, c, z)))
        assert got.dtype == dtype, f"dtype {got.dtype}"
        if frames is not None and number >= frames:
            assert not got.any(), f"frame {number} (t {t}, c {c}, z {z}) was never written and is not empty"
            continue
        assert np.array_equal(got, ramp(number, height, width, dtype)), f"frame {number} (t {t}, c {c}, z {z}) differs"
        checked += 1
    return checked


def verify(job):
    options = argparse.Namespace(**{"order": "t", "sizes": None, "frames": None, "pixels": "ramp", "live": False, **job})
    options.store = pathlib.Path(options.store)
    report = Report(options.store)
    found = report.check("metadata", lambda: image_paths(options.store))
    if not found:
        return report.result
    report.result["kind"], paths = found
    if not options.live:
        report.result["model"] = report.check("ome", lambda: check_root(options.store, report.result["kind"]))
    for path in paths:
        folder = options.store / path
        if not options.live:
            report.check(f"ome image {path}", lambda: check_image_with_ome(folder))
        report.check(f"image {path}", lambda: check_image(report, options, folder, path))
    return report.result


def main():
    text = sys.stdin.read() if sys.argv[1] == "-" else pathlib.Path(sys.argv[1]).read_text()
    results = [verify(job) for job in json.loads(text)]
    print(json.dumps(results, default=str))
    sys.exit(1 if any(result["failures"] for result in results) else 0)


def check_image(report, options, folder, path):
    ome = group_of(folder)
    multiscale = ome["multiscales"][0]
    axes = multiscale["axes"]
    dataset = multiscale["datasets"][0]
    array_path = folder / dataset["path"]
    first, second = open_with_zarr(array_path), open_with_tensorstore(array_path)
    assert tuple(first.shape) == tuple(second.shape), f"{first.shape} and {tuple(second.shape)}"
    assert first.metadata.dimension_names == tuple(axis["name"] for axis in axes)
    checked = None
    if options.pixels == "ramp":
        position = int(path.rsplit("_p", 1)[1]) if "_p" in path else 0
        sizes = options.sizes or {**dict(zip("tcz", first.shape)), "p": 1}
        numbers = frame_numbers(options.order, sizes)
        for name, read in (("zarr-python", lambda at: first[at]), ("tensorstore", lambda at: second[at].read().result())):
            run = lambda: compare(read, tuple(first.shape), first.dtype, numbers, position, options.frames)
            checked = report.check(f"pixels of {path or '/'} by {name}", run)
    report.result["images"].append(
        {
            "path": path,
            "shape": list(first.shape),
            "dtype": str(first.dtype),
            "chunks": list(first.chunks),
            "shards": list(first.shards or []),
            "scale": dataset["coordinateTransformations"][0]["scale"],
            "units": [axis.get("unit") for axis in axes],
            "channels": [[channel["label"], channel["color"]] for channel in ome["omero"]["channels"]],
            "windows": [channel["window"] for channel in ome["omero"]["channels"]],
            "frames_checked": checked,
        }
    )


main()
