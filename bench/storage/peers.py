"""The other sides of bench/storage.ts.

peers.py frames EDGE COUNT FILE   camera-like frames (Poisson noise over a background and blobs), uint16
peers.py write JOB                writes them; prints {closedS, durableS, peakMb}
peers.py check JOB                prints {shapes: shapes of all levels, sha256: of the pixels of the finest}
"""
import hashlib
import json
import mmap
import os
import pathlib
import resource
import sys
import time

import numpy as np


def make_frames(edge, count, path):
    random = np.random.default_rng(1)
    y, x = np.mgrid[0:edge, 0:edge].astype(np.float32)
    with open(path, "wb") as file:
        for index in range(count):
            mean = 260 + 60 * np.sin(x / edge * 3 + index) * np.sin(y / edge * 2)
            for _ in range(60):
                cx, cy = random.integers(0, edge, 2)
                radius, height = random.uniform(5, 15), random.uniform(100, 1500)
                near = np.s_[max(0, cy - 60) : cy + 60, max(0, cx - 60) : cx + 60]
                mean[near] += height * np.exp(-((x[near] - cx) ** 2 + (y[near] - cy) ** 2) / (2 * radius**2))
            file.write(random.poisson(mean).clip(0, 65535).astype("<u2").tobytes())


def source_of(job):
    return np.fromfile(job["source"], "<u2").reshape(-1, job["edgePx"], job["edgePx"])


def cname_of(job):
    return job["compression"].removeprefix("blosc-")


def write_raw(job, source, flags):
    # Aligned, as O_DIRECT wants it; a few frames at a time.
    memory = mmap.mmap(-1, source.nbytes)
    memory[:] = source.tobytes()
    view, size = memoryview(memory), source[0].nbytes
    file = os.open(f"{job['target']}/raw", os.O_CREAT | os.O_WRONLY | flags)
    for frame in range(job["frames"]):
        at = frame % len(source) * size
        assert os.write(file, view[at : at + size]) == size
    os.fsync(file)
    os.close(file)


def write_acquire_zarr(job, source):
    import acquire_zarr as aqz

    compression = None
    if job["compression"] != "none":
        codec = getattr(aqz.CompressionCodec, f"BLOSC_{cname_of(job).upper()}")
        compression = aqz.CompressionSettings(compressor=aqz.Compressor.BLOSC1, codec=codec, level=1, shuffle=1)
    edge, chunk = job["edgePx"], job["chunkPx"]
    space = lambda name: aqz.Dimension(
        name=name, kind=aqz.DimensionType.SPACE, array_size_px=edge, chunk_size_px=chunk, shard_size_chunks=edge // chunk
    )
    time_axis = aqz.Dimension(
        name="t", kind=aqz.DimensionType.TIME, array_size_px=0, chunk_size_px=1, shard_size_chunks=job["framesPerShard"]
    )
    levels = {"downsampling_method": aqz.DownsamplingMethod.MEAN} if job["levels"] > 1 else {}
    array = aqz.ArraySettings(
        data_type=np.uint16, compression=compression, dimensions=[time_axis, space("y"), space("x")], **levels
    )
    stream = aqz.ZarrStream(aqz.StreamSettings(store_path=f"{job['target']}/a.zarr", overwrite=True, arrays=[array]))
    for frame in range(job["frames"]):
        stream.append(source[frame % len(source)])
    stream.close()


def write_tensorstore(job, source):
    import tensorstore

    edge, chunk, per_shard = job["edgePx"], job["chunkPx"], job["framesPerShard"]
    raw = {"name": "bytes", "configuration": {"endian": "little"}}
    blosc = {"cname": cname_of(job), "clevel": 1, "shuffle": "shuffle", "typesize": 2, "blocksize": 0}
    inner = [raw] if job["compression"] == "none" else [raw, {"name": "blosc", "configuration": blosc}]
    sharding = {"chunk_shape": [1, chunk, chunk], "codecs": inner, "index_codecs": [raw, {"name": "crc32c"}]}
    array = tensorstore.open(
        {
            "driver": "zarr3",
            "kvstore": {"driver": "file", "path": f"{job['target']}/a.zarr/"},
            "metadata": {
                "shape": [job["frames"], edge, edge],
                "data_type": "uint16",
                "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [per_shard, edge, edge]}},
                "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
            },
            "create": True,
        }
    ).result()
    writing = []
    # Whole shards: anything less is read back and written again.
    for first in range(0, job["frames"], per_shard):
        last = min(first + per_shard, job["frames"])
        writing.append(array[first:last].write(source[np.arange(first, last) % len(source)]))
        if len(writing) > 2:
            writing.pop(0).result()
    for future in writing:
        future.result()


def write_zarr(job, source):
    import zarr
    from zarr.codecs import BloscCodec

    edge, chunk, per_shard = job["edgePx"], job["chunkPx"], job["framesPerShard"]
    compressors = None
    if job["compression"] != "none":
        compressors = BloscCodec(cname=cname_of(job), clevel=1, shuffle="shuffle", typesize=2)
    array = zarr.create_array(
        store=f"{job['target']}/a.zarr",
        shape=(job["frames"], edge, edge),
        dtype="uint16",
        chunks=(1, chunk, chunk),
        shards=(per_shard, edge, edge),
        compressors=compressors,
    )
    for first in range(0, job["frames"], per_shard):
        last = min(first + per_shard, job["frames"])
        array[first:last] = source[np.arange(first, last) % len(source)]


WRITERS = {
    "acquire-zarr": write_acquire_zarr,
    "tensorstore": write_tensorstore,
    "zarr-python": write_zarr,
    "raw-direct": lambda job, source: write_raw(job, source, getattr(os, "O_DIRECT", 0)),
    "raw-buffered": lambda job, source: write_raw(job, source, 0),
}


def write(job):
    source = source_of(job)
    os.makedirs(job["target"])
    os.sync()
    start = time.perf_counter()
    WRITERS[job["side"]](job, source)
    closed = time.perf_counter() - start
    os.sync()
    durable = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {"closedS": closed, "durableS": durable, "peakMb": peak}


def check(job):
    target = pathlib.Path(job["target"])
    if job["side"].startswith("raw"):
        data = (target / "raw").read_bytes()
        return {"shapes": [[job["frames"], job["edgePx"], job["edgePx"]]], "sha256": hashlib.sha256(data).hexdigest()}
    import zarr

    arrays = [zarr.open_array(str(path.parent), mode="r") for path in target.rglob("zarr.json") if is_image(path)]
    arrays.sort(key=lambda array: -array.shape[-1])
    digest = hashlib.sha256()
    for frame in range(arrays[0].shape[0]):
        digest.update(np.ascontiguousarray(arrays[0][frame]).tobytes())
    plain = lambda shape: [shape[0], *shape[-2:]]
    return {"shapes": [plain(array.shape) for array in arrays], "sha256": digest.hexdigest()}


def is_image(path):
    metadata = json.loads(path.read_text())
    return metadata["node_type"] == "array" and metadata["data_type"] == "uint16"


command, *rest = sys.argv[1:]
if command == "frames":
    make_frames(int(rest[0]), int(rest[1]), rest[2])
else:
    print(json.dumps({"write": write, "check": check}[command](json.loads(rest[0]))))
