#!/bin/sh
# Compiles a module's native library: build-native.sh SOURCES CLASSES PACKAGE NAME puts libNAME.so into the folder
# native/ of the package. Without a C compiler, or on another processor, it says so and leaves the classes as
# they are: every library has a substitute in Java.
set -eu
sources=$1
folder=$2/$3/native
name=$4
system=$(uname -s | tr '[:upper:]' '[:lower:]')
machine=$(uname -m)
if [ "$system-$machine" != linux-x86_64 ]; then
  echo "$name: no native library for $system-$machine; Java does its work"
  exit 0
fi
compiler=${CC:-}
for candidate in cc gcc clang; do
  [ -n "$compiler" ] || compiler=$(command -v "$candidate" || true)
done
if [ -z "$compiler" ]; then
  echo "$name: no C compiler (cc, gcc or clang) found; Java does its work"
  exit 0
fi
library=$folder/$system-$machine/lib$name.so
mkdir -p "$(dirname "$library")"
newest=$(ls -t "$sources"/*.c "$sources"/*.h "$sources"/*.inc "$0" "$library" 2>/dev/null | head -n 1)
[ "$newest" != "$library" ] || exit 0
# shellcheck disable=SC2086 # flags are words
"$compiler" -std=gnu11 -O3 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Wpedantic -Werror ${CFLAGS:-} \
  -Wl,-z,relro,-z,now -o "$library.part" "$sources"/*.c
mv "$library.part" "$library"
echo "$name: native library compiled by $compiler"
