package parley.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

/// A request that is answered by an error; carries no stack trace, because anybody can cause it.
final class RequestRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  RequestRefused(HttpResponseStatus status, String message) {
    this(Answer.error(status, message));
  }

  RequestRefused(Answer answer) {
    super(answer.body(), null, false, false);
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }
}
