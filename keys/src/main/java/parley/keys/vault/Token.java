package parley.keys.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A PKCS#11 token that was entered with its PIN: an HSM, a smart card, SoftHSM.
///
/// Its AES-256 key seals and opens octets inside the token, `nonce 12 | ciphertext | tag 16`, and
/// never leaves it. The associated data are never empty: SoftHSM ends the whole process on that.
/// The JDK's provider does it, which knows keys and certificates, but no data objects.
final class Token implements AutoCloseable {
  private static final int NONCE_OCTETS = 12;
  private static final int TAG_BITS = 128;

  private final Provider provider;
  private final KeyStore keys;
  private final String name;

  private Token(Provider provider, KeyStore keys, String name) {
    this.provider = provider;
    this.keys = keys;
    this.name = name;
  }

  /// Enters the token; `pin` stays the caller's.
  static Token enter(TokenSettings settings, char[] pin) throws VaultException {
    String name = "slot %d of %s".formatted(settings.slotIndex(), settings.library());
    Provider provider = provider(settings, name);
    try {
      KeyStore keys = KeyStore.getInstance("PKCS11", provider);
      keys.load(null, pin);
      return new Token(provider, keys, name);
    } catch (GeneralSecurityException | IOException | ProviderException e) {
      throw refused(name, e);
    }
  }

  private static Provider provider(TokenSettings settings, String name) throws VaultException {
    String library = settings.library().toAbsolutePath().toString();
    if (!Files.isRegularFile(settings.library()) || library.chars().anyMatch(c -> c < ' ')) {
      throw new VaultException(
          "there is no PKCS#11 module at %s; install the token's software, or correct the path"
              .formatted(settings.library()));
    }
    String configuration =
        """
        --name=parley
        library=%s
        slotListIndex=%d
        attributes(generate, CKO_SECRET_KEY, *) = {
          CKA_SENSITIVE = true
          CKA_EXTRACTABLE = false
          CKA_ENCRYPT = true
          CKA_DECRYPT = true
        }
        """
            .formatted(library, settings.slotIndex());
    Provider pkcs11 = Security.getProvider("SunPKCS11");
    if (pkcs11 == null) {
      throw new VaultException(
          "this Java runtime has no PKCS#11; run with one that has the module jdk.crypto.cryptoki");
    }
    try {
      return pkcs11.configure(configuration);
    } catch (ProviderException | InvalidParameterException | UnsupportedOperationException e) {
      throw refused(name, e);
    }
  }

  /// What the token said, in words; PKCS#11 names its reasons `CKR_...`.
  static VaultException refused(String token, Exception e) {
    String reason = reasons(e);
    if (reason.contains("CKR_PIN_LOCKED")) {
      return new VaultException(
          "the PIN of %s is locked; its security officer must set a new one".formatted(token), e);
    }
    if (reason.contains("UnrecoverableKey") // what the provider makes of CKR_PIN_INCORRECT
        || reason.contains("CKR_PIN_INCORRECT")
        || reason.contains("CKR_PIN_LEN_RANGE")) {
      return new VaultException(
          "wrong PIN for %s; too many wrong ones lock the token, so look before you try again"
              .formatted(token),
          e);
    }
    if (reason.contains("slotListIndex")
        || reason.contains("PKCS11 not found")
        || reason.contains("CKR_TOKEN_NOT_PRESENT")
        || reason.contains("CKR_TOKEN_NOT_RECOGNIZED")
        || reason.contains("CKR_SLOT_ID_INVALID")
        || reason.contains("CKR_USER_PIN_NOT_INITIALIZED")) {
      return new VaultException(
          "there is no initialised token in %s; put it in, or correct the slot".formatted(token),
          e);
    }
    return new VaultException(
        "%s failed (%s); check the token and its software".formatted(token, first(e)), e);
  }

  private static String reasons(Exception e) {
    var all = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      all.append(t).append(' ');
    }
    return all.toString();
  }

  private static String first(Exception e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null
        ? deepest.getClass().getSimpleName()
        : deepest.getMessage().lines().findFirst().orElse("no reason given");
  }

  /// The key of this label; empty where the token has none.
  Optional<SecretKey> find(String label) throws VaultException {
    try {
      return Optional.ofNullable((SecretKey) secret(label));
    } catch (GeneralSecurityException | ProviderException e) {
      throw refused(name, e);
    }
  }

  private java.security.@Nullable Key secret(String label) throws GeneralSecurityException {
    return keys.isKeyEntry(label) && keys.getKey(label, null) instanceof SecretKey key ? key : null;
  }

  /// The key of this label, made where there is none. One that the token would give out is refused.
  SecretKey findOrMake(String label) throws VaultException {
    Optional<SecretKey> found = find(label);
    SecretKey key = found.isPresent() ? found.get() : make(label);
    if (!key.getAlgorithm().equals("AES") || key.getEncoded() != null) {
      throw new VaultException(
          "key %s in %s is not an AES key that stays there; choose another label"
              .formatted(label, name));
    }
    return key;
  }

  /// Made for this session, then copied under its label, which stays.
  private SecretKey make(String label) throws VaultException {
    try {
      KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
      generator.init(256);
      keys.setKeyEntry(label, generator.generateKey(), null, null);
      return find(label)
          .orElseThrow(() ->
              new VaultException(
                  "%s made no key %s; free space in the token".formatted(name, label)));
    } catch (GeneralSecurityException | ProviderException e) {
      throw refused(name, e);
    }
  }

  byte[] seal(SecretKey key, SecretBytes value, byte[] aad, SecureRandom random)
      throws VaultException {
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    byte[] plain = value.lend(SecretAccess.token(), byte[]::clone);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(plain);
      byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
      return all;
    } catch (GeneralSecurityException | ProviderException e) {
      throw refused(name, e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /// The value, which the caller closes; empty when key, associated data or octets differ.
  Optional<SecretBytes> open(SecretKey key, byte[] sealed, byte[] aad, String label)
      throws VaultException {
    byte[] nonce = Arrays.copyOf(sealed, NONCE_OCTETS);
    try {
      byte[] value =
          cipher(Cipher.DECRYPT_MODE, key, nonce, aad)
              .doFinal(sealed, NONCE_OCTETS, sealed.length - NONCE_OCTETS);
      return Optional.of(SecretBytes.take(value, label));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    } catch (GeneralSecurityException | ProviderException e) {
      throw refused(name, e);
    }
  }

  private Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] aad)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(aad);
    return cipher;
  }

  /// The highest number noted under `label`; 0 where there is none.
  long noted(String label) throws VaultException {
    try {
      long highest = 0;
      for (String alias : notes(label)) {
        highest = Math.max(highest, Long.parseLong(alias, label.length() + 1, alias.length(), 10));
      }
      return highest;
    } catch (GeneralSecurityException | ProviderException e) {
      throw refused(name, e);
    }
  }

  /// Notes a number under `label` as a copy of `key` whose own label it ends, since this provider
  /// has no data objects; then takes the older ones away. A token that makes no copies notes
  /// nothing.
  void note(SecretKey key, String label, long number) {
    try {
      List<String> older = notes(label);
      keys.setKeyEntry(label + " " + number, key, null, null);
      for (String alias : older) {
        keys.deleteEntry(alias);
      }
    } catch (GeneralSecurityException | ProviderException _) {
      // only a witness; the next opening tries again
    }
  }

  private List<String> notes(String label) throws GeneralSecurityException {
    var pattern = Pattern.compile(Pattern.quote(label) + " [0-9]{1,18}");
    return Collections.list(keys.aliases()).stream()
        .filter(alias -> pattern.matcher(alias).matches())
        .toList();
  }

  /// For sentences.
  String name() {
    return name;
  }

  @Override
  public void close() {
    try {
      if (provider instanceof AuthProvider entered) {
        entered.logout();
      }
    } catch (LoginException | ProviderException _) {
      // the end of the process ends the session
    }
  }
}
