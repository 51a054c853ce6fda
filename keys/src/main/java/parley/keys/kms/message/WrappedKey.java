package parley.keys.kms.message;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A key under a TrK: `xenc:EncryptedKey`, AES-256 key wrap.
///
/// RFC 3394 (`kw-aes256`) takes multiples of 8 octets, which SSK, TrK and InK are. RSK has 257
/// octets and PVT 65: those go by RFC 5649 (`kw-aes-256-pad`), the same wrap with the length
/// inside. The identifier in the message says which of the two; the length has to agree. Immutable,
/// not secret.
public final class WrappedKey implements KeyContent {
  /// The two ways to wrap.
  enum Way {
    RFC_3394("http://www.w3.org/2001/04/xmlenc#kw-aes256", "AES/KW/NoPadding"),
    RFC_5649("http://www.w3.org/2009/xmlenc11#kw-aes-256-pad", "AES/KWP/NoPadding");

    private final String identifier;
    private final String cipher;

    Way(String identifier, String cipher) {
      this.identifier = identifier;
      this.cipher = cipher;
    }

    String identifier() {
      return identifier;
    }

    static @Nullable Way of(@Nullable String identifier) {
      return Arrays.stream(values())
          .filter(way -> way.identifier.equals(identifier))
          .findFirst()
          .orElse(null);
    }

    static Way forLength(int octets) {
      return octets % 8 == 0 && octets >= 16 ? RFC_3394 : RFC_5649;
    }
  }

  private static final int MOST_OCTETS = 1024;

  private final Way way;
  private final String keyName;
  private final @Nullable String carriedName;
  private final byte[] wrapped;

  WrappedKey(Way way, String keyName, @Nullable String carriedName, byte[] wrapped) {
    this.way = way;
    this.keyName = keyName;
    this.carriedName = carriedName;
    this.wrapped = wrapped;
  }

  static WrappedKey wrap(SecretBytes kek, String kekName, SecretBytes secret) {
    Way way = Way.forLength(secret.length());
    return new WrappedKey(way, kekName, null, wrap(way, kek, secret));
  }

  static byte[] wrap(Way way, SecretBytes kek, SecretBytes secret) {
    return secret.lend(
        SecretAccess.token(),
        octets -> {
          try {
            return cipher(way, Cipher.ENCRYPT_MODE, kek).doFinal(octets);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES key wrap failed", e);
          }
        });
  }

  static SecretBytes unwrap(Way way, SecretBytes kek, byte[] wrapped, String label)
      throws WrongTransportKey {
    try {
      byte[] octets = cipher(way, Cipher.DECRYPT_MODE, kek).doFinal(wrapped);
      return SecretBytes.take(octets, label);
    } catch (GeneralSecurityException _) {
      throw new WrongTransportKey(label + " does not open: another transport key, or altered");
    }
  }

  private static Cipher cipher(Way way, int mode, SecretBytes kek) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(way.cipher);
    SecretKeySpec spec = kek.lend(SecretAccess.token(), octets -> new SecretKeySpec(octets, "AES"));
    cipher.init(mode, spec);
    return cipher;
  }

  /// The same, saying which key it carries: a TrK or InK that replaces an older one.
  WrappedKey carrying(String name) {
    return new WrappedKey(way, keyName, name, wrapped);
  }

  @Override
  public SecretBytes open(TransportKeys keys, String label) throws WrongTransportKey {
    if (!keyName.equals(keys.trkId())) {
      throw new WrongTransportKey(label + " is under another transport key than ours");
    }
    SecretBytes opened = unwrap(way, keys.trk(), wrapped, label);
    if (Way.forLength(opened.length()) != way) {
      opened.close();
      throw new WrongTransportKey(label + " does not open: another transport key, or altered");
    }
    return opened;
  }

  /// Which key is inside, where that is said.
  @Nullable String carriedName() {
    return carriedName;
  }

  /// Reads `<EncryptedKey>`.
  static WrappedKey read(XmlCursor in) throws MalformedKmsMessage {
    in.reading(Names.ENCRYPTION_CLAUSE);
    in.enter(Names.XENC, "EncryptedKey");
    String type = in.attribute("Type");
    in.noMoreAttributes();
    if (type != null && !type.equals(Names.XENC + "EncryptedKey")) {
      throw in.refused("Type is another than EncryptedKey");
    }
    in.enter(Names.XENC, "EncryptionMethod");
    Way way = Way.of(in.attribute("Algorithm"));
    in.noMoreAttributes();
    in.leave();
    if (way == null) {
      throw in.refused("a key is wrapped by kw-aes256 or kw-aes-256-pad, and by nothing else");
    }
    in.enter(Names.DS, "KeyInfo");
    in.noMoreAttributes();
    String keyName = in.text(Names.DS, "KeyName", Fields.MOST_URI);
    in.leave();
    byte[] wrapped = readCipherData(in);
    String carried = in.optionalText(Names.XENC, "CarriedKeyName", Fields.MOST_URI);
    in.leave();
    return new WrappedKey(way, keyName, carried, wrapped);
  }

  private static byte[] readCipherData(XmlCursor in) throws MalformedKmsMessage {
    in.enter(Names.XENC, "CipherData");
    in.noMoreAttributes();
    String text = in.text(Names.XENC, "CipherValue", 2 * MOST_OCTETS);
    byte[] wrapped = new Fields(in).base64(text, "CipherValue");
    in.leave();
    if (wrapped.length > MOST_OCTETS || wrapped.length < 16 || wrapped.length % 8 != 0) {
      throw in.refused("a wrapped key has 16 to 1024 octets, a multiple of 8");
    }
    return wrapped;
  }

  void write(XmlWriter out) {
    out.open(Names.XENC, "EncryptedKey", "Type", Names.XENC + "EncryptedKey")
        .open(Names.XENC, "EncryptionMethod", "Algorithm", way.identifier())
        .close("EncryptionMethod")
        .open(Names.DS, "KeyInfo")
        .element(Names.DS, "KeyName", keyName)
        .close("KeyInfo")
        .open(Names.XENC, "CipherData")
        .element(Names.XENC, "CipherValue", Base64.getEncoder().encodeToString(wrapped))
        .close("CipherData")
        .optional(Names.XENC, "CarriedKeyName", carriedName)
        .close("EncryptedKey");
  }

  /// Nothing of it is secret.
  @Override
  public void close() {}

  @Override
  public String toString() {
    return "WrappedKey[under " + keyName + ", " + wrapped.length + " octets]";
  }
}
