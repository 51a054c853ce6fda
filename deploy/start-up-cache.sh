#!/bin/bash
# Makes the start-up cache of a packaged parley (JEP 483, 514): start-up-cache.sh HOME SCRATCH
# One run of the demo loads what the roles need; the JVM writes its classes, linked, into HOME/parley.aot.
set -euo pipefail
home=$1
scratch=$2
sed -e "/AOTCache/d; s,/usr/lib/parley,$home,g" "$home/service.jvm" >"$scratch/training.jvm"
cd "$scratch"
"$home/runtime/bin/java" "@$scratch/training.jvm" "-XX:AOTCacheOutput=$home/parley.aot" \
  parley.gateway.cli.Parley demo >"$scratch/training.log" 2>&1 || true
if [ ! -s "$home/parley.aot" ]; then
  tail -n 20 "$scratch/training.log" >&2
  echo "start-up-cache: no cache came of the training run; the lines above say why" >&2
  exit 1
fi
chmod 644 "$home/parley.aot"
rm -f "$home/parley.aot.config"
