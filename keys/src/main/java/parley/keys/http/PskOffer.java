package parley.keys.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Vector;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsPSKIdentity;
import org.bouncycastle.tls.crypto.TlsCrypto;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The client's end of one TLS handshake by a pre-shared key. Confined to the handshake's thread.
final class PskOffer extends PSKTlsClient {
  private final TlsCrypto tls;
  private final SecretBytes key13;
  private final String host;
  private final Chosen chosen;
  private final ProtocolVersion highest;

  PskOffer(
      TlsCrypto tls,
      String identity,
      SecretBytes key13,
      PskExchange.KeyOfSuite key12,
      String host,
      ProtocolVersion highest) {
    this(tls, new Chosen(identity.getBytes(UTF_8), key12), key13, host, highest);
  }

  private PskOffer(
      TlsCrypto tls, Chosen chosen, SecretBytes key13, String host, ProtocolVersion highest) {
    super(tls, chosen);
    this.tls = tls;
    this.key13 = key13;
    this.host = host;
    this.chosen = chosen;
    this.highest = highest;
  }

  /// Which suite it is becomes known during the handshake.
  private static final class Chosen implements TlsPSKIdentity {
    private final byte[] identity;
    private final PskExchange.KeyOfSuite key;
    private int cipherSuite;

    Chosen(byte[] identity, PskExchange.KeyOfSuite key) {
      this.identity = identity;
      this.key = key;
    }

    @Override
    public void skipIdentityHint() {}

    @Override
    public void notifyIdentityHint(byte[] hint) {}

    @Override
    public byte[] getPSKIdentity() {
      return identity.clone();
    }

    /// A copy, because it is wiped by whoever asked.
    @Override
    public byte[] getPSK() {
      try (SecretBytes found = key.key(cipherSuite)) {
        return found.lend(SecretAccess.token(), byte[]::clone);
      }
    }
  }

  /// The suite that the server chose, its two octets as a number.
  int cipherSuite() {
    return chosen.cipherSuite;
  }

  @Override
  public void notifySelectedCipherSuite(int selected) {
    super.notifySelectedCipherSuite(selected);
    chosen.cipherSuite = selected;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return highest.downTo(ProtocolVersion.TLSv12);
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return PskServer.SUITES.clone();
  }

  @Override
  public short[] getPskKeyExchangeModes() {
    return new short[] {PskKeyExchangeMode.psk_dhe_ke};
  }

  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle's signature
  public Vector getExternalPSKs() {
    byte[] key = key13.lend(SecretAccess.token(), byte[]::clone);
    Vector<Object> keys = new Vector<>();
    keys.add(
        new BasicTlsPSKExternal(
            chosen.identity, tls.createSecret(key), PRFAlgorithm.tls13_hkdf_sha256));
    return keys;
  }

  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle's signature
  protected Vector getSNIServerNames() {
    Vector<Object> names = new Vector<>();
    names.add(new ServerName(NameType.host_name, host.getBytes(UTF_8)));
    return names;
  }
}
