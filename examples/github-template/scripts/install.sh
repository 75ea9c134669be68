#!/usr/bin/env bash
# Installs chatpaper in one version, and its libraries in those of the lock. CHATPAPER_SOURCE, a variable of the
# repository, names another place that pip can install it from.
set -euo pipefail

version=0.1.0
source=${CHATPAPER_SOURCE:-https://github.com/chatpaper/chatpaper/archive/refs/tags/v$version.tar.gz}
python -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock
python -m pip install --quiet --no-deps --no-build-isolation "$source"
