// @ts-check
/**
 * What a generated data set may have, and how often. One table, so that the mix can be seen and changed at
 * one place; the run prints how many data sets had each.
 */
export const TRAITS = {
  // The run
  segm: 0.5,
  classAgnostic: 0.12,
  oddMaxDets: 0.25,
  oddIouThresholds: 0.2,
  oddRecallThresholds: 0.12,
  oddAreaRanges: 0.2,
  imageSubset: 0.1,
  categorySubset: 0.1,
  // Ids and order
  idZero: 0.15,
  negativeIds: 0.1,
  hugeIds: 0.1,
  unsortedFile: 0.3,
  unknownRecords: 0.05,
  // Scores
  tiedScores: 0.3,
  quantisedScores: 0.25,
  negativeScores: 0.08,
  oddScores: 0.08,
  // Objects
  crowds: 0.35,
  booleanCrowds: 0.05,
  duplicates: 0.2,
  borderAreas: 0.25,
  foreignAreas: 0.15,
  emptyImages: 0.3,
  absentCategory: 0.15,
  crowdedScene: 0.04,
  manyDetections: 0.01,
  manyCategories: 0.01,
  // Sizes at which other ways of sorting and searching set in.
  denseCell: 0.003,
  longList: 0.002,
  // Some 10 MB, only where it is asked for (--large).
  huge: 0,
  noDetections: 0.03,
  noGroundTruths: 0.02,
  overwrittenFields: 0.1,
  // Boxes
  gridBoxes: 0.6,
  decimalBoxes: 0.2,
  emptyBoxes: 0.1,
  negativeCoordinates: 0.1,
  // Masks
  maskResultsUnderBbox: 0.12,
  boxesUnderSegm: 0.08,
  bothUnderSegm: 0.25,
  laterBoxes: 0.06,
  emptyBoxLists: 0.04,
  largeImages: 0.02,
  emptyRunsInGt: 0.04,
  emptyRunsInDt: 0.04,
}

/** @typedef {Record<keyof typeof TRAITS, boolean>} Traits */

/** @param {import('./random.js').Random} random @returns {Traits} */
export function drawTraits(random) {
  const traits = /** @type {Traits} */ (
    Object.fromEntries(
      Object.entries(TRAITS).map(([name, probability]) => [name, random.chance(probability)]),
    )
  )
  // Empty runs on both sides can meet, and there the reference ends its walk early (a defect that is not
  // reproduced), so they stay on one side.
  if (traits.emptyRunsInGt) traits.emptyRunsInDt = false
  return traits
}
