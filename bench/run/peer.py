"""One evaluation by another tool, in the way that its documentation shows as the usual or the fastest.

peer.py TOOL GT DT IOU_TYPE [--max-dets 1,10,100] [--threads N] [--arrays FOLDER]

The last line printed is JSON: {"stats": [...]}. With --arrays the precision, recall and scores arrays are written, too,
as plain float64 in the order of pycocotools: [T,R,K,A,M] and [T,K,A,M].
"""

import argparse
import json
import os
import sys


def pycocotools(gt, dt, args):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truth = COCO(gt)
    return classic(COCOeval(truth, truth.loadRes(dt), args.iou_type), args)


def faster_coco_eval(gt, dt, args):
    from faster_coco_eval import COCO, COCOeval_faster

    truth = COCO(gt)
    options = {'rle_iou_max_workers': args.threads} if args.threads else {}
    return classic(COCOeval_faster(truth, truth.loadRes(dt), args.iou_type, **options), args)


def hotcoco(gt, dt, args):
    from hotcoco import COCO, COCOeval

    truth = COCO(gt)
    return classic(COCOeval(truth, truth.load_res(dt), args.iou_type), args)


def ultrafast_pycocotools(gt, dt, args):
    from ultrafast_pycocotools import COCO, COCOeval

    truth = COCO(gt, verbose=False)
    return classic(COCOeval(truth, truth.loadRes(dt), args.iou_type), args)


def classic(evaluator, args):
    """The calls that pycocotools made common."""
    if args.max_dets:
        evaluator.params.maxDets = args.max_dets
    evaluator.evaluate()
    evaluator.accumulate()
    evaluator.summarize()
    return list(evaluator.stats)[:12], evaluator.eval


def vernier(gt, dt, args):
    from vernier.instance import Bbox, CocoDataset, Evaluator, Segm

    with open(gt, 'rb') as file:
        truth = CocoDataset.from_json(file.read())
    with open(dt, 'rb') as file:
        detections = file.read()
    threads = args.threads or len(os.sched_getaffinity(0))
    caps = args.max_dets or [1, 10, 100]
    if args.arrays:
        from vernier import _core

        grid = getattr(_core, f'evaluate_{args.iou_type}_grid')(
            truth,
            detections,
            parity_mode='strict',
            max_dets_per_image=caps[-1],
            use_cats=True,
            num_threads=threads,
        )
        found = grid.accumulate(caps)
        arrays = {name: getattr(found, name) for name in ('precision', 'recall', 'scores')}
        return list(found.summarize(caps).stats), arrays
    kind = Bbox() if args.iou_type == 'bbox' else Segm()
    evaluator = Evaluator(iou=kind, parity_mode='strict', max_dets=tuple(caps))
    summary = evaluator.evaluate(truth, detections, num_threads=threads)
    print('\n'.join(summary.pretty_lines()))
    return list(summary.stats), None


TOOLS = {
    'pycocotools': pycocotools,
    'faster-coco-eval': faster_coco_eval,
    'hotcoco': hotcoco,
    'ultrafast-pycocotools': ultrafast_pycocotools,
    'vernier': vernier,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tool', choices=TOOLS)
    parser.add_argument('gt')
    parser.add_argument('dt')
    parser.add_argument('iou_type', choices=['bbox', 'segm'])
    parser.add_argument('--max-dets', type=lambda text: [int(cap) for cap in text.split(',')])
    parser.add_argument('--threads', type=int)
    parser.add_argument('--arrays')
    args = parser.parse_args()
    if args.threads:
        os.environ['RAYON_NUM_THREADS'] = str(args.threads)
    stats, arrays = TOOLS[args.tool](args.gt, args.dt, args)
    if args.arrays:
        import numpy

        for name in ('precision', 'recall', 'scores'):
            values = numpy.ascontiguousarray(arrays[name], dtype='<f8')
            values.tofile(os.path.join(args.arrays, f'{name}.f64'))
    print(json.dumps({'stats': [float(value) for value in stats]}))
    # The rest of Python's end, freeing every object one by one, is nobody's result.
    sys.stdout.flush()


main()
