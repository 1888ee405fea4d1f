#!/usr/bin/env python3
"""verify_exports.py < JOBS

Compares copies of Zarr stores with what zarr-python reads from the stores. JOBS is a list of {kind, store, copy, arrays}; `arrays` are the
paths of the arrays in the store, in order. Prints a list of what is in each copy, as independent readers see it:
`ome-tiff`: {big, series: [{axes, shape, dtype, equal}], images: [{name, pixels, channels, stage}], wells} by tifffile and ome-types, the
OME-XML validated against its schema; `ngff-0.4`: {model, arrays: [{path, dtype, equal, chunks, compressor}]} by zarr-python and ome-zarr-models.
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import zarr

warnings.filterwarnings("ignore")


def read(store, path):
    return zarr.open_array(str(pathlib.Path(store) / path), mode="r")


def same(data, source):
    """Of one dtype, whatever the byte order, and of one content; NaN is NaN."""
    return data.dtype.name == source.dtype.name and np.array_equal(data, source, equal_nan=source.dtype.kind == "f")


def ome_tiff(job):
    import tifffile
    from ome_types import from_xml, validate_xml

    with tifffile.TiffFile(job["copy"]) as tiff:
        xml = tiff.ome_metadata
        validate_xml(xml)
        ome = from_xml(xml)
        series = []
        for path, one in zip(job["arrays"], tiff.series, strict=True):
            source = read(job["store"], path)[...]
            source = source.astype({"bool": "uint8", "float16": "float32"}.get(source.dtype.name, source.dtype))
            data = one.asarray()
            equal = data.size == source.size and same(data.reshape(source.shape), source)
            series.append({"axes": one.axes, "shape": list(one.shape), "dtype": data.dtype.name, "equal": equal})
        resolution = tiff.pages[0].tags.get("XResolution")
        big = tiff.is_bigtiff
        planes = len(tiff.pages)
    return {
        "big": big,
        "planes": planes,
        "per_cm": resolution and resolution.value[0] / resolution.value[1],
        "series": series,
        "images": [image_of(image) for image in ome.images],
        "plane_facts": [[plane_of(plane) for plane in image.pixels.planes] for image in ome.images],
        "wells": [[w.row, w.column, [s.image_ref.id for s in w.well_samples]] for plate in ome.plates for w in plate.wells],
    }


def image_of(image):
    p = image.pixels
    size = lambda value, unit: None if value is None else [value, unit.value]
    label = image.stage_label
    return {
        "name": image.name,
        "order": p.dimension_order.value,
        "sizes": {"t": p.size_t, "c": p.size_c, "z": p.size_z, "y": p.size_y, "x": p.size_x},
        "x": size(p.physical_size_x, p.physical_size_x_unit),
        "z": size(p.physical_size_z, p.physical_size_z_unit),
        "t": size(p.time_increment, p.time_increment_unit),
        "channels": [
            [c.name, c.color.as_hex(format="long"), size(c.emission_wavelength, c.emission_wavelength_unit)]
            for c in p.channels
        ],
        "stage": label and [label.name, label.x, label.y, label.x_unit.value],
    }


def plane_of(p):
    um = [(p.position_x, p.position_x_unit), (p.position_y, p.position_y_unit), (p.position_z, p.position_z_unit)]
    assert all(value is None or unit.value == "µm" for value, unit in um) and p.delta_t_unit.value == "s"
    assert p.exposure_time is None or p.exposure_time_unit.value == "ms"
    return [p.the_t, p.the_c, p.the_z, p.delta_t, p.exposure_time, p.position_x, p.position_y, p.position_z]


def ngff_04(job):
    import ome_zarr_models

    group = zarr.open_group(job["copy"], mode="r", zarr_format=2)
    model = ome_zarr_models.open_ome_zarr(group)
    arrays = []
    for path in job["arrays"]:
        # An array that was no image is the only level of one.
        copy = read(job["copy"], path or "0")
        source = read(job["store"], path)
        arrays.append(
            {
                "path": path,
                "zarr_format": copy.metadata.zarr_format,
                "dtype": copy.dtype.name,
                "equal": same(copy[...], source[...]),
                "chunks": list(copy.chunks),
                "compressor": copy.metadata.compressor.codec_id,
            }
        )
    return {"model": f"{type(model).__module__}.{type(model).__name__}", "arrays": arrays}


print(json.dumps([{"ome-tiff": ome_tiff, "ngff-0.4": ngff_04}[job["kind"]](job) for job in json.load(sys.stdin)]))
