package parley.bench.kms;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import parley.keys.http.ClientTls;
import parley.keys.kms.client.KeyProvisioning.Answer;
import parley.keys.kms.client.KeyProvisioning.Transport;

/// A client's connection to a KMS: the least that HTTP/1.1 needs, so that the client's processor
/// time is not what is measured. One thread.
final class Line implements Transport, AutoCloseable {
  private static final int MOST_OCTETS = 64 << 10;
  private static final String LENGTH = "content-length:";

  private final TlsMaker tls;
  private final boolean isKept;
  private @Nullable SSLSocket socket;
  private @Nullable InputStream in;

  /// Makes a TLS context: one that was never used has no session to go on with.
  interface TlsMaker {
    SSLContext make() throws IOException;
  }

  /// @param isKept whether the connection serves for all requests, or each has a new one with a
  ///   handshake of its own
  Line(TlsMaker tls, boolean isKept) {
    this.tls = tls;
    this.isKept = isKept;
  }

  @Override
  public Answer post(URI url, byte[] body) throws IOException {
    SSLSocket open = socket == null ? connect(url) : socket;
    InputStream from = in;
    if (from == null) {
      throw new IllegalStateException("a connection without a stream");
    }
    String head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
            .formatted(url.getRawPath(), url.getRawAuthority(), body.length);
    OutputStream out = open.getOutputStream();
    byte[] first = head.getBytes(US_ASCII);
    byte[] all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    out.write(all);
    Answer answer = read(from);
    if (!isKept) {
      close();
    }
    return answer;
  }

  private SSLSocket connect(URI url) throws IOException {
    var made = (SSLSocket) tls.make().getSocketFactory().createSocket(url.getHost(), url.getPort());
    made.setTcpNoDelay(true);
    made.setSSLParameters(ClientTls.parameters());
    socket = made;
    in = new BufferedInputStream(made.getInputStream());
    return made;
  }

  private static Answer read(InputStream in) throws IOException {
    String status = line(in);
    int length = -1;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    if (length < 0 || length > MOST_OCTETS) {
      throw new IOException("an answer of unknown length: " + status);
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the answer broke off");
    }
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), body);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0 || line.length() > MOST_OCTETS) {
        throw new EOFException("the connection ended in the head of an answer");
      }
      if (octet != '\r') {
        line.append((char) octet);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
      in = null;
    }
  }
}
