#!/usr/bin/env bash
# Prints the address of the site: SITE_URL, a variable of the repository, or that of GitHub Pages.
set -euo pipefail

owner=${GITHUB_REPOSITORY_OWNER,,}
name=${GITHUB_REPOSITORY#*/}
if [ -n "${SITE_URL:-}" ]; then
  echo "${SITE_URL%/}"
elif [ "${name,,}" = "$owner.github.io" ]; then
  echo "https://$owner.github.io"
else
  echo "https://$owner.github.io/$name"
fi
