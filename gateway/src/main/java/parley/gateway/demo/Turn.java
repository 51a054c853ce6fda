package parley.gateway.demo;

import java.util.List;
import parley.gateway.ue.Speech;
import parley.gateway.ue.SpeechFrame;
import parley.gateway.ue.TalkReport;
import parley.mikey.identity.Identity;

/// One burst, as its talker knows it, and what the gateway counted while it lasted.
///
/// @param relayed media packets that the gateway sent on, over all its legs
/// @param refused messages and packets that it refused
record Turn(Identity talker, Speech speech, TalkReport report, long relayed, long refused) {
  /// What every listener must have heard, payload by payload.
  List<byte[]> payloads() {
    return speech.frames().stream().map(SpeechFrame::payload).toList();
  }
}
