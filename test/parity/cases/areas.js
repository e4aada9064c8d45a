// @ts-check
/** Size ranges and where they meet. */
import { far, golden, result, square, truth } from './builders.js'

export const AREAS = [
  golden(
    'foreign-area',
    'Ground-truth areas from the file, detection areas from the box',
    [truth([0, 0, 40, 40], { area: 800 }), truth([200, 200, 40, 40])],
    [result([0, 10, 40, 40], 0.95), result([200, 200, 40, 40], 0.9)],
  ),
  golden(
    'border-1024',
    'Exactly 32 x 32 px is small and medium',
    [truth([0, 0, 32, 32])],
    [result([0, 0, 32, 32], 0.9)],
  ),
  golden(
    'border-9216',
    'Exactly 96 x 96 px is medium and large',
    [truth([0, 0, 96, 96])],
    [result([0, 0, 96, 96], 0.9)],
  ),
  golden(
    'unmatched-in-range',
    'An unmatched detection of 32 x 32 px counts among the small',
    [truth([0, 0, 30, 30])],
    [result([15, 15, 32, 32], 0.95), result([0, 0, 30, 30], 0.9)],
  ),
  golden(
    'unmatched-out-of-range',
    'One pixel more and it counts in no size range',
    [truth([0, 0, 30, 30])],
    [result([15, 15, 33, 33], 0.95), result([0, 0, 30, 30], 0.9)],
  ),
  golden(
    'out-of-range-absorbs-one',
    'A ground truth out of range takes one detection',
    [truth([0, 0, 40, 40]), truth([200, 200, 20, 20])],
    [result([0, 0, 31, 31], 0.95), result([200, 200, 20, 20], 0.9), result([9, 9, 31, 31], 0.94)],
  ),
  golden(
    'beyond-all',
    'An object above 10^10 px lies outside every range',
    [truth([0, 0, 150000, 150000])],
    [result([0, 0, 150000, 150000], 0.9)],
  ),
  golden(
    'empty-box',
    'A box without area is never found',
    [truth([10, 10, 0, 20]), truth(square)],
    [result([10, 10, 0, 20], 0.9), result(square, 0.8)],
  ),
  golden(
    'own-ranges',
    'Ranges that share a border, overlap, or hold one size',
    [truth([0, 0, 10, 10]), truth([100, 0, 10, 20])],
    [result([0, 0, 10, 10], 0.9), result([100, 0, 10, 20], 0.8), result(far, 0.7)],
    {
      options: {
        areas: [
          { name: 'all', lo: 0, hi: 1e5 },
          { name: 'small', lo: 0, hi: 100 },
          { name: 'one', lo: 200, hi: 200 },
          { name: 'both', lo: 100, hi: 200 },
        ],
      },
    },
  ),
]
