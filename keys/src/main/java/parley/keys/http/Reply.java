package parley.keys.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What goes back to one request. Immutable; the body is shared and not to be written to.
public final class Reply {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final int status;
  private final String contentType;
  private final byte[] body;
  private final List<Map.Entry<String, String>> headers;

  private Reply(
      int status, String contentType, byte[] body, List<Map.Entry<String, String>> headers) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.headers = List.copyOf(headers);
  }

  /// @param status 200, 401 ...
  public static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, contentType, body, List.of());
  }

  /// One line of text; the line end is added.
  public static Reply text(int status, String sentence) {
    return of(status, TEXT, (sentence + "\n").getBytes(UTF_8));
  }

  /// Without a body.
  public static Reply empty(int status) {
    return of(status, "", new byte[0]);
  }

  /// The same with one more header.
  public Reply with(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new Reply(status, contentType, body, more);
  }

  public int status() {
    return status;
  }

  public String contentType() {
    return contentType;
  }

  public byte[] body() {
    return body;
  }

  public List<Map.Entry<String, String>> headers() {
    return headers;
  }

  @Override
  public String toString() {
    return "Reply[" + status + ", " + body.length + " octets]";
  }
}
