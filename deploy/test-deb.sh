#!/bin/bash
# Installs, runs, upgrades, removes and purges the Debian package: deploy/test-deb.sh [PACKAGE.deb]
# All of it happens in a copy-on-write view of this machine with a network of its own: nothing here changes.
# The keys and the configuration are made by the commands of docs/operators-guide.md, word by word.
# Needs root and: curl, iproute2, lintian, strace, util-linux. About two minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

fail() { echo "test-deb: FAILED: $*" >&2 && exit 1; }
say() { echo "test-deb: $*" >&2; }

outside() {
  if [ "$(id -u)" != 0 ]; then
    say "SKIPPED: needs root"
    [ "${CI:-}" != true ] || exit 1
    exit 0
  fi
  for tool in curl ip lintian strace unshare setpriv dpkg-deb systemd-analyze; do
    command -v $tool >/dev/null || { say "SKIPPED: $tool is not installed" && [ "${CI:-}" != true ] && exit 0 || exit 1; }
  done
  deb=${1:-}
  [ -n "$deb" ] || deb=$("$here/build-deb.sh" --out "$root/target" | tail -n 1)
  say "lintian"
  lintian --allow-root --fail-on error,warning "$deb" || fail "lintian"

  scratch=$(mktemp -d)
  trap 'umount "$scratch" 2>/dev/null || true; rm -rf "$scratch"' EXIT
  mount -t tmpfs -o size=2g none "$scratch"
  mkdir "$scratch"/{upper,work,root,next}
  say "the next version: the same with another default"
  dpkg-deb -R "$deb" "$scratch/next"
  sed -i 's/^Version: .*/&+next1/' "$scratch/next/DEBIAN/control"
  echo "# a line of the next version" >>"$scratch/next/etc/default/parley"
  cp "$deb" "$scratch/first.deb"
  dpkg-deb --root-owner-group -Znone --build "$scratch/next" "$scratch/next.deb" >/dev/null
  rm -rf "$scratch/next"
  unshare --mount --net --pid --fork --kill-child "$0" --isolated "$scratch" "$root/docs/operators-guide.md"
}

isolated() {
  scratch=$1
  mount --make-rprivate /
  mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/root"
  view=$scratch/root
  mount --rbind /dev "$view/dev"
  mount -t proc proc "$view/proc"
  mount -t tmpfs none "$view/tmp"
  mount -t tmpfs none "$view/run"
  mkdir -p "$view/root"
  mount -t tmpfs none "$view/root"
  # the guide's network: one interface with the gateway's address
  ip link set lo up
  ip link add eth0 type veth peer name wire
  ip addr add 10.0.0.1/24 dev eth0
  ip link set eth0 up
  ip link set wire up
  mv "$scratch"/*.deb "$view/tmp/"
  cp "$2" "$view/tmp/guide.md"
  cp "$0" "$view/tmp/test-deb.sh"
  chroot "$view" /bin/bash /tmp/test-deb.sh --inside
}

# The guide's commands between <!-- runs: NAME --> and the end of the block below it.
guide() {
  awk -v name="$1" '
    $0 == "<!-- runs: " name " -->" { wanted = 1; next }
    wanted && /^```sh$/ { inside = 1; next }
    inside && /^```$/ { exit }
    inside { print }' /tmp/guide.md >"/tmp/$1.sh"
  [ -s "/tmp/$1.sh" ] || fail "the guide has no block $1"
  say "guide: $1"
  (cd /root && bash -euo pipefail "/tmp/$1.sh") >"/tmp/$1.out" 2>&1 || { cat "/tmp/$1.out" >&2; fail "the guide's commands '$1'"; }
}

setting() { sed -n "s/^$1=//p" /lib/systemd/system/parley-gateway.service; }

# As systemd would start it: the unit's command, user, environment and umask, no capability, no core file.
start() {
  (
    umask "$(setting UMask)"
    set -a
    . /etc/default/parley
    set +a
    cd /
    # shellcheck disable=SC2046 # the words of ExecStart
    exec setpriv --reuid "$(setting User)" --regid "$(setting Group)" --clear-groups --no-new-privs \
      --bounding-set=-all --inh-caps=-all prlimit --core=0 "$@" $(setting ExecStart)
  ) >/tmp/gateway.log 2>&1 &
  gateway=$!
  await_page healthz
}

await_page() {
  for _ in $(seq 600); do
    curl -sf -m 5 "http://127.0.0.1:9464/$1" >/dev/null && return 0
    kill -0 "$gateway" 2>/dev/null || { cat /tmp/gateway.log >&2; fail "the gateway has ended"; }
    sleep 0.2
  done
  cat /tmp/gateway.log >&2
  fail "no good answer from /$1: $(curl -s "http://127.0.0.1:9464/$1")"
}

stop() {
  kill -TERM "$gateway"
  code=0
  wait "$gateway" || code=$?
  # 143 where the JVM reports the signal, 0 where the program does; the unit takes both for success
  case $code in 0 | 143) ;; *) cat /tmp/gateway.log >&2 && fail "stopped with $code" ;; esac
}

inside() {
  export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
  unset PARLEY_JAVA_OPTS JAVA_HOME JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
  say "install"
  dpkg -i /tmp/first.deb >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log >&2; fail "install"; }
  parley --version | grep -q . || fail "parley --version"
  parley --help >/dev/null 2>/tmp/err && [ ! -s /tmp/err ] || { cat /tmp/err >&2; fail "parley --help says something on stderr"; }
  [ "$(stat -c %U:%G:%a /var/lib/parley)" = parley:parley:750 ] || fail "owner of /var/lib/parley"
  [ "$(stat -c %U:%G:%a /etc/parley)" = root:parley:750 ] || fail "owner of /etc/parley"
  for profile in service command; do
    grep -q AOTCache "/usr/lib/parley/$profile.jvm" || continue
    /usr/lib/parley/runtime/bin/java "@/usr/lib/parley/$profile.jvm" -Xlog:aot,cds parley.gateway.cli.Parley --version >/tmp/aot 2>&1
    grep -q 'Mapped static *region' /tmp/aot && ! grep -qiE 'unable to|different from|will be disabled|failed' /tmp/aot ||
      { cat /tmp/aot >&2; fail "the start-up cache for $profile is not used"; }
  done
  systemd-analyze verify --man=no /lib/systemd/system/parley-gateway.service /lib/systemd/system/parley-distribute@.timer \
    >/tmp/verify 2>&1 || { cat /tmp/verify >&2; fail "systemd-analyze verify"; }
  for unit in parley-gateway parley-distribute@; do
    systemd-analyze security --offline=true --threshold=20 --no-pager "/lib/systemd/system/$unit.service" >/tmp/security 2>&1 ||
      { cat /tmp/security >&2; fail "$unit is exposed more than 2.0"; }
  done

  guide kms
  guide manager
  guide gateway
  start
  curl -s http://127.0.0.1:9464/readyz | grep -q 'no GMK' || fail "ready without a GMK"
  guide distribute
  await_page readyz
  guide terminal
  # the guide's speech file: 1 s of silence, 8 kHz, mono, PCM 16
  {
    printf 'RIFF\244\076\000\000WAVEfmt \020\000\000\000\001\000\001\000\100\037\000\000\200\076\000\000\002\000\020\000data\200\076\000\000'
    head -c 16000 /dev/zero
  } >/root/speech.wav
  guide talk
  guide recordings
  recordings=$(cd /var/lib/parley/recordings && find . -name '*.parley' | sort)
  [ -n "$recordings" ] || fail "nothing was recorded"
  sums=$(cd /var/lib/parley && find . -type f ! -path './recordings/*' ! -name '*.lock' -exec sha256sum {} + | sort)

  say "upgrade beside a gateway that runs"
  echo 'PARLEY_LOG_LEVEL=DEBUG' >>/etc/default/parley
  dpkg --force-confdef --force-confold -i /tmp/next.deb >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log >&2; fail "upgrade"; }
  dpkg-query -W -f '${Version}' parley | grep -q '+next1$' || fail "the version after the upgrade"
  grep -q '^PARLEY_LOG_LEVEL=DEBUG' /etc/default/parley || fail "the upgrade lost a changed setting"
  [ -f /etc/default/parley.dpkg-dist ] || fail "the new default is not laid beside the changed one"
  curl -sf http://127.0.0.1:9464/readyz >/dev/null || fail "the running gateway suffered from the upgrade"
  stop
  [ "$sums" = "$(cd /var/lib/parley && find . -type f ! -path './recordings/*' ! -name '*.lock' -exec sha256sum {} + | sort)" ] ||
    say "note: the vault was written since"

  say "the new version, its system calls watched"
  start strace -f -qq -o /tmp/calls
  await_page readyz
  kill -TERM "$(pgrep -f 'parley.gateway.cli.Parley gateway' | tail -n 1)"
  wait "$gateway" || true
  calls

  say "remove"
  dpkg -r parley >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log >&2; fail "remove"; }
  [ ! -e /usr/bin/parley ] && [ ! -e /usr/lib/parley ] || fail "something of the program is left"
  [ -f /etc/default/parley ] && [ -f /etc/parley/gateway.yaml ] || fail "remove took the configuration"
  kept
  say "purge"
  dpkg -P parley >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log >&2; fail "purge"; }
  [ ! -e /etc/default/parley ] || fail "purge left /etc/default/parley"
  grep -q '/var/lib/parley holds' /tmp/dpkg.log || fail "purge does not say what it leaves"
  kept
  say "install again: what was kept is taken up"
  dpkg -i /tmp/first.deb >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log >&2; fail "install again"; }
  start
  await_page readyz
  stop
  say "OK"
}

kept() {
  [ -f /var/lib/parley/gateway.vault ] && [ -f /etc/parley/vault.pass ] || fail "the vault or its passphrase is gone"
  [ "$(cd /var/lib/parley/recordings && find . -name '*.parley' | sort)" = "$recordings" ] || fail "recordings are gone"
}

# Every system call that the gateway made must be one that the unit allows.
calls() {
  allowed() { # the calls of a set, sets within it included
    systemd-analyze syscall-filter "$1" | sed -n 's/^ *\([-@a-z_0-9]*\)$/\1/p' | while read -r call; do
      case $call in "$1") ;; @*) allowed "$call" ;; *) echo "$call" ;; esac
    done
  }
  allowed @default | sort -u >/tmp/allowed
  setting SystemCallFilter | while read -r filter; do
    for name in ${filter#\~}; do
      case $name in @*) allowed "$name" ;; *) echo "$name" ;; esac
    done | sort -u >/tmp/set
    case $filter in
    \~*) comm -23 /tmp/allowed /tmp/set >/tmp/next ;;
    *) sort -u /tmp/allowed /tmp/set >/tmp/next ;;
    esac
    mv /tmp/next /tmp/allowed
  done
  sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' /tmp/calls | sort -u >/tmp/made
  grep -qx socket /tmp/made || fail "strace saw nothing"
  wrong=$(comm -23 /tmp/made /tmp/allowed)
  # setpriv and prlimit, which stand in for systemd before the program starts
  wrong=$(echo "$wrong" | sort -u | grep -vxE 'setpriority|' | tr '\n' ' ' || true)
  [ -z "$wrong" ] || fail "the unit's SystemCallFilter would refuse: $wrong"
}

case ${1:-} in
--isolated) isolated "$2" "$3" ;;
--inside) inside ;;
*) outside "$@" ;;
esac
