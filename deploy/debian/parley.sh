#!/bin/sh
# parley: the one program. Options for the JVM: /usr/lib/parley/*.jvm, then PARLEY_JAVA_OPTS.
set -eu
home=/usr/lib/parley
case ${1:-} in
gateway | listen | announce) profile=service ;;
bench)
  echo "parley: the benchmarks are not in the package; run ./parley bench in a source tree" >&2
  exit 3
  ;;
*) profile='command' ;;
esac
# shellcheck disable=SC2086 # PARLEY_JAVA_OPTS is a list of options
exec "$home/runtime/bin/java" "@$home/$profile.jvm" ${PARLEY_JAVA_OPTS:-} parley.gateway.cli.Parley "$@"
