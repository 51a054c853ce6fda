package parley.keys.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Sends requests to a server and brings its answers: over TLS by certificates or by a pre-shared
/// key, whatever the client has. Any thread; waits.
public interface Exchange extends AutoCloseable {
  /// The longest body of an answer that is read.
  int MOST_OCTETS = 1 << 20;

  /// An answer, and the TLS suite it came by.
  ///
  /// @param cipherSuiteCode its two octets as a number; 0 in clear, and for a suite that is none of
  ///   [TlsSuites]
  record Answer(Reply reply, int cipherSuiteCode) {}

  /// @param headers those that belong to this request alone
  /// @throws IOException with one sentence when there is no whole answer, or one that is too long
  Answer send(String method, URI url, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException;

  @Override
  void close();
}
