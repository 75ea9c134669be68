#!/usr/bin/env bash
# Builds the site of the posts into the folder `site`. Before the first post there is nothing to build, which is no failure.
set -euo pipefail

if [ ! -d posts ]; then
  echo "There are no posts yet."
  exit
fi
python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-site.lock
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
rm -rf docs
mkdir docs
cp -R posts/. assets/. docs
SITE_URL=$(bash scripts/site_address.sh)/ mkdocs build --quiet
echo "built=true" >> "$GITHUB_OUTPUT"
