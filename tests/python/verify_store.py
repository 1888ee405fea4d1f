#!/usr/bin/env python3
"""verify_store.py JOBS.json|-

Each job is {"store": PATH, "order": "tpcz", "sizes": {...} or null, "frames": N or null, "pixels": "ramp" or "none", "live": false};
all but the store may be left out. Opens each OME-Zarr store with zarr-python, tensorstore, ome-zarr-models and ome-zarr-py and prints
a list of {store, kind, images: [{path, shape, dtype, channels, scale, units, frames_checked...}], failures: [{check, message}]}.
Exit status 0: no failure.

Pixels follow the ramp of the simulated camera: pixel (y, x) of colour c and plane z of frame i of a camera is
(31 i + 7 y + 3 x + 11 c + 5 z) mod 65521, cut to the low 8 bits for uint8, 32760 less for int16, a quarter for float32. A frame has
`planes`: {"c": colours, "z": planes}. Coarser levels are means of 2 x 2 pixels. i is the number of the frame in the acquisition: row-major in ORDER (letters of t, p, c, z, outermost first), over
`sizes` where the array became shorter than planned. With `frames` only frames 0..N-1 must match; all others inside the shape must be the
fill value. With `live` the store is still being written: the OME readers are left out.
"""
import argparse
import itertools
import json
import pathlib
import sys

import numpy as np


def ramp(index, colour, plane, height, width, dtype):
    y = np.arange(height, dtype=np.int64)[:, None]
    x = np.arange(width, dtype=np.int64)[None, :]
    value = (31 * index + 7 * y + 3 * x + 11 * colour + 5 * plane) % 65521
    if dtype == np.uint8:
        value = value & 0xFF
    elif dtype == np.int16:
        value = value - 32760
    elif dtype == np.float32:
        value = value / 4
    return value.astype(dtype)


def halve(plane):
    """Means of 2 x 2 pixels, integers rounded half up, a last row or column of an odd length twice."""
    padded = np.pad(plane, [(0, length % 2) for length in plane.shape], mode="edge")
    wide = padded.astype(np.float64 if plane.dtype == np.float32 else np.int64)
    total = wide[0::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 0::2] + wide[1::2, 1::2]
    return (total / 4 if plane.dtype == np.float32 else (total + 2) // 4).astype(plane.dtype)


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
    if "plate" in ome:
        wells = [well["path"] for well in ome["plate"]["wells"]]
        fields = lambda well: [f"{well}/{image['path']}" for image in group_of(store / well)["well"]["images"]]
        return "plate", [field for well in wells for field in fields(well)]
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
    model = BioFormats2Raw.from_zarr(group) if kind == "collection" else ome_zarr_models.open_ome_zarr(group)
    return f"{type(model).__module__}.{type(model).__name__}"


def check_image_with_ome(path):
    import ome_zarr_models
    import zarr
    from ome_zarr.io import parse_url
    from ome_zarr.reader import Reader

    model = ome_zarr_models.open_ome_zarr(zarr.open_group(str(path), mode="r"), version="0.5")
    assert type(model).__name__ == "Image", type(model).__name__
    nodes = list(Reader(parse_url(str(path)))())
    levels = len(group_of(path)["multiscales"][0]["datasets"])
    assert nodes and len(nodes[0].data) == levels, "ome-zarr-py finds no data"


def frame_numbers(order, sizes):
    """Acquisition number by (t, p, c, z)."""
    axes = [axis for axis in order]
    ranges = [range(sizes[axis]) for axis in axes]
    numbers = {}
    for number, index in enumerate(itertools.product(*ranges)):
        at = dict(zip(axes, index))
        numbers[tuple(at.get(axis, 0) for axis in "tpcz")] = number
    return numbers


def compare(levels, size, dtype, numbers, position, frames, planes):
    """The pixels of all levels; `size` is that of the finest."""
    height, width = size[-2:]
    checked = 0
    for t, c, z in itertools.product(*map(range, size[:3])):
        number = numbers[(t, position, c // planes["c"], z // planes["z"])]
        written = frames is None or number < frames
        expected = ramp(number, c % planes["c"], z % planes["z"], height, width, dtype)
        for at, read in enumerate(levels):
            where = f"level {at} of frame {number} (t {t}, c {c}, z {z})"
            got = np.asarray(read((t, c, z)))
            assert got.dtype == dtype, f"dtype {got.dtype}"
            if written:
                assert np.array_equal(got, expected), f"{where} differs"
                expected = halve(expected)
            else:
                assert not got.any(), f"{where} was never written and is not empty"
        checked += written
    return checked


def verify(job):
    options = argparse.Namespace(**{"order": "t", "sizes": None, "frames": None, "planes": {"c": 1, "z": 1}, "pixels": "ramp", "live": False, **job})
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


def check_mask(folder, shape, expected):
    for mask in (open_with_zarr(folder / "written")[:], open_with_tensorstore(folder / "written").read().result()):
        assert mask.shape == shape, f"{mask.shape}"
        assert mask.ravel().astype(bool).tolist() == expected, "the mask is not what was written"


def inner_codecs(array):
    """Those behind `bytes`, inside of the shards."""
    [sharding] = array.metadata.codecs
    return sharding.codecs[1:]


def check_image(report, options, folder, path):
    ome = group_of(folder)
    multiscale = ome["multiscales"][0]
    axes = multiscale["axes"]
    dataset = multiscale["datasets"][0]
    levels = [folder / level["path"] for level in multiscale["datasets"]]
    first, second = [open_with_zarr(level) for level in levels], [open_with_tensorstore(level) for level in levels]
    for one, other in zip(first, second):
        assert tuple(one.shape) == tuple(other.shape), f"{one.shape} and {tuple(other.shape)}"
        assert one.metadata.dimension_names == tuple(axis["name"] for axis in axes)
    finest = first[0]
    checked = None
    if options.pixels == "ramp":
        position = json.loads((folder / "zarr.json").read_text())["attributes"]["redsun"]["position_index"]
        planes = options.planes
        length = {axis: size // planes.get(axis, 1) for axis, size in zip("tcz", finest.shape)}
        numbers = frame_numbers(options.order, options.sizes or {**length, "p": 1})
        readers = {
            "zarr-python": [lambda at, array=array: array[at] for array in first],
            "tensorstore": [lambda at, array=array: array[at].read().result() for array in second],
        }
        for name, read in readers.items():
            run = lambda: compare(read, tuple(finest.shape), finest.dtype, numbers, position, options.frames, planes)
            checked = report.check(f"pixels of {path or '/'} by {name}", run)
        if not options.live:
            written = lambda at: options.frames is None or numbers[at] < options.frames
            expected = [
                written((t, position, c // planes["c"], z // planes["z"]))
                for t, c, z in itertools.product(*map(range, finest.shape[:3]))
            ]
            report.check(f"mask of {path or '/'}", lambda: check_mask(folder, finest.shape[:3], expected))
    report.result["images"].append(
        {
            "path": path,
            "shape": list(finest.shape),
            "dtype": str(finest.dtype),
            "chunks": list(finest.chunks),
            "shards": list(finest.shards or []),
            "scale": dataset["coordinateTransformations"][0]["scale"],
            "units": [axis.get("unit") for axis in axes],
            "channels": [[channel["label"], channel["color"]] for channel in ome["omero"]["channels"]],
            "windows": [channel["window"] for channel in ome["omero"]["channels"]],
            "translations": [
                next((one["translation"] for one in level["coordinateTransformations"] if one["type"] == "translation"), None)
                for level in multiscale["datasets"]
            ],
            "codecs": [codec.to_dict() for codec in inner_codecs(finest)],
            "levels": [list(level.shape) for level in first],
            "scales": [level["coordinateTransformations"][0]["scale"] for level in multiscale["datasets"]],
            "frames_checked": checked,
        }
    )


main()
