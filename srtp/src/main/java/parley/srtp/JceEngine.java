package parley.srtp;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/// The engine over any provider of the Java Cryptography Architecture: always there, on every
/// platform.
///
/// Works on heap arrays, because providers are slow on direct buffers. What a key needs of the
/// provider lives as long as the key.
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
          : new JceCounterModeKey(this, encryptionKey, new JceHmac(this, authenticationKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(name() + " cannot do " + profile + ": " + e.getMessage(), e);
    }
  }

  @Override
  public EngineKey streamKey(byte[] key) {
    try {
      return new JceCounterModeKey(this, key, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(name() + " cannot do AES-CM: " + e.getMessage(), e);
    }
  }

  @Override
  public void seal(CipherBatch descriptors) {
    int end;
    for (int first = 0; first < descriptors.size(); first = end) {
      end = runEnd(descriptors, first);
      ((JceKey) descriptors.key(first)).seal(descriptors, first, end);
    }
  }

  @Override
  public void open(CipherBatch descriptors) {
    int end;
    for (int first = 0; first < descriptors.size(); first = end) {
      end = runEnd(descriptors, first);
      ((JceKey) descriptors.key(first)).open(descriptors, first, end);
    }
  }

  /// Behind the last of the descriptors that have the same key one after the other.
  private static int runEnd(CipherBatch descriptors, int first) {
    EngineKey key = descriptors.key(first);
    int end = first + 1;
    while (end < descriptors.size() && descriptors.key(end).equals(key)) {
      end++;
    }
    return end;
  }

  /// Whether the choice is left to the order of installed providers.
  boolean isAnyProvider() {
    return provider == null;
  }

  /// AES in ECB mode, from the installed providers where this one (Amazon Corretto) has none.
  Cipher blockCipher() throws GeneralSecurityException {
    try {
      return cipher("AES/ECB/NoPadding");
    } catch (NoSuchAlgorithmException e) {
      if (provider == null) {
        throw e;
      }
      return Cipher.getInstance("AES/ECB/NoPadding");
    }
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
