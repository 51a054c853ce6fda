#!/bin/sh
# Speech from a WAV file, sent by GStreamer under the keys of `parley announce -- send-gstreamer.sh FILE [opus|pcmu]`.
set -eu
case ${2:-opus} in
  opus) encode="audio/x-raw,rate=48000,channels=1 ! opusenc bitrate=24000 frame-size=20 ! rtpopuspay pt=96" ;;
  pcmu) encode="audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay pt=0 min-ptime=20000000 max-ptime=20000000" ;;
  *) echo "opus or pcmu, not $2" >&2; exit 2 ;;
esac
sink="host=$PARLEY_ADDRESS port=$PARLEY_PORT"
if [ -n "${PARLEY_INTERFACE:-}" ]; then
  sink="$sink multicast-iface=$PARLEY_INTERFACE ttl-mc=$PARLEY_TTL"
fi
# shellcheck disable=SC2086 # the pipeline is made of words
exec gst-launch-1.0 -q filesrc location="$1" ! decodebin ! audioconvert ! audioresample ! \
  $encode ssrc="$PARLEY_SSRC" seqnum-offset="$PARLEY_SEQ" ! \
  srtpenc key="$PARLEY_SRTP_KEY_SALT" ${PARLEY_MKI:+mki=$PARLEY_MKI} \
    rtp-cipher="$PARLEY_GST_CIPHER" rtp-auth="$PARLEY_GST_AUTH" \
    rtcp-cipher="$PARLEY_GST_CIPHER" rtcp-auth="$PARLEY_GST_AUTH" ! \
  udpsink $sink
