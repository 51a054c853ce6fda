#!/bin/bash
# Makes the start-up caches of a packaged parley (JEP 483, 514): start-up-cache.sh HOME SCRATCH
# A training run loads what will be needed; the JVM writes its classes, linked, into HOME/service.aot and
# HOME/command.aot. There are two, because a cache belongs to the garbage collector it was made with.
set -euo pipefail
home=$1
scratch=$2

train() {
  profile=$1
  shift
  sed -e "/AOTCache/d; /^-Xlog/d; s,/usr/lib/parley,$home,g" "$home/$profile.jvm" >"$scratch/$profile.jvm"
  (cd "$scratch" && "$home/runtime/bin/java" "@$scratch/$profile.jvm" "-XX:AOTCacheOutput=$home/$profile.aot" \
    parley.gateway.cli.Parley "$@") >"$scratch/training.log" 2>&1 || true
  if [ ! -s "$home/$profile.aot" ]; then
    tail -n 20 "$scratch/training.log" >&2
    echo "start-up-cache: no $profile.aot came of the training run; the lines above say why" >&2
    exit 1
  fi
  chmod 644 "$home/$profile.aot"
  rm -f "$home/$profile.aot.config"
}

# the whole system in one process: KMS, gateway, terminals, recordings
train service demo
head -c 32 /dev/zero >"$scratch/training.key"
train command kms init --vault "$scratch/training.vault" --key-file "$scratch/training.key" --uri kms.example.org
