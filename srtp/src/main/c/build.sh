#!/bin/sh
# Compiles the cipher kernel: build.sh TARGET-FOLDER. Without a C compiler, or on another processor, it
# says so and leaves the folder as it is: the library works without the kernel.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
system=$(uname -s | tr '[:upper:]' '[:lower:]')
machine=$(uname -m)
if [ "$system-$machine" != linux-x86_64 ]; then
  echo "parley srtp: no native kernel for $system-$machine; the engines openssl and jce remain"
  exit 0
fi
compiler=${CC:-}
for candidate in cc gcc clang; do
  [ -n "$compiler" ] || compiler=$(command -v "$candidate" || true)
done
if [ -z "$compiler" ]; then
  echo "parley srtp: no C compiler (cc, gcc or clang) found; the engines openssl and jce remain"
  exit 0
fi
folder=$target/parley/srtp/native/linux-x86_64
library=$folder/libparley_srtp.so
mkdir -p "$folder"
newest=$(ls -t "$here"/*.c "$here"/*.h "$here"/*.inc "$here"/build.sh "$library" 2>/dev/null | head -n 1)
[ "$newest" != "$library" ] || exit 0
# shellcheck disable=SC2086 # flags are words
"$compiler" -std=gnu11 -O3 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Wpedantic -Werror ${CFLAGS:-} \
  -Wl,-z,relro,-z,now -o "$library.part" "$here"/*.c
mv "$library.part" "$library"
echo "parley srtp: native kernel compiled by $compiler"
