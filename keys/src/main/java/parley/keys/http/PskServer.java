package parley.keys.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Hashtable;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The server's end of one TLS handshake by a pre-shared key (RFC 4279, RFC 8446; TS 33.222, 5.4).
///
/// An unknown identity gets a random key, so that it fails at the same place and with the same
/// alert as a wrong one. Confined to the handshake's thread.
final class PskServer extends PSKTlsServer {
  private static final int UNKNOWN_KEY_OCTETS = 32;

  /// Authenticated encryption and ephemeral keys only; with SHA-256 alone in TLS 1.3, since that is
  /// the hash of an external key whose hash nobody told (RFC 8446, 4.2.11).
  static final int[] SUITES = {
    CipherSuite.TLS_AES_128_GCM_SHA256,
    CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_DHE_PSK_WITH_AES_128_GCM_SHA256
  };

  private final TlsCrypto tls;
  private final Set<String> hosts;
  private final KeyFinder finder;

  /// @param hosts the names that a client may ask for, in lower case; one that tells no name is
  ///   served
  PskServer(TlsCrypto tls, PskKeys keys, Set<String> hosts) {
    this(tls, hosts, new KeyFinder(tls, keys));
  }

  private PskServer(TlsCrypto tls, Set<String> hosts, KeyFinder finder) {
    super(tls, finder);
    this.tls = tls;
    this.hosts = Set.copyOf(hosts);
    this.finder = finder;
  }

  /// Finds keys for both versions, and remembers for which identity.
  private static final class KeyFinder implements TlsPSKIdentityManager {
    private final TlsCrypto tls;
    private final PskKeys keys;
    private int cipherSuite;
    private @Nullable String identity;

    KeyFinder(TlsCrypto tls, PskKeys keys) {
      this.tls = tls;
      this.keys = keys;
    }

    @Override
    public byte[] getHint() {
      return PskKeys.GBA_HINT.getBytes(UTF_8);
    }

    /// A copy, because it is wiped by whoever asked.
    @Override
    public byte[] getPSK(byte[] wanted) {
      return find(wanted).orElseGet(this::unknown);
    }

    Optional<byte[]> find(byte[] wanted) {
      String text = text(wanted);
      identity = text;
      if (text == null) {
        return Optional.empty();
      }
      try (SecretBytes found = keys.find(text, cipherSuite).orElse(null)) {
        return found == null
            ? Optional.empty()
            : Optional.of(found.lend(SecretAccess.token(), byte[]::clone));
      }
    }

    byte[] unknown() {
      return tls.createNonceGenerator(new byte[0]).generateNonce(UNKNOWN_KEY_OCTETS);
    }

    private static @Nullable String text(byte[] octets) {
      try {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
      } catch (CharacterCodingException _) {
        return null;
      }
    }
  }

  /// Whose key the handshake proved; only after its end.
  @Nullable String identity() {
    return finder.identity;
  }

  /// `TLSv1.2` or `TLSv1.3`.
  String protocol() {
    return context.getServerVersion().equals(ProtocolVersion.TLSv13) ? "TLSv1.3" : "TLSv1.2";
  }

  /// The suite of this connection, its two octets as a number.
  int cipherSuite() {
    return selectedCipherSuite;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.TLSv13.downTo(ProtocolVersion.TLSv12);
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return SUITES.clone();
  }

  @Override
  public short[] getPskKeyExchangeModes() {
    return new short[] {PskKeyExchangeMode.psk_dhe_ke};
  }

  @Override
  public int getSelectedCipherSuite() throws IOException {
    int selected = super.getSelectedCipherSuite();
    finder.cipherSuite = selected;
    return selected;
  }

  /// The first one counts: a client of ours or of TS 33.222 sends one.
  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle's signature
  public TlsPSKExternal getExternalPSK(Vector identities) {
    byte[] wanted = ((PskIdentity) identities.getFirst()).getIdentity();
    finder.cipherSuite = 0;
    byte[] key = finder.find(wanted).orElseGet(finder::unknown);
    return new BasicTlsPSKExternal(wanted, tls.createSecret(key), PRFAlgorithm.tls13_hkdf_sha256);
  }

  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle's signature
  public void processClientExtensions(Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    Vector<?> names =
        extensions == null ? null : TlsExtensionsUtils.getServerNameExtensionClient(extensions);
    if (names != null && !isOurs((ServerName) names.getFirst())) {
      throw new TlsFatalAlert(AlertDescription.unrecognized_name);
    }
  }

  private boolean isOurs(ServerName name) {
    return hosts.contains(new String(name.getNameData(), UTF_8).toLowerCase(Locale.ROOT));
  }

  /// There is no certificate: a TLS 1.3 client without a key finds no way in.
  @Override
  public TlsCredentials getCredentials() throws IOException {
    if (context.getServerVersion().equals(ProtocolVersion.TLSv13)) {
      throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }
    return super.getCredentials();
  }
}
