package parley.keys.http;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/// What TLS knows of the other end of a connection.
///
/// @param protocol `TLSv1.2` or `TLSv1.3`; empty without TLS
/// @param cipherSuite its name by IANA, `TLS_AES_128_GCM_SHA256`; empty without TLS
/// @param cipherSuiteCode its two octets as a number, 0x1301; 0 without TLS
/// @param connection a number that no other connection of this server has
/// @param certificate of the client, verified; null where it showed none
/// @param pskIdentity the identity of the pre-shared key that the handshake proved; null where
///   there is none
public record TlsPeer(
    String protocol,
    String cipherSuite,
    int cipherSuiteCode,
    long connection,
    @Nullable X509Certificate certificate,
    @Nullable String pskIdentity) {

  /// A connection without TLS.
  public static TlsPeer none(long connection) {
    return new TlsPeer("", "", 0, connection, null, null);
  }
}
