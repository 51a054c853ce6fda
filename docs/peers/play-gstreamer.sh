#!/bin/sh
# One burst of `parley listen --exec 'play-gstreamer.sh FILE.wav [opus|pcmu]'`, decrypted by GStreamer into a WAV file.
# For loudspeakers put `autoaudiosink` in place of `wavenc ! filesink location=...`.
set -eu
case ${2:-opus} in
  opus) media="clock-rate=(int)48000,encoding-name=(string)OPUS,payload=(int)96" decode="rtpopusdepay ! opusdec" ;;
  pcmu) media="clock-rate=(int)8000,encoding-name=(string)PCMU,payload=(int)0" decode="rtppcmudepay ! mulawdec" ;;
  *) echo "opus or pcmu, not $2" >&2; exit 2 ;;
esac
join=""
if [ -n "${PARLEY_INTERFACE:-}" ]; then
  join="multicast-iface=$PARLEY_INTERFACE auto-multicast=true"
fi
caps="application/x-srtp,media=(string)audio,$media"
caps="$caps,ssrc=(uint)$PARLEY_SSRC,roc=(uint)$PARLEY_ROC,srtp-key=(buffer)$PARLEY_SRTP_KEY_SALT"
caps="$caps,srtp-cipher=(string)$PARLEY_GST_CIPHER,srtp-auth=(string)$PARLEY_GST_AUTH"
caps="$caps,srtcp-cipher=(string)$PARLEY_GST_CIPHER,srtcp-auth=(string)$PARLEY_GST_AUTH"
caps="$caps${PARLEY_MKI:+,mki=(buffer)$PARLEY_MKI}"
# shellcheck disable=SC2086 # the pipeline is made of words
exec gst-launch-1.0 -q -e udpsrc address="$PARLEY_ADDRESS" port="$PARLEY_PORT" $join caps="$caps" ! \
  srtpdec ! rtpjitterbuffer latency=100 ! $decode ! audioconvert ! wavenc ! filesink location="$1"
