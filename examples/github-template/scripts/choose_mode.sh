#!/usr/bin/env bash
# Decides what this run of the workflow does, and with which provider:
#   run   a night, or what was asked for by hand
#   demo  a site of invented papers, as long as there is neither a key nor a post
#   skip  nothing: the schedule has two hours, one for summer and one for winter time in New York
# SCHEDULE is the line of the schedule that started the run; HAS_GEMINI, HAS_DEEPSEEK and HAS_SILICONFLOW tell whether
# the secret is set; BACKEND and MODEL are variables of the repository, which win.
set -euo pipefail

summer="23 6 * * 1-5"
winter="23 7 * * 1-5"
# 02:23 in New York. arXiv announces at 20:00 there; its API shows the papers from midnight, at times two hours later.
case "$SCHEDULE/$(TZ=America/New_York date +%z)" in
  "$summer/-0500" | "$winter/-0400") in_season=no ;;
  *) in_season=yes ;;
esac

backend=""
model=""
if [ "$HAS_GEMINI" = true ]; then
  backend=gemini
elif [ "$HAS_DEEPSEEK" = true ]; then
  backend=deepseek
elif [ "$HAS_SILICONFLOW" = true ]; then
  # SiliconFlow serves the models of many makers and has no model of its own.
  backend=siliconflow
  model=deepseek-ai/DeepSeek-V4-Flash
fi
has_key=${backend:+yes}
if [ -n "${BACKEND:-}" ]; then
  backend=$BACKEND
  model=""
  has_key=yes
fi
model=${MODEL:-$model}

mode=run
if [ "$in_season" = no ]; then
  mode=skip
elif [ -z "$has_key" ] && [ ! -d posts ]; then
  # A schedule that shows the demo every night helps nobody.
  if [ -n "$SCHEDULE" ]; then mode=skip; else mode=demo; fi
fi
printf '%s\n' "mode=$mode" "backend=$backend" "model=$model" >> "$GITHUB_OUTPUT"

if [ -z "$has_key" ] && [ "$in_season" = yes ]; then
  new_secret="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/settings/secrets/actions/new"
  workflow="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/workflows/nightly.yml"
  cat >> "$GITHUB_STEP_SUMMARY" <<SUMMARY
### One secret is missing · 还差一个密钥

1. [Add a repository secret]($new_secret): its name is \`GEMINI_API_KEY\` (or \`DEEPSEEK_API_KEY\`, \`SILICONFLOW_API_KEY\`), its value your key.
2. [Run the workflow]($workflow) again.

1. [新建仓库密钥]($new_secret)：名称填 \`GEMINI_API_KEY\`（或 \`DEEPSEEK_API_KEY\`、\`SILICONFLOW_API_KEY\`），值填你的密钥。
2. 再次[运行工作流]($workflow)。

SUMMARY
fi
