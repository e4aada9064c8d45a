"""Writes polygons.json: what pycocotools makes of the polygons below.

    pip install pycocotools==2.0.11 && python test/backends/polygons.py > test/backends/polygons.json
"""
import importlib.metadata
import json

from pycocotools import mask

def grid(*vertices):
    """Vertices on the grid of fifths of a pixel on which edges are walked."""
    return [value / 5 for value in vertices]

def box(x0, y0, x1, y1):
    return [x0, y0, x0, y1, x1, y1, x1, y0]

# Edges with a half-way point where float64 falls to the lower side; as triangles.
TIES = {
    60: [(238, 10, 84, 294), (18, 9, 298, 179), (4, 298, 147, 38), (207, 26, 235, 8), (212, 44, -4, 118), (-1, 21, 126, 265)],
    300: [(335, 381, 110, 1173), (1262, 162, 278, 435), (15, 872, 1149, 71), (1272, 56, 363, 1470), (204, 632, -3, 1010), (713, 454, 317, 1102)],
}

# Edges with a half-way point that float64 hits exactly: it must be rounded up.
EXACT_TIES = [
    (219, 35, 139, 60), (193, 220, 141, 259), (239, 224, 71, 98), (153, 217, 225, 226),
    (107, 2, 112, 12), (240, 198, 156, 6), (208, 132, 265, 18), (197, 210, 249, 82),
]

CASES = [
    ("square", 6, 6, [box(1, 1, 4, 4)]),
    ("whole image", 6, 6, [box(0, 0, 6, 6)]),
    ("triangle", 6, 6, [[1.5, 1.5, 4.5, 1.5, 3, 4.5]]),
    ("partly outside", 6, 6, [box(-2, -2, 3, 3)]),
    ("bow-tie", 6, 6, [[0.5, 0.5, 5.5, 0.5, 0.5, 5.5, 5.5, 5.5]]),
    ("repeated vertices", 6, 6, [[2, 2, 2, 2, 4, 2, 4, 4]]),
    ("one point thrice", 6, 6, [[2, 2, 2, 2, 2, 2]]),
    ("collinear", 9, 9, [[1, 1, 4, 4, 8, 8]]),
    ("vertical line", 9, 9, [[3, 1, 3, 8, 3, 4]]),
    ("thinner than a pixel", 40, 40, [box(3.6, 2, 3.9, 30)]),
    ("over one pixel centre", 5, 5, [box(2.4, 2.4, 2.6, 2.6)]),
    ("half-integer star", 33, 33, [[16.5, 0.5, 20.5, 12.5, 32.5, 12.5, 22.5, 20.5, 26.5, 32.5, 16.5, 24.5, 6.5, 32.5, 10.5, 20.5, 0.5, 12.5, 12.5, 12.5]]),
    ("crossing itself: even-odd", 64, 64, [[32, 2, 50, 60, 4, 22, 60, 22, 14, 60]]),
    ("twice around: nothing", 20, 20, [box(3, 3, 12, 15) + box(3, 3, 12, 15)]),
    ("parts apart", 40, 70, [box(1, 1, 10, 35), box(50, 3, 69, 39)]),
    ("parts over each other", 40, 40, [box(5, 5, 25, 25), box(15, 15, 38, 38)]),
    ("part in a part: no hole", 40, 40, [box(2, 2, 38, 38), box(10, 10, 20, 20)]),
    ("second part of two points", 20, 20, [box(2, 2, 9, 9), [10, 10, 15, 15]]),
    ("negative vertices", 30, 30, [[-7.3, -4.2, 12.1, -0.3, 25.5, 14.8, -0.2, 29.9]]),
    ("all outside: left", 20, 20, [box(-9, 2, -1, 18)]),
    ("all outside: below", 20, 20, [box(2, 21, 18, 90)]),
    ("around the image", 20, 20, [[-50, -50, 90, -40, 80, 70, -60, 60]]),
    ("down through the lower edge", 32, 32, [[4.3, 10.2, 28.6, 50.1, 16.2, 90.5]]),
    ("down through the lower edge, height 33", 33, 33, [[4.3, 10.2, 28.6, 50.1, 16.2, 90.5]]),
    ("height 31", 31, 50, [[3.2, 1.1, 47.7, 15.3, 22.4, 30.6]]),
    ("height 64", 64, 50, [[3.2, 1.1, 47.7, 35.3, 22.4, 63.6]]),
    ("height 65", 65, 50, [[3.2, 1.1, 47.7, 35.3, 22.4, 64.6]]),
    ("first row not in the first word", 200, 50, [[3.2, 101.1, 47.7, 135.3, 22.4, 164.6]]),
    ("height 1", 1, 40, [[2.2, 0.2, 37.1, 0.4, 20.2, 0.9], [3, -1, 9, -1, 9, 2, 3, 2]]),
    ("width 1", 40, 1, [[0.2, 2.2, 0.8, 37.1, 0.3, 20.2], [-1, 3, 2, 3, 2, 9, -1, 9]]),
    ("one pixel image", 1, 1, [box(0, 0, 1, 1)]),
    ("products beyond 32 bits", 50, 60, [[-20000.4, -30000.2, 40000.3, 25.2, 13.6, 60000.7]]),
    ("products beyond 32 bits, large image", 300, 200, [[-9000.5, 10.3, 9000.1, -8000.9, 180.2, 290.4]]),
    ("coordinates beyond the grid of integers", 40, 50, [[-1000000.2, 12.1, 900000.7, 14.9, 25, 900000.3]]),
]
for size, edges in TIES.items():
    for x0, y0, x1, y1 in edges:
        CASES.append((f"tie on {x0},{y0} to {x1},{y1}", size, size, [grid(x0, y0, x1, y1, x0, y1)]))

for x0, y0, x1, y1 in EXACT_TIES:
    CASES.append((f"exact tie on {x0},{y0} to {x1},{y1}", 60, 60, [grid(x0, y0, x1, y1, x0, y1)]))

def counts(text):
    """Run lengths of a compressed RLE."""
    runs, at = [], 0
    while at < len(text):
        value, shift = 0, 0
        while True:
            code = text[at] - 48
            at += 1
            value |= (code & 31) << shift
            shift += 5
            if not code & 32:
                break
        if code & 16:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
    return runs

masks = []
for name, height, width, parts in CASES:
    rle = mask.merge(mask.frPyObjects(parts, height, width))
    masks.append({"name": name, "height": height, "width": width, "parts": parts, "runs": counts(rle["counts"])})
lines = ",\n".join(json.dumps(entry) for entry in masks)
print(f'{{"tool": "pycocotools {importlib.metadata.version("pycocotools")}", "masks": [\n{lines}\n]}}')
