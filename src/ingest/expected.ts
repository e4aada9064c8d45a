/** What the two files are, in the words of every message about another one. */
export const EXPECTED_GROUND_TRUTH =
  'a COCO ground truth {"images": [...], "categories": [...], "annotations": [...]}'
export const EXPECTED_DETECTIONS =
  'a list of detections [{"image_id", "category_id", "score", "bbox" or "segmentation"}, ...]'
