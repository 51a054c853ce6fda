#!/bin/bash
# Builds the Debian package: deploy/build-deb.sh [--version V] [--no-build] [--out FOLDER]
#   --version V   another version than the pom's; the test of upgrades needs two
#   --no-build    package what ./build has left in gateway/target
#   --out FOLDER  where to put it (default: target)
#   --no-cache    without the start-up caches: slower to start, smaller
# Times come from SOURCE_DATE_EPOCH (default: the last commit). With --no-cache the same sources and JDK give the
# same octets; the caches hold what a run has measured, so they differ from build to build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
. "$root/.find-jdk"
find_jdk || exit 3

version=
out=$root/target
build=yes
cache=yes
while [ $# -gt 0 ]; do
  case $1 in
  --version) version=$2 && shift 2 ;;
  --out) out=$2 && shift 2 ;;
  --no-build) build=no && shift ;;
  --no-cache) cache=no && shift ;;
  *) echo "build-deb: unknown option $1; see the head of this script" >&2 && exit 2 ;;
  esac
done
for tool in dpkg-deb dpkg-shlibdeps fakeroot strip; do
  command -v $tool >/dev/null || { echo "build-deb: $tool is missing; apt-get install binutils dpkg-dev fakeroot" >&2 && exit 3; }
done
if [ -z "$version" ]; then
  version=$(sed -n 's,^  <version>\(.*\)</version>$,\1,p' "$root/pom.xml" | head -n 1)
  version=${version/-SNAPSHOT/~snapshot}
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}
export LC_ALL=C TZ=UTC
umask 022

[ $build = no ] || "$root/build" -q -pl gateway -am -DskipTests package
jars=$root/gateway/target
[ -d "$jars/lib" ] || { echo "build-deb: $jars/lib is not there; leave --no-build out" >&2 && exit 3; }

arch=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$work/debian/parley
home=$stage/usr/lib/parley
doc=$stage/usr/share/doc/parley
mkdir -p "$home/lib" "$doc/examples" "$stage/DEBIAN"

echo "build-deb: the program" >&2
cp "$jars"/lib/*.jar "$home/lib/"
cp "$jars"/parley-gateway-*.jar "$home/lib/"
rm -f "$home"/lib/*-sources.jar "$home"/lib/*-tests.jar
# natives of other machines
case $arch in
amd64) rm -f "$home"/lib/*linux-aarch_64.jar ;;
arm64) rm -f "$home"/lib/*linux-x86_64.jar ;;
esac

echo "build-deb: its Java runtime" >&2
# jlink cannot see what is loaded by name: logback wants naming and xml, the meters of the process want management,
# a vault the JDK's PKCS#11
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.crypto.cryptoki,jdk.management,jdk.net,jdk.unsupported
needed=$("$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps -s "$home"/lib/parley-*.jar |
  sed -nE 's/.* -> ((java|jdk)\.[a-z.]+)$/\1/p' | sort -u)
for module in $needed; do
  case ,$modules, in
  *,"$module",*) ;;
  *) echo "build-deb: parley needs module $module; add it to this script" >&2 && exit 1 ;;
  esac
done
"$JAVA_HOME/bin/jlink" --add-modules $modules --strip-debug --no-header-files --no-man-pages --compress zip-6 \
  --output "$home/runtime" 2>&1 | { grep -v '^WARNING: Using incubator' || true; }
rm -rf "$home/runtime/legal"
find "$home/runtime/bin" -type f ! -name java -delete
find "$home/runtime" -type f \( -name '*.so' -o -perm -u+x \) -exec strip --strip-unneeded {} +
mkdir "$doc/runtime-legal"
cp "$JAVA_HOME"/legal/java.base/* "$doc/runtime-legal/"
cp "$JAVA_HOME"/NOTICE "$doc/runtime-legal/" 2>/dev/null || true
chmod -R u+w,go-w "$home" "$doc"

echo "build-deb: units, manual, guide" >&2
install -D -m 755 "$here/debian/parley.sh" "$stage/usr/bin/parley"
install -D -m 644 -t "$stage/lib/systemd/system" "$here"/systemd/*.service "$here"/systemd/*.timer
install -D -m 644 "$here/debian/default" "$stage/etc/default/parley"
install -D -m 644 -t "$doc/examples" "$here/debian/gateway.yaml" "$here/systemd/credential.conf" "$here/sysctl/60-parley.conf"
install -D -m 644 -t "$doc/examples/prometheus" "$here"/prometheus/scrape.yaml "$here"/prometheus/rules.yaml
install -D -m 644 -t "$doc/examples/grafana" "$here"/grafana/parley.json
install -D -m 644 "$here/debian/copyright" "$doc/copyright"
install -m 644 "$root/docs/operators-guide.md" "$root/docs/bsf.md" "$root/docs/kms.md" "$root/docs/manager.md" \
  "$root/docs/enrolment.md" "$root/docs/threat-model.md" "$root/docs/wire-profile.md" "$root/docs/peers.md" "$root/SECURITY.md" "$doc/"
install -d "$stage/usr/share/man/man1" "$stage/usr/share/bash-completion/completions" "$stage/usr/share/lintian/overrides"
gzip -9n <"$here/debian/parley.1" >"$stage/usr/share/man/man1/parley.1.gz"
install -m 644 "$root/CHANGELOG.md" "$doc/"
printf 'parley (%s) stable; urgency=medium\n\n  * What has changed: CHANGELOG.md.\n\n -- %s  %s\n' "$version" \
  "$(sed -n 's/^Maintainer: //p' "$here/debian/control")" "$(date -R -d "@$SOURCE_DATE_EPOCH")" |
  gzip -9n >"$doc/changelog.gz"
install -m 644 "$here/debian/lintian-overrides" "$stage/usr/share/lintian/overrides/parley"

# the class path spelled out, in one order on every machine: the start-up caches are bound to it
jvm() {
  echo "# Written by deploy/build-deb.sh"
  cat "$here/debian/common.jvm" "$here/debian/$1.jvm"
  [ $cache = no ] || printf -- '-XX:AOTCache=/usr/lib/parley/%s.aot\n-Xlog:aot=off\n-Xlog:cds=off\n' "$1"
  printf -- '-cp\n'
  # the gateway's own jar first, then the others by name
  (cd "$home/lib" && printf '%s\n' parley-gateway-*.jar *.jar) | awk '!seen[$0]++' |
    sed 's,^,/usr/lib/parley/lib/,' | paste -sd :
}
jvm service >"$home/service.jvm"
jvm command >"$home/command.jvm"

echo "build-deb: its start-up caches" >&2
find "$stage" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
[ $cache = no ] || "$here/start-up-cache.sh" "$home" "$work"
"$home/runtime/bin/java" -cp "$home/lib/*" parley.gateway.cli.Parley completion bash |
  sed '1{/^#!/d}' >"$stage/usr/share/bash-completion/completions/parley"

echo "build-deb: parley_${version}_$arch.deb" >&2
: >"$work/debian/control"
printf 'Source: parley\n\nPackage: parley\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && find "$home/runtime" -name '*.so' -print0 |
  xargs -0 dpkg-shlibdeps -O --ignore-missing-info -l"$home/runtime/lib" -l"$home/runtime/lib/server" 2>/dev/null |
  sed -n 's/^shlibs:Depends=//p')
sed -e "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@LIBRARIES@/$libraries/" \
  -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$stage" | cut -f 1)/" "$here/debian/control" >"$stage/DEBIAN/control"
install -m 755 -t "$stage/DEBIAN" "$here/debian/postinst" "$here/debian/prerm" "$here/debian/postrm"
echo /etc/default/parley >"$stage/DEBIAN/conffiles"
(cd "$stage" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$stage" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$out"
fakeroot dpkg-deb --root-owner-group -Z"${PARLEY_DEB_COMPRESSION:-xz}" --build "$stage" "$out/parley_${version}_$arch.deb" >&2
du -h "$out/parley_${version}_$arch.deb" >&2
echo "$out/parley_${version}_$arch.deb"
