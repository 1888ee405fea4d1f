#!/usr/bin/env python3
"""make_labelled_store.py STORE

Writes an image of two planes with two label images by ome-zarr-py. `cells` has squares 1 and 2 in the first plane, 2 red and half
opaque, 1 without a colour of its own; in the second plane there is 3 everywhere. `nuclei` has half the resolution and 9 in its right half.
"""
import sys

import numpy as np
import zarr
from ome_zarr.format import FormatV05
from ome_zarr.writer import write_image, write_labels

SIZE = 64
group = zarr.open_group(sys.argv[1], mode="w")
image = np.arange(2 * SIZE * SIZE, dtype="uint16").reshape(2, SIZE, SIZE)
write_image(image, group, axes="zyx", fmt=FormatV05(), scale_factors=())

cells = np.zeros((2, SIZE, SIZE), "uint32")
cells[0, 8:24, 8:24] = 1
cells[0, 32:56, 32:56] = 2
cells[1] = 3
metadata = {
    "colors": [{"label-value": 2, "rgba": [255, 0, 0, 255]}, {"label-value": 3, "rgba": [0, 0, 255, 255]}],
    "properties": [{"label-value": 2, "class": "nucleus", "area (um2)": 12}],
}
write_labels(cells, group, "cells", fmt=FormatV05(), axes="zyx", scale_factors=(), label_metadata=metadata)

nuclei = np.zeros((1, SIZE // 2, SIZE // 2), "uint8")
nuclei[..., SIZE // 4 :] = 9
write_labels(nuclei, group, "nuclei", fmt=FormatV05(), axes="zyx", scale_factors=())
