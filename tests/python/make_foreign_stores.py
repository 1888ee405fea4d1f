#!/usr/bin/env python3
"""make_foreign_stores.py FOLDER

Writes stores with other programs than ours and prints a list of
{path, writer, zarr_format, ome_version, array, shape, dtype, index, pixel, sha256}: `array` is the path of an array in the store, `pixel`
what zarr-python reads at `index`, `sha256` the hash over the whole array as zarr-python reads it, C order, little-endian.
"""
import hashlib
import json
import pathlib
import sys

import numcodecs
import numpy as np
import zarr
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec

FOLDER = pathlib.Path(sys.argv[1])
SHAPE = (5, 70, 90)  # no multiple of any chunk
STORES = []


def pixels(dtype, shape=SHAPE):
    at = np.indices(shape).astype(np.int64)
    value = 31 * at[0] + 7 * at[-2] + 3 * at[-1] + 1000 * at[1 : max(1, len(shape) - 2)].sum(axis=0)
    if np.dtype(dtype).kind == "f":
        return (value / 7).astype(dtype)
    return (value % (251 if np.dtype(dtype).itemsize == 1 else 32749)).astype(dtype)


def note(path, writer, array="", ome_version=None):
    read = zarr.open_array(str(path / array), mode="r")
    data = read[...]
    index = [min(size - 1, 3 + 2 * axis) for axis, size in enumerate(data.shape)]
    little = data.astype(data.dtype.newbyteorder("<"), order="C")
    STORES.append(
        {
            "path": path.name,
            "writer": writer,
            "zarr_format": read.metadata.zarr_format,
            "ome_version": ome_version,
            "array": array,
            "shape": list(data.shape),
            "dtype": str(little.dtype),
            "index": index,
            "pixel": float(data[tuple(index)]),
            "sha256": hashlib.sha256(little.tobytes()).hexdigest(),
        }
    )


def by_zarr(name, dtype, **options):
    path = FOLDER / name
    array = zarr.create_array(str(path), shape=SHAPE, dtype=dtype, **{"chunks": (1, 32, 32), "fill_value": 0, **options})
    array[:] = pixels(dtype)
    note(path, "zarr-python")


def zarr_python():
    version2 = {"zarr_format": 2, "filters": None}
    by_zarr("v2-zlib-dots", "uint16", compressors=numcodecs.Zlib(1), **version2)
    by_zarr("v2-blosc-zstd-fortran", "int16", compressors=numcodecs.Blosc("zstd", 1, 1), order="F", **version2)
    by_zarr("v2-lz4-signed", "int32", compressors=numcodecs.LZ4(), chunk_key_encoding={"name": "v2", "separator": "/"}, **version2)
    by_zarr("v3-zstd-checksum", "uint8", compressors=ZstdCodec(level=1, checksum=True), dimension_names=("t", "y", "x"))
    lz4 = BloscCodec(cname="lz4", clevel=5, shuffle="bitshuffle")
    by_zarr("v3-sharded-blosc", "uint16", shards=(2, 96, 96), compressors=lz4)
    start = ShardingCodec(
        chunk_shape=(1, 32, 32), codecs=[BytesCodec(), GzipCodec(level=1), Crc32cCodec()],
        index_location="start", index_codecs=[BytesCodec(), Crc32cCodec()],
    )
    by_zarr("v3-sharded-index-at-start", "uint16", chunks=(2, 96, 96), serializer=start, compressors=None, filters=None)
    by_zarr(
        "v3-transposed-big-endian", "uint16", serializer=BytesCodec(endian="big"),
        filters=[TransposeCodec(order=(2, 0, 1))], compressors=None,
    )


def tensorstore():
    import tensorstore as ts

    def write(name, driver, metadata, dtype):
        path = FOLDER / name
        spec = {"driver": driver, "kvstore": {"driver": "file", "path": f"{path}/"}, "metadata": metadata}
        ts.open(spec, create=True).result().write(pixels(dtype)).result()
        note(path, "tensorstore")

    gzip = {"id": "gzip", "level": 1}
    write("tensorstore-v2-big-endian", "zarr", {"shape": SHAPE, "dtype": ">f4", "chunks": [1, 32, 32], "compressor": gzip}, "float32")
    bytes_codec = {"name": "bytes", "configuration": {"endian": "little"}}
    zstd = {"name": "zstd", "configuration": {"level": 1}}
    sharding = {
        "chunk_shape": [1, 32, 32], "codecs": [bytes_codec, zstd],
        "index_location": "start", "index_codecs": [bytes_codec, {"name": "crc32c"}],
    }
    metadata = {
        "shape": SHAPE, "data_type": "float64",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2, 96, 96]}},
        "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
    }
    write("tensorstore-v3-sharded", "zarr3", metadata, "float64")


def acquire_zarr():
    import acquire_zarr as aqz

    path = FOLDER / "acquire-zarr"
    kinds = aqz.DimensionType
    dimensions = [
        aqz.Dimension(name="t", kind=kinds.TIME, array_size_px=0, chunk_size_px=1, shard_size_chunks=4),
        aqz.Dimension(name="y", kind=kinds.SPACE, array_size_px=128, chunk_size_px=32, shard_size_chunks=2),
        aqz.Dimension(name="x", kind=kinds.SPACE, array_size_px=128, chunk_size_px=32, shard_size_chunks=2),
    ]
    compression = aqz.CompressionSettings(
        compressor=aqz.Compressor.BLOSC1, codec=aqz.CompressionCodec.BLOSC_ZSTD, level=1, shuffle=1
    )
    array = aqz.ArraySettings(
        data_type=np.uint16, compression=compression, dimensions=dimensions, downsampling_method=aqz.DownsamplingMethod.MEAN
    )
    stream = aqz.ZarrStream(aqz.StreamSettings(store_path=str(path), overwrite=True, arrays=[array]))
    for frame in pixels("uint16", (10, 128, 128)):
        stream.append(frame)
    stream.close()
    note(path, "acquire-zarr", "0", "0.5")


def ome_zarr():
    from ome_zarr.format import FormatV04, FormatV05
    from ome_zarr.writer import write_image, write_labels, write_plate_metadata, write_well_metadata

    data = pixels("uint16", (3, 2, 1, 70, 90))
    window = {"start": 0, "end": 1000, "min": 0, "max": 65535}
    omero = {
        "channels": [
            {"label": "DAPI", "color": "0000FF", "active": True, "window": window},
            {"label": "GFP", "color": "00FF00", "active": True, "window": window},
        ]
    }
    chunks = {"chunks": (1, 1, 1, 32, 32)}
    scale = {"t": 0.5, "c": 1.0, "z": 2.0, "y": 0.1, "x": 0.1}
    units = {"t": "second", "z": "micrometer", "y": "micrometer", "x": "micrometer"}
    for format, version, zarr_format in ((FormatV04(), "0.4", 2), (FormatV05(), "0.5", 3)):
        path = FOLDER / f"ome-zarr-py-{version}-image"
        group = zarr.open_group(str(path), mode="w", zarr_format=zarr_format)
        write_image(
            data, group, fmt=format, axes="tczyx", scale_factors=(2,), storage_options=chunks,
            scale=scale, axes_units=units, omero=omero,
        )
        write_labels(np.ones((1, 1, 1, 70, 90), "uint16"), group, "cells", fmt=format, axes="tczyx", scale_factors=())
        note(path, "ome-zarr-py", "s0", version)

        path = FOLDER / f"ome-zarr-py-{version}-plate"
        group = zarr.open_group(str(path), mode="w", zarr_format=zarr_format)
        wells = ["A/1", "B/2"]
        write_plate_metadata(group, ["A", "B"], ["1", "2"], wells, fmt=format, field_count=2)
        for well in wells:
            well_group = group.require_group(well)
            write_well_metadata(well_group, ["0", "1"], fmt=format)
            for field in ("0", "1"):
                write_image(data, well_group.require_group(field), fmt=format, axes="tczyx", scale_factors=(), storage_options=chunks)
        note(path, "ome-zarr-py", "B/2/1/s0", version)


zarr_python()
tensorstore()
acquire_zarr()
ome_zarr()
print(json.dumps(STORES))
