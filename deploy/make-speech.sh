#!/bin/sh
# Makes the speech that `parley demo` sends: deploy/make-speech.sh [directory]
# Needs espeak-ng, sox and opus-tools. The result is committed: only who wants other words runs this.
set -eu
out=${1:-$(cd "$(dirname "$0")/.." && pwd)/gateway/src/main/resources/speech}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# say <name> <voice> <words a minute> <text>: 22.05 kHz mono WAV with the silence at both ends cut
say() {
  espeak-ng -v "$2" -s "$3" -w "$work/$1.raw.wav" "$4"
  sox "$work/$1.raw.wav" "$work/$1.wav" silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse pad 0.1 0.1
}

# opus <name>: 48 kHz, 20 ms packets, 24 kbit/s
opus() {
  sox "$work/$1.wav" -r 48000 "$work/$1.48k.wav"
  opusenc --quiet --speech --bitrate 24 --framesize 20 --serial 1 --discard-comments --padding 0 \
    "$work/$1.48k.wav" "$out/$1.ogg"
}

# mulaw <name>: 8 kHz mono mu-law in WAV
mulaw() {
  sox "$work/$1.wav" -r 8000 -c 1 -e mu-law "$out/$1.wav"
}

say alice-1 en-gb-x-rp+f3 165 "Control, this is Alice at the north gate. Smoke on the second floor, two people at the window. We are going in."
say bob-1 en-us+m3 165 "Alice, this is Bob on the ladder. I see them. Water in thirty seconds, keep to the left stairway."
say alice-2 en-gb-x-rp+f3 165 "Understood, left stairway. Both are safe. I repeat, both people are safe. We are coming out."
opus alice-1
mulaw bob-1
opus alice-2
ls -l "$out"
