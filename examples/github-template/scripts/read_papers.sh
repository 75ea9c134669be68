#!/usr/bin/env bash
# Runs a night, packs the state and says in the job summary how it went. The night's exit code fails no step, so that what is
# done gets published; what needs a person becomes the output `alarm`, by which the last job fails.
set -euo pipefail

report=$RUNNER_TEMP/report.json
log=$RUNNER_TEMP/log.txt
attention=$RUNNER_TEMP/status.txt

arguments=(run --json)
[ -z "${TOPIC:-}" ] || arguments+=("--topic=$TOPIC")
[ -z "${MAX_PAPERS:-}" ] || arguments+=("--max-papers=$MAX_PAPERS")
[ -z "${BACKEND:-}" ] || export CHATPAPER_LLM__BACKEND=$BACKEND
[ -z "${MODEL:-}" ] || export CHATPAPER_LLM__MODEL=$MODEL
CHATPAPER_POST__SITE_URL=$(bash scripts/site_address.sh)
export CHATPAPER_POST__SITE_URL

# A run that is asked to stop ends its calls, queues the rest and keeps what is done: in time before the job is ended.
set +e
timeout --signal=TERM --kill-after=5m 220m chatpaper -v "${arguments[@]}" 2>&1 > "$report" | tee "$log" >&2
code=${PIPESTATUS[0]}
chatpaper --quiet status > "$attention"
status=$?
set -e

python scripts/summarize_night.py "$code" "$status" "$report" "$log" "$attention" "$GITHUB_STEP_SUMMARY" "$GITHUB_OUTPUT"

# One consistent file, whatever a killed run left beside it; a damaged database ends the step, and the branch stays as it is.
rm -rf packed
mkdir packed
if [ -f state/chatpaper.db ]; then
  python -c 'import sqlite3; sqlite3.connect("state/chatpaper.db").execute("VACUUM INTO ?", ("packed/chatpaper.db",))'
  gzip --no-name packed/chatpaper.db
  [ ! -d state/runs ] || cp -R state/runs packed/runs
  echo "packed=true" >> "$GITHUB_OUTPUT"
fi
[ ! -d posts ] || echo "posted=true" >> "$GITHUB_OUTPUT"
