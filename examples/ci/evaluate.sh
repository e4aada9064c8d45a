#!/usr/bin/env bash
# Evaluates on the CPU and fails the job unless detscope succeeds and AP reaches a floor.
#   evaluate.sh GT.json DT.json [MIN_AP]
# No prompts, no colours, no network. DETSCOPE says how to call it (default: npx --no-install detscope).
# REPORT (a folder) and MARKDOWN (a file), where set, get the report and a summary of it.
set -uo pipefail
gt="$1" dt="$2" min_ap="${3:-0}"
result="${RESULT:-detscope-result.json}"
export NO_COLOR=1

${DETSCOPE:-npx --no-install detscope} eval --gt "$gt" --dt "$dt" --backend cpu --json "$result" \
  ${REPORT:+--report "$REPORT"} ${MARKDOWN:+--markdown "$MARKDOWN"}
status=$?
case "$status" in
  0) ;;
  1) echo "detscope failed at work (exit code 1)" >&2; exit 1 ;;
  2) echo "a file or an option is wrong (exit code 2): see the line above" >&2; exit 2 ;;
  *) echo "unexpected exit code $status" >&2; exit "$status" ;;
esac

node -e '
  const [path, floor] = process.argv.slice(1)
  const { coco } = JSON.parse(require("node:fs").readFileSync(path, "utf8"))
  const { AP } = coco.metrics
  console.log(`AP ${AP === null ? "undefined" : AP.toFixed(4)}, floor ${floor}`)
  process.exit(AP !== null && AP >= Number(floor) ? 0 : 1)
' "$result" "$min_ap" || { echo "AP is below the floor of $min_ap" >&2; exit 1; }
