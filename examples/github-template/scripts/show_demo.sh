#!/usr/bin/env bash
# Makes posts of invented papers for the site, apart from the repository's own posts and state.
set -euo pipefail

chatpaper demo --output "$RUNNER_TEMP/demo"
mkdir posts
cp -R "$RUNNER_TEMP/demo/posts/." posts
echo "posted=true" >> "$GITHUB_OUTPUT"
cat >> "$GITHUB_STEP_SUMMARY" <<SUMMARY
Until then the site shows four invented papers · 在此之前，站点展示四篇虚构的论文：<$(bash scripts/site_address.sh)/>

SUMMARY
