"""Reads with zarr-python every frame that the journals of run folders acknowledge, and compares it with its checksum.

`--every N` reads every Nth frame only.

Standard input: a JSON list of run folders. Standard output: a JSON list of {"folder", "read", "wrong", "shapes"}.
"""

import argparse
import json
import sys
from pathlib import Path

import google_crc32c
import zarr


def journal_of(folder):
    path = folder / "journal.jsonl"
    if not path.exists():
        return []
    # What follows the last line break was cut off.
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def check(folder, every):
    lines = {}
    for line in journal_of(folder)[::every]:
        index = line["index"]
        lines[line["array"], index["t"], index["c"], index["z"]] = line
    wrong = []
    shapes = {}
    arrays = {}
    for (path, t, c, z), line in lines.items():
        if path not in arrays:
            arrays[path] = zarr.open_group(folder / "data.ome.zarr", mode="r")[path]
            shapes[path] = list(arrays[path].shape)
        pixels = arrays[path][t, c, z].tobytes()
        if format(google_crc32c.value(pixels), "08x") != line["crc32c"]:
            wrong.append([path, t, c, z])
    return {"folder": str(folder), "read": len(lines), "wrong": wrong, "shapes": shapes}


parser = argparse.ArgumentParser()
parser.add_argument("--every", type=int, default=1)
every = parser.parse_args().every
print(json.dumps([check(Path(folder), every) for folder in json.load(sys.stdin)]))
