package parley.srtp;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/// The engine over any provider of the Java Cryptography Architecture: always there, on every
/// platform.
///
/// Works packet by packet on heap arrays, because providers are slow on direct buffers; one
/// `Cipher` and one `Mac` per key live as long as the key.
final class JceEngine implements CipherEngine {
  private final @Nullable Provider provider;

  /// `null` leaves the choice to the order of installed providers.
  JceEngine(@Nullable Provider provider) {
    this.provider = provider;
  }

  @Override
  public String name() {
    return provider == null ? "jce" : "jce:" + provider.getName();
  }

  @Override
  public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
    try {
      return profile.isAead()
          ? new JceGcmKey(this, encryptionKey)
          : new JceCounterModeKey(this, encryptionKey, authenticationKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(name() + " cannot do " + profile + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void seal(CipherBatch descriptors) {
    for (int i = 0; i < descriptors.size(); i++) {
      key(descriptors, i).seal(descriptors, i);
      descriptors.result(i, CipherBatch.OK);
    }
  }

  @Override
  public void open(CipherBatch descriptors) {
    for (int i = 0; i < descriptors.size(); i++) {
      boolean isAuthentic = key(descriptors, i).open(descriptors, i);
      descriptors.result(i, isAuthentic ? CipherBatch.OK : CipherBatch.BAD_TAG);
    }
  }

  private static JceKey key(CipherBatch descriptors, int i) {
    return (JceKey) descriptors.key(i);
  }

  Cipher cipher(String transformation) throws GeneralSecurityException {
    return provider == null
        ? Cipher.getInstance(transformation)
        : Cipher.getInstance(transformation, provider);
  }

  Mac mac(String algorithm) throws GeneralSecurityException {
    return provider == null ? Mac.getInstance(algorithm) : Mac.getInstance(algorithm, provider);
  }
}
