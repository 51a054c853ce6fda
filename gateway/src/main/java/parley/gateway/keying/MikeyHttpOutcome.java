package parley.gateway.keying;

import io.netty.handler.codec.http.HttpResponseStatus;

/// What became of a request, or of a connection, at the [MikeyHttpPort].
///
/// Those with a sentence are about HTTP and say so; of MIKEY there are two answers, a receipt and
/// "taken", and the second is the same for what was refused.
public enum MikeyHttpOutcome {
  RECEIPT(200, ""),
  TAKEN(202, ""),
  WRONG_PATH(404, "there is /mikey here and nothing else"),
  WRONG_METHOD(405, "POST a message"),
  WRONG_TYPE(415, "a message is application/mikey"),
  TOO_LONG(413, "a message has at most 4096 octets"),
  NO_LENGTH(411, "tell the length by Content-Length alone"),
  EMPTY(400, "there is no message in the body"),
  MALFORMED(400, "this is no HTTP request"),
  /// More messages of this source, or of all, wait to be verified than there is room for.
  OVERLOAD(503, "too many messages wait; send it again"),
  /// A connection that asked, or took its answer, too slowly, or had nothing to ask any more.
  TIMED_OUT(0, ""),
  /// A connection more than there may be, of one address or in all.
  CROWDED_OUT(0, "");

  private final int status;
  private final String sentence;

  MikeyHttpOutcome(int status, String sentence) {
    this.status = status;
    this.sentence = sentence;
  }

  /// @throws IllegalStateException of a connection that was closed without a word
  HttpResponseStatus status() {
    if (status == 0) {
      throw new IllegalStateException(this + " is not answered");
    }
    return HttpResponseStatus.valueOf(status);
  }

  String sentence() {
    return sentence;
  }
}
