#!/usr/bin/env python3
"""make_store_matrix.py FOLDER

Writes stores with other programs than ours: every codec, dtype, layout and version that they can make, and stores that are damaged
on purpose. FOLDER/manifest.json lists them as
{path, writer, zarr_format, ome_version, group, expect, where, arrays: [{path, shape, dtype, min, max, mean, sha256}]}.
`arrays` says what zarr-python reads: sha256 over the whole array, C order, little-endian. `group` is `whole`, `dtypes` or `damaged`;
`expect` of a damaged one is `error`, `fill` (what is missing reads as the fill value) or `empty`; `where` is the file to be named.
"""
import hashlib
import json
import os
import pathlib
import struct
import sys

import google_crc32c
import numcodecs
import numpy as np
import zarr
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec

FOLDER = pathlib.Path(sys.argv[1])
SHAPE = (6, 96, 80)  # the last chunk of x is cut off
CHUNKS = (1, 32, 32)
SHARDS = (2, 96, 96)
STORES = []


def volume(dtype, shape=SHAPE):
    frame, y, x = np.ogrid[tuple(slice(size) for size in shape)]
    value = (frame * 31 + y * 7 + x * 3) % 65521
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return value % 3 == 0
    if dtype.kind in "fc":
        return (value / 7 - 50).astype(dtype)
    if dtype == np.uint16:
        return value.astype(dtype)
    return (value % 251 if dtype.itemsize == 1 else value % 32749 - 16000 * (dtype.kind == "i")).astype(dtype)


def statistics(store, array=""):
    """What zarr-python reads from an array."""
    data = zarr.open_array(str(store / array), mode="r")[...]
    little = np.ascontiguousarray(data.astype(data.dtype.newbyteorder("<")))
    numbers = data.astype(np.float64).ravel() if data.dtype.kind != "c" else np.zeros(0)
    numbers = numbers[~np.isnan(numbers)]
    figures = [float(f(numbers)) for f in (np.min, np.max, np.mean)] if numbers.size else [None] * 3
    return {
        "path": array,
        "shape": list(data.shape),
        "dtype": data.dtype.name,
        **dict(zip(("min", "max", "mean"), figures)),
        "sha256": hashlib.sha256(little.tobytes()).hexdigest(),
    }


def note(store, writer, group="whole", ome_version=None, expect="pixels", where=None, read=True):
    arrays = []
    if read:
        found = sorted({p.parent for name in ("zarr.json", ".zarray") for p in store.rglob(name) if is_array(p)})
        arrays = [statistics(store, "" if p == store else p.relative_to(store).as_posix()) for p in found]
    version = 3 if (store / "zarr.json").exists() else 2
    STORES.append(
        {
            "path": store.relative_to(FOLDER).as_posix(),
            "writer": writer,
            "zarr_format": version,
            "ome_version": ome_version,
            "group": group,
            "expect": expect,
            "where": where,
            "arrays": arrays,
        }
    )


def is_array(metadata):
    return metadata.name == ".zarray" or json.loads(metadata.read_text())["node_type"] == "array"


def by_zarr(name, data, group="whole", **options):
    store = FOLDER / name
    array = zarr.create_array(str(store), shape=data.shape, **{"dtype": data.dtype, "chunks": CHUNKS, "fill_value": 0, **options})
    array[:] = data
    note(store, "zarr-python", group)
    return store


CODECS2 = {
    "none": None,
    "zlib": numcodecs.Zlib(1),
    "gzip": numcodecs.GZip(1),
    "zstd": numcodecs.Zstd(1),
    "lz4": numcodecs.LZ4(),
    "blosc-lz4": numcodecs.Blosc("lz4", 1, 1),
    "blosc-zstd": numcodecs.Blosc("zstd", 1, 1),
    "blosc-zlib": numcodecs.Blosc("zlib", 1, 0),
    "blosc-lz4-bitshuffle": numcodecs.Blosc("lz4", 5, 2),
    "blosc-blosclz": numcodecs.Blosc("blosclz", 5, 1),
}
CODECS3 = {
    "none": None,
    "gzip": GzipCodec(level=1),
    "zstd": ZstdCodec(level=1),
    "zstd-checksum": ZstdCodec(level=1, checksum=True),
    "crc32c": Crc32cCodec(),
    "blosc-lz4": BloscCodec(cname="lz4", clevel=1, shuffle="shuffle"),
    "blosc-zstd": BloscCodec(cname="zstd", clevel=1, shuffle="shuffle"),
    "blosc-zstd-bitshuffle": BloscCodec(cname="zstd", clevel=5, shuffle="bitshuffle"),
    "blosc-lz4-noshuffle": BloscCodec(cname="lz4", clevel=5, shuffle="noshuffle"),
}


def codecs_by_dtypes():
    for dtype in ("uint16", "uint8", "int16", "float32"):
        data = volume(dtype)
        for name, codec in CODECS2.items():
            keys = {"name": "v2", "separator": "." if name == "zlib" else "/"}
            by_zarr(f"v2/{dtype}-{name}", data, compressors=codec, filters=None, zarr_format=2, chunk_key_encoding=keys)
        for name, codec in CODECS3.items():
            for shards, suffix in ((None, ""), (SHARDS, "-sharded")):
                names = ("t", "y", "x")
                by_zarr(f"v3/{dtype}-{name}{suffix}", data, compressors=codec, shards=shards, dimension_names=names)


def layouts():
    data = volume("uint16")
    index = [BytesCodec(), Crc32cCodec()]
    for name, options in {
        "index-start": {"index_location": "start", "index_codecs": index},
        "index-nocrc": {"index_codecs": [BytesCodec()]},
    }.items():
        sharding = ShardingCodec(chunk_shape=CHUNKS, codecs=[BytesCodec(), ZstdCodec(level=1)], **options)
        by_zarr(f"v3/uint16-{name}-sharded", data, chunks=SHARDS, serializer=sharding, compressors=None, filters=None)
    by_zarr("v3/uint16-bigendian", data, serializer=BytesCodec(endian="big"), compressors=None)
    by_zarr("v2/uint16-bigendian", data, dtype=">u2", zarr_format=2, compressors=None)
    by_zarr("v3/uint16-transpose", data, filters=[TransposeCodec(order=(0, 2, 1))], compressors=None)
    by_zarr("v3/uint16-v2keys", data, chunk_key_encoding={"name": "v2", "separator": "."}, compressors=None)


def tensorstore():
    import tensorstore as ts

    def write(name, driver, metadata):
        store = FOLDER / "tensorstore" / name
        spec = {"driver": driver, "kvstore": {"driver": "file", "path": f"{store}/"}, "metadata": metadata}
        ts.open(spec, create=True).result().write(volume("uint16")).result()
        note(store, "tensorstore")

    plain = {"name": "bytes", "configuration": {"endian": "little"}}
    blosc = {"cname": "lz4", "clevel": 1, "shuffle": "shuffle", "typesize": 2, "blocksize": 0}
    for location in ("end", "start"):
        sharding = {
            "chunk_shape": list(CHUNKS),
            "codecs": [plain, {"name": "blosc", "configuration": blosc}],
            "index_location": location,
            "index_codecs": [plain, {"name": "crc32c"}],
        }
        write(f"v3-sharded-{location}", "zarr3", {
            "shape": list(SHAPE), "data_type": "uint16", "dimension_names": ["t", "y", "x"],
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(SHARDS)}},
            "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
        })
    blosc = {"id": "blosc", "cname": "zstd", "clevel": 3, "shuffle": 1}
    write("v2-blosc", "zarr", {"shape": SHAPE, "dtype": "<u2", "chunks": CHUNKS, "compressor": blosc, "dimension_separator": "/"})


def acquire_zarr():
    import acquire_zarr as aqz

    (FOLDER / "acquire-zarr").mkdir()
    kinds = aqz.DimensionType
    frames, size = 10, 128
    for name, codec, pyramid, shards in (("plain", None, False, 1), ("sharded-lz4", "LZ4", False, 2), ("multiscale-zstd", "ZSTD", True, 2)):
        store = FOLDER / "acquire-zarr" / name
        compression = codec and aqz.CompressionSettings(
            compressor=aqz.Compressor.BLOSC1, codec=getattr(aqz.CompressionCodec, f"BLOSC_{codec}"), level=1, shuffle=1
        )
        dimensions = [
            aqz.Dimension(name="t", kind=kinds.TIME, array_size_px=0, chunk_size_px=1, shard_size_chunks=1 if shards == 1 else 4),
            aqz.Dimension(name="y", kind=kinds.SPACE, array_size_px=size, chunk_size_px=32, shard_size_chunks=shards),
            aqz.Dimension(name="x", kind=kinds.SPACE, array_size_px=size, chunk_size_px=32, shard_size_chunks=shards),
        ]
        levels = {"downsampling_method": aqz.DownsamplingMethod.MEAN} if pyramid else {}
        array = aqz.ArraySettings(data_type=np.uint16, compression=compression, dimensions=dimensions, **levels)
        stream = aqz.ZarrStream(aqz.StreamSettings(store_path=str(store), overwrite=True, arrays=[array]))
        for frame in volume("uint16", (frames, size, size)):
            stream.append(frame)
        stream.close()
        note(store, "acquire-zarr", ome_version="0.5" if pyramid else None)


def ngff():
    from ome_zarr.format import FormatV04, FormatV05
    from ome_zarr.writer import write_image, write_labels, write_plate_metadata, write_well_metadata

    data = volume("uint16", (8, 96, 80)).reshape(4, 2, 1, 96, 80)
    window = {"start": 0, "end": 1000, "min": 0, "max": 65535}
    channels = [{"label": label, "color": color, "active": True, "window": window} for label, color in (("DAPI", "0000FF"), ("GFP", "00FF00"))]
    omero = {"name": "demo", "channels": channels, "rdefs": {"defaultT": 0, "defaultZ": 0, "model": "color"}}
    chunks = {"chunks": (1, 1, 1, 32, 32)}
    scale = {"t": 0.5, "c": 1.0, "z": 2.0, "y": 0.1, "x": 0.1}
    tiles = ((np.arange(96)[:, None] // 16 + np.arange(80)[None] // 16) % 5).astype("uint16")
    for fmt, version, zarr_format in ((FormatV04(), "0.4", 2), (FormatV05(), "0.5", 3)):
        for consolidated in (False, True):
            store = FOLDER / f"ngff-{version}" / ("image-consolidated" if consolidated else "image")
            group = zarr.open_group(str(store), mode="w", zarr_format=zarr_format)
            factors = () if consolidated else (2, 4)
            write_image(data, group, fmt=fmt, axes="tczyx", scale_factors=factors, storage_options=chunks, scale=scale, omero=omero)
            if consolidated:
                zarr.consolidate_metadata(str(store))
            else:
                write_labels(tiles.reshape(1, 1, 1, 96, 80), group, "cells", fmt=fmt, axes="tczyx", scale_factors=())
            note(store, "ome-zarr-py", ome_version=version)
        store = FOLDER / f"ngff-{version}" / "plate"
        group = zarr.open_group(str(store), mode="w", zarr_format=zarr_format)
        wells = ["A/1", "A/2", "B/1"]
        acquisitions = [{"id": 0, "name": "run"}]
        write_plate_metadata(group, ["A", "B"], ["1", "2"], wells, fmt=fmt, field_count=2, acquisitions=acquisitions)
        for well in wells:
            well_group = group.require_group(well)
            write_well_metadata(well_group, [{"path": field, "acquisition": 0} for field in "01"], fmt=fmt)
            for field in "01":
                write_image(data[:1], well_group.require_group(field), fmt=fmt, axes="tczyx", scale_factors=(), storage_options=chunks)
        note(store, "ome-zarr-py", ome_version=version)


def dtypes():
    """What no microscope writes and some program does."""
    for dtype in ("bool", "int8", "int32", "uint32", "int64", "uint64", "float16", "float64"):
        data = volume(dtype)
        by_zarr(f"dtypes/v3-{dtype}", data, "dtypes", compressors=ZstdCodec(level=1), shards=SHARDS)
        by_zarr(f"dtypes/v2-{dtype}", data, "dtypes", dtype=np.dtype(dtype).newbyteorder(">"), zarr_format=2)
    by_zarr("dtypes/v2-fortran", volume("int16"), "dtypes", zarr_format=2, order="F")
    by_zarr("dtypes/v3-one-axis", volume("uint16")[0, 0], "dtypes", chunks=(32,))
    by_zarr("dtypes/v3-two-axes", volume("uint16")[0], "dtypes", chunks=(32, 32))
    for dtype, fill in (("float16", 1.5), ("float32", np.nan), ("int16", -7), ("bool", True)):
        data = np.full(SHAPE, fill, dtype)
        data[0] = volume(dtype)[0]
        by_zarr(f"dtypes/v3-fill-{dtype}", data, "dtypes", fill_value=fill, config={"write_empty_chunks": False})


def damaged():
    data = volume("uint16")

    def store_of(name, codec=ZstdCodec(level=1), shards=None):
        store = FOLDER / "damaged" / name
        zarr.create_array(str(store), shape=data.shape, dtype=data.dtype, chunks=CHUNKS, shards=shards, compressors=codec, fill_value=7)[:] = data
        return store

    def error(store, where):
        note(store, "zarr-python", "damaged", expect="error", where=where, read=False)

    def edit(store, change):
        metadata = json.loads((store / "zarr.json").read_text())
        change(metadata)
        (store / "zarr.json").write_text(json.dumps(metadata))

    for name, codec, keep in (("truncated-chunk-none", None, lambda size: 100), ("truncated-chunk-zstd", ZstdCodec(level=1), lambda size: size // 2)):
        store = store_of(name, codec)
        chunk = store / "c/2/0/0"
        os.truncate(chunk, keep(chunk.stat().st_size))
        error(store, "c/2/0/0")
    store = store_of("missing-chunk")
    (store / "c/3/1/1").unlink()
    note(store, "zarr-python", "damaged", expect="fill")
    store = store_of("empty-chunk-file")
    (store / "c/3/1/1").write_bytes(b"")
    error(store, "c/3/1/1")

    def edit_shard(name, change):
        store = store_of(name, shards=SHARDS)
        shard = store / "c/1/0/0"
        shard.write_bytes(change(bytearray(shard.read_bytes())))
        error(store, "c/1/0/0")

    def flip(shard):
        shard[-40] ^= 0xFF
        return shard

    def point_past_the_end(shard):
        index = len(shard) - 4 - 16 * 18
        shard[index : index + 8] = struct.pack("<Q", 1 << 40)
        shard[-4:] = struct.pack("<I", google_crc32c.value(bytes(shard[index:-4])))
        return shard

    edit_shard("corrupt-shard-index", flip)
    edit_shard("truncated-shard", lambda shard: shard[:-500])
    edit_shard("shard-index-out-of-range", point_past_the_end)
    for name, change in (
        ("garbage-zarr-json", lambda text: b"\x00\xff{not json"),
        ("truncated-zarr-json", lambda text: text[: len(text) // 2]),
        ("empty-zarr-json", lambda text: b""),
    ):
        store = store_of(name)
        metadata = store / "zarr.json"
        metadata.write_bytes(change(metadata.read_bytes()))
        error(store, "zarr.json")
    store = store_of("unknown-codec")
    edit(store, lambda metadata: metadata["codecs"][-1].update(name="nosuchcodec"))
    error(store, "nosuchcodec")
    store = store_of("negative-shape")
    edit(store, lambda metadata: metadata["shape"].__setitem__(0, -1))
    error(store, "shape")
    store = store_of("huge-shape")
    edit(store, lambda metadata: metadata.update(shape=[2**40, 2**30, 2**30]))
    error(store, "planes")
    store = FOLDER / "damaged" / "path-escape"
    zarr.open_group(str(store), mode="w", zarr_format=3)
    axes = [{"name": name, "type": "space"} for name in "yx"]
    scale = [{"type": "scale", "scale": [1, 1]}]
    dataset = {"path": "../../v3/uint16-none", "coordinateTransformations": scale}
    multiscales = [{"axes": axes, "datasets": [dataset]}]
    edit(store, lambda metadata: metadata.update(attributes={"ome": {"version": "0.5", "multiscales": multiscales}}))
    error(store, "../../v3/uint16-none")
    store = FOLDER / "damaged" / "zero-length-axis"
    zarr.create_array(str(store), shape=(0, 96, 80), dtype="uint16", chunks=CHUNKS, fill_value=0)
    note(store, "zarr-python", "damaged", expect="empty")
    store = FOLDER / "damaged" / "no-metadata"
    (store / "c/0/0").mkdir(parents=True)
    (store / "c/0/0/0").write_bytes(bytes(64))
    error(store, "zarr.json")


FOLDER.mkdir(parents=True, exist_ok=True)
for make in (codecs_by_dtypes, layouts, tensorstore, acquire_zarr, ngff, dtypes, damaged):
    make()
(FOLDER / "manifest.json").write_text(json.dumps({"stores": STORES}, indent=1))
print(json.dumps({name: sum(store["group"] == name for store in STORES) for name in ("whole", "dtypes", "damaged")}))
