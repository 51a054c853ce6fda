package parley.keys.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whom a client believes, and the certificate it shows: for `java.net.http.HttpClient`.
public final class ClientTls {
  private ClientTls() {}

  /// A client's certificate chain and key, PEM; both or neither.
  public record Own(Path certificate, Path key) {
    /// Null where there is no certificate, or no key to it.
    public static @Nullable Own of(@Nullable Path certificate, @Nullable Path key) {
      return certificate == null || key == null ? null : new Own(certificate, key);
    }
  }

  /// @param ca the authorities whose servers are believed; null for those of the JDK
  /// @param own null for a client that shows no certificate
  /// @throws TlsRefused for a file that cannot be used; a certificate that has expired is the
  ///   server's to refuse
  public static SSLContext load(@Nullable Path ca, @Nullable Own own) throws TlsRefused {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? null : keys(own).getKeyManagers(),
          ca == null ? null : trust(ca).getTrustManagers(),
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsRefused("", "TLS cannot be set up with these files: " + e.getMessage(), e);
    }
  }

  /// The protocols and suites that a client of ours offers, to a server of the name that it asked
  /// for.
  public static SSLParameters parameters() {
    var parameters = new SSLParameters();
    parameters.setProtocols(TlsSuites.PROTOCOLS.toArray(String[]::new));
    parameters.setCipherSuites(TlsSuites.NAMES.toArray(String[]::new));
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  /// A client of ours: HTTP/1.1, these protocols and suites, no redirection followed. The caller
  /// closes it.
  ///
  /// @param tls whom it believes, and what it shows
  /// @param connecting how long that may take
  public static HttpClient http(SSLContext tls, Duration connecting) {
    return HttpClient.newBuilder()
        .sslContext(tls)
        .sslParameters(parameters())
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(connecting)
        .build();
  }

  private static TrustManagerFactory trust(Path ca)
      throws GeneralSecurityException, IOException, TlsRefused {
    List<X509Certificate> authorities = ServerTls.read("ca", ca, PemFiles::certificates);
    KeyStore store = emptyStore();
    int n = 0;
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("ca-" + n++, authority);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }

  private static KeyManagerFactory keys(Own own)
      throws GeneralSecurityException, IOException, TlsRefused {
    List<X509Certificate> chain =
        ServerTls.read("certificate", own.certificate(), PemFiles::certificates);
    PrivateKey key = ServerTls.read("key", own.key(), file -> PemFiles.key(file, chain.getFirst()));
    KeyStore store = emptyStore();
    store.setKeyEntry("client", key, new char[0], chain.toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
