package parley.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import parley.keys.http.ClientTls;
import parley.keys.http.TlsRefused;

/// Another server of the key plane, and who we are there.
///
/// @param ca the authorities whose servers are believed; null for those of the JDK
/// @param certificate ours, null where we show none
/// @param key its key
public record PeerConfig(
    URI url, @Nullable Path ca, @Nullable Path certificate, @Nullable Path key) {

  /// Whom we believe there, and what we show; reads the files.
  public SSLContext tls() throws TlsRefused {
    return ClientTls.load(ca, ClientTls.Own.of(certificate, key));
  }
}
