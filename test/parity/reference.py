"""Answers for the parity run: evaluates with pycocotools and sends back raw arrays.

A message is a uint32 (little-endian) with the length of a JSON header, the header, and the blobs whose byte
lengths the header lists under "blobs". Requests come on stdin, answers leave on stdout in the same order.
"""

import json
import os
import platform
import struct
import sys
import traceback
from importlib import metadata

import numpy as np
from pycocotools import mask as mask_api
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def read_message(stream):
    prefix = stream.read(4)
    if len(prefix) < 4:
        return None, None
    header = json.loads(stream.read(struct.unpack("<I", prefix)[0]))
    return header, [stream.read(length) for length in header["blobs"]]


def write_message(stream, header, blobs):
    header["blobs"] = [len(blob) for blob in blobs]
    text = json.dumps(header).encode()
    stream.write(struct.pack("<I", len(text)) + text + b"".join(blobs))
    stream.flush()


def load_ground_truth(dataset):
    coco = COCO()
    coco.dataset = dataset
    coco.createIndex()
    return coco


def phantom(dataset):
    """The reference crashes on an empty list. A result of a category that no file knows is one it never looks at."""
    unknown = max((category["id"] for category in dataset["categories"]), default=0) + 1
    image = dataset["images"][0]["id"]
    return {"image_id": image, "category_id": unknown, "bbox": [0, 0, 1, 1], "score": 0}


def set_params(params, options):
    if "iouThresholds" in options:
        params.iouThrs = np.array(options["iouThresholds"], dtype=float)
    if "recallThresholds" in options:
        params.recThrs = np.array(options["recallThresholds"], dtype=float)
    if "maxDets" in options:
        caps = list(options["maxDets"])
        params.maxDets = [1, 10, *caps] if len(caps) == 1 else caps  # one cap M stands for 1, 10, M
    if "areas" in options:
        params.areaRng = [[area["lo"], area["hi"]] for area in options["areas"]]
        params.areaRngLbl = [area["name"] for area in options["areas"]]
    if "imageIds" in options:
        params.imgIds = sorted(set(options["imageIds"]))
    if "categoryIds" in options:
        params.catIds = sorted(set(options["categoryIds"]))
    if options.get("classAgnostic"):
        params.useCats = 0


def evaluate(header, blobs):
    options = header["options"]
    dataset = json.loads(blobs[0].decode("utf-8-sig"))
    results = json.loads(blobs[1].decode("utf-8-sig")) or [phantom(dataset)]
    ground_truth = load_ground_truth(dataset)
    run = COCOeval(ground_truth, ground_truth.loadRes(results), options["iouType"])
    set_params(run.params, options)
    run.evaluate()
    run.accumulate()
    try:
        run.summarize()
        stats = run.stats.tolist()
    except IndexError:  # fewer than three caps, or a repeated cap beside a range name that is not there
        stats = []
    arrays = [run.eval[name] for name in ("precision", "recall", "scores")]
    shape = dict(zip("TRKAM", run.eval["counts"]))
    answer = {"shape": shape, "stats": [repr(float(value)) for value in stats]}
    return answer, [np.ascontiguousarray(a, dtype="<f8").tobytes() for a in arrays]


def columns(blobs, types):
    return [np.frombuffer(blob, dtype=kind) for blob, kind in zip(blobs, types)]


def describe(rles):
    """Compressed strings end to end with their lengths, areas and boxes."""
    strings = [rle["counts"] for rle in rles]
    lengths = np.array([len(text) for text in strings], dtype="<u4")
    # One by one: the list forms fail above 255 masks with NumPy 2.
    areas = np.array([mask_api.area(rle) for rle in rles], dtype="<u4")
    boxes = np.array([mask_api.toBbox(rle) for rle in rles], dtype="<f8")
    return [b"".join(strings), lengths.tobytes(), areas.tobytes(), boxes.tobytes()]


def rasterise(_header, blobs):
    """Polygons: sizes [mask, 2], first part [mask + 1], first number [part + 1], numbers."""
    sizes, parts, offsets, numbers = columns(blobs, ["<u4", "<u4", "<u4", "<f8"])
    sizes, parts, offsets, numbers = sizes.tolist(), parts.tolist(), offsets.tolist(), numbers.tolist()
    rles = []
    for i in range(len(parts) - 1):
        polygons = [numbers[offsets[p] : offsets[p + 1]] for p in range(parts[i], parts[i + 1])]
        rles.append(mask_api.merge(mask_api.frPyObjects(polygons, sizes[2 * i], sizes[2 * i + 1])))
    return {}, describe(rles)


def runs_of(blobs):
    sizes, offsets, runs = columns(blobs, ["<u4", "<u4", "<u4"])
    sizes, offsets, runs = sizes.tolist(), offsets.tolist(), runs.tolist()
    records = [
        {"size": sizes[2 * i : 2 * i + 2], "counts": runs[offsets[i] : offsets[i + 1]]}
        for i in range(len(offsets) - 1)
    ]
    return [mask_api.frPyObjects(record, *record["size"]) for record in records]


def compress(header, blobs):
    """Uncompressed runs: sizes [mask, 2], first run [mask + 1], runs. With "decode" the pixels follow, a byte each."""
    rles = runs_of(blobs)
    pixels = [mask_api.decode(rle).tobytes(order="F") for rle in rles] if header["decode"] else []
    return {}, [*describe(rles), b"".join(pixels)]


def iou(header, blobs):
    """Runs as in compress; masks come in groups of `side` detections and `side` ground truths."""
    rles = runs_of(blobs[:3])
    crowds = np.frombuffer(blobs[3], dtype="u1").tolist()
    side = header["side"]
    answers = []
    for i in range(0, len(rles), 2 * side):
        detections, truths = rles[i : i + side], rles[i + side : i + 2 * side]
        answers.append(mask_api.iou(detections, truths, crowds[i // 2 : i // 2 + side]))
    return {}, [np.ascontiguousarray(np.stack(answers), dtype="<f8").tobytes()]


def box_iou(header, blobs):
    """Boxes [box, 4] in groups as in iou."""
    boxes = np.frombuffer(blobs[0], dtype="<f8").reshape(-1, 4)
    crowds = np.frombuffer(blobs[1], dtype="u1").tolist()
    side = header["side"]
    answers = []
    for i in range(0, len(boxes), 2 * side):
        detections, truths = boxes[i : i + side], boxes[i + side : i + 2 * side]
        answers.append(mask_api.iou(detections, truths, crowds[i // 2 : i // 2 + side]))
    return {}, [np.ascontiguousarray(np.stack(answers), dtype="<f8").tobytes()]


def versions(_header, _blobs):
    return {
        "tool": "pycocotools",
        "version": metadata.version("pycocotools"),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }, []


def main():
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdout = open(os.devnull, "w")  # the reference prints as it goes
    verbs = {f.__name__: f for f in (evaluate, rasterise, compress, iou, box_iou, versions)}
    while True:
        header, blobs = read_message(sys.stdin.buffer)
        if header is None:
            return
        try:
            answer, out = verbs[header["verb"]](header, blobs)
        except Exception:
            answer, out = {"error": traceback.format_exc()}, []
        write_message(answers, answer, out)


main()
