#!/bin/sh
# A lab of two sites and two gateways in network namespaces of this host, for root:
#
#   site-a (alice talks, 239.10.0.1)            site-b (carol listens, 239.20.0.1)
#      | lan 10.10.0.0/24, fd10::/64               | lan 10.20.0.0/24, fd20::/64
#   gw1 ------------ wan 10.30.0.0/24, fd30::/64 ------------ gw2
#
#   deploy/netns-lab.sh up      builds it, makes the keys, starts both gateways
#   deploy/netns-lab.sh demo    the same, then alice speaks and carol writes what she hears; takes it down
#   deploy/netns-lab.sh down    ends the gateways and deletes everything
#
# Where the kernel has netem the line between the gateways is impaired as PARLEY_NETEM says, by default
# "delay 20ms 10ms loss 1% duplicate 1%". PARLEY is the program, PARLEY_LAB the folder for keys, logs and sound.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
parley=${PARLEY:-$here/parley}
lab=${PARLEY_LAB:-${TMPDIR:-/tmp}/parley-lab}
netem=${PARLEY_NETEM:-delay 20ms 10ms loss 1% duplicate 1%}
group=sip:fire-ops@example.org
spaces="lab-site-a lab-gw1 lab-gw2 lab-site-b"

say() { echo "lab: $*"; }
fail() {
  echo "lab: $*" >&2
  exit 1
}

need() {
  [ "$(id -u)" = 0 ] || fail "network namespaces need root; run it with sudo"
  command -v ip >/dev/null || fail "there is no ip; apt-get install iproute2"
  [ -x "$parley" ] || fail "there is no program $parley; set PARLEY"
}

# cable A DEVICE B DEVICE
cable() {
  ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
  ip -n "$1" link set "$2" up
  ip -n "$3" link set "$4" up
}

# address SPACE DEVICE IPV4 IPV6
address() {
  ip -n "$1" address add "$3" dev "$2"
  ip -n "$1" address add "$4" dev "$2" nodad
  ip -n "$1" route add 224.0.0.0/4 dev "$2" 2>/dev/null || true
}

networks() {
  for space in $spaces; do
    ip netns add "$space"
    ip -n "$space" link set lo up
  done
  cable lab-site-a eth0 lab-gw1 lan
  cable lab-gw1 wan lab-gw2 wan
  cable lab-gw2 lan lab-site-b eth0
  address lab-site-a eth0 10.10.0.2/24 fd10::2/64
  address lab-gw1 lan 10.10.0.1/24 fd10::1/64
  address lab-gw1 wan 10.30.0.1/24 fd30::1/64
  address lab-gw2 wan 10.30.0.2/24 fd30::2/64
  address lab-gw2 lan 10.20.0.1/24 fd20::1/64
  address lab-site-b eth0 10.20.0.2/24 fd20::2/64
  say "two sites and two gateways: $spaces"
  impair lab-gw1
  impair lab-gw2
}

impair() {
  # shellcheck disable=SC2086 # netem takes its words one by one
  if ip netns exec "$1" tc qdisc add dev wan root netem $netem 2>/dev/null; then
    say "$1: the wan has $netem"
  else
    say "$1: this kernel has no netem, so the wan is perfect (modprobe sch_netem)"
  fi
}

# Every identity gets keys of the KMS and the group's key, all of it through files.
keys() {
  cd "$lab"
  umask 077
  head -c 32 /dev/urandom >key
  cat >members.yaml <<EOF
members:
  - {identity: 'sip:alice@example.org', may: [talk, listen]}
  - {identity: 'sip:carol@example.org', may: [listen]}
  - {identity: 'sip:gw1@example.org', may: [listen, relay]}
  - {identity: 'sip:gw2@example.org', may: [listen, relay]}
EOF
  say "making keys for six identities"
  "$parley" kms init --vault kms.vault --key-file key --uri kms.example.org >>keys.log
  "$parley" kms certificate --vault kms.vault --key-file key --out kms.cert >>keys.log
  for who in fire-ops alice carol gw1 gw2; do
    "$parley" kms issue --vault kms.vault --key-file key --identity "sip:$who@example.org" \
      --device d1 --out "$who.keys" --transfer-key-file key >>keys.log
    "$parley" enrol --vault "$who.vault" --key-file key --identity "sip:$who@example.org" \
      --from "$who.keys" --transfer-key-file key --kms-certificate kms.cert --group "$group" >>keys.log
  done
  "$parley" manager init --vault fire-ops.vault --key-file key --group "$group" --members members.yaml >>keys.log
  "$parley" manager distribute --vault fire-ops.vault --key-file key --group "$group" --out gmk >>keys.log
  for who in alice carol gw1 gw2; do
    "$parley" enrol --vault "$who.vault" --key-file key --identity "sip:$who@example.org" \
      --gmk "$(ls gmk/*"$who"*)" >>keys.log
  done
}

# Of the media, gw1 takes multicast in and sends unicast over IPv6; gw2 makes multicast of it again.
configurations() {
  cat >"$lab/gw1.yaml" <<EOF
identity: sip:gw1@example.org
vault: {file: gw1.vault, key-file: key}
admin: {listen: '127.0.0.1:9464'}
groups:
  - id: $group
    members: members.yaml
    listen: [{multicast: '239.10.0.1:5004', interface: lan}]
    relay: [{to: '[fd30::2]:5004', interface: wan, dscp: EF}]
EOF
  cat >"$lab/gw2.yaml" <<EOF
identity: sip:gw2@example.org
vault: {file: gw2.vault, key-file: key}
admin: {listen: '127.0.0.1:9464'}
groups:
  - id: $group
    members: members.yaml
    listen: [{unicast: '[fd30::2]:5004', interface: wan}]
    relay:
      - {multicast: '239.20.0.1:5004', interface: lan, ttl: 4, dscp: EF}
      - {multicast: '[ff08::20]:5004', interface: lan, ttl: 4, dscp: EF}
EOF
}

gateways() {
  for gateway in gw1 gw2; do
    ip netns exec "lab-$gateway" "$parley" gateway --check "$lab/$gateway.yaml" | sed "s/^/lab: $gateway: /"
    ip netns exec "lab-$gateway" "$parley" --log=plain gateway --config "$lab/$gateway.yaml" \
      >"$lab/$gateway.log" 2>&1 &
    echo $! >"$lab/$gateway.pid"
  done
  for gateway in gw1 gw2; do
    await "$gateway.log" "gateway ready" "$gateway.pid"
    say "$gateway runs, log: $lab/$gateway.log"
  done
}

# await FILE WORDS PIDFILE
await() {
  tries=0
  until grep -q "$2" "$lab/$1" 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$(cat "$lab/$3")" 2>/dev/null; then
      cat "$lab/$1" >&2
      fail "'$2' does not come; its last words are above"
    fi
    sleep 0.1
  done
}

up() {
  need
  [ ! -e "$lab" ] || fail "$lab is there already; say '$0 down' first"
  mkdir -p "$lab"
  networks
  keys
  configurations
  gateways
}

stop() {
  [ -f "$lab/$1.pid" ] || return 0
  pid=$(cat "$lab/$1.pid")
  kill "$pid" 2>/dev/null || return 0
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
}

down() {
  need
  for job in listen4 listen6 gw1 gw2; do
    stop "$job"
  done
  for space in $spaces; do
    ip netns delete "$space" 2>/dev/null || true
  done
  rm -rf "$lab/gmk"
  rm -f "$lab"/*.vault "$lab"/*.keys "$lab/key" "$lab"/*.pid
  say "everything is taken down; what is left of logs and sound is in $lab"
}

# listen NAME ADDRESS; a vault opens for one process at a time, so each has a copy
listen() {
  cp "$lab/carol.vault" "$lab/$1.vault"
  ip netns exec lab-site-b "$parley" listen --vault "$lab/$1.vault" --key-file "$lab/key" \
    --identity sip:carol@example.org --group "$group" --members "$lab/members.yaml" \
    --listen "$2" --interface eth0 --out "$lab/$1.ogg" >"$lab/$1.log" 2>&1 &
  echo $! >"$lab/$1.pid"
  await "$1.log" "listens to" "$1.pid"
}

demo() {
  trap 'down' EXIT
  up
  listen listen4 239.20.0.1:5004
  listen listen6 '[ff08::20]:5004'
  say "carol listens on 239.20.0.1:5004 and [ff08::20]:5004"
  speech=$here/gateway/src/main/resources/speech/alice-1.ogg
  ip netns exec lab-site-a "$parley" talk --vault "$lab/alice.vault" --key-file "$lab/key" \
    --identity sip:alice@example.org --group "$group" --to 239.10.0.1:5004 --interface eth0 --ttl 4 \
    --dscp EF --file "${PARLEY_SPEECH:-$speech}" | sed 's/^/lab: /'
  for ear in listen4 listen6; do
    wait "$(cat "$lab/$ear.pid")" || true
    sed "s/^/lab: /" "$lab/$ear.log"
    [ -s "$lab/$ear.ogg" ] || fail "carol heard nothing; see $lab"
  done
  for gateway in gw1 gw2; do
    ip netns exec "lab-$gateway" curl -fsS http://127.0.0.1:9464/metrics 2>/dev/null |
      grep -E '^parley_(packets_total|leg_up)' | sed "s/^/lab: $gateway: /" || true
  done
  say "carol heard alice over two gateways: $lab/listen4.ogg, $lab/listen6.ogg"
}

case "${1:-}" in
  up) up ;;
  down) down ;;
  demo) demo ;;
  *)
    sed -n '2,14s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
