#!/bin/sh
# Speech from any file, sent as Opus by ffmpeg under the keys of
# `parley announce --profile AES_CM_128_HMAC_SHA1_80 --no-mki -- send-ffmpeg.sh FILE`. ffmpeg knows no AEAD and no MKI.
# It prints an SDP with the key on standard output, which belongs in no log.
set -eu
url="srtp://$PARLEY_ADDRESS:$PARLEY_PORT?pkt_size=1200"
if [ -n "${PARLEY_INTERFACE:-}" ]; then
  url="$url&ttl=$PARLEY_TTL${LOCAL_ADDRESS:+&localaddr=$LOCAL_ADDRESS}"
fi
exec ffmpeg -nostdin -loglevel error -re -i "$1" -ar 48000 -ac 1 \
  -c:a libopus -b:a 24k -frame_duration 20 -application voip -f rtp \
  -ssrc "$PARLEY_SSRC_SIGNED" -seq "$PARLEY_SEQ" -payload_type 96 \
  -srtp_out_suite "$PARLEY_FFMPEG_SUITE" -srtp_out_params "$PARLEY_SRTP_KEY_SALT_BASE64" "$url" >/dev/null
