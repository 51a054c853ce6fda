package parley.mikey.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// One key out of a decrypted KEMAC (RFC 3830, 6.13; RFC 6043, 6.13). Owns its secrets until
/// closed.
public final class KeyData implements AutoCloseable {
  private static final String CLAUSE = "RFC 3830, 6.13";
  private static final int KEY_DATA = 20;
  private static final int MAX_KEYS = 8;

  /// What the key is for; with a salt of its own or without.
  public enum Type implements Coded {
    TGK(0),
    TGK_SALT(1),
    TEK(2),
    TEK_SALT(3),
    GTGK(4),
    GTGK_SALT(5),
    MPK(6);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }

    boolean hasSalt() {
      return this == TGK_SALT || this == TEK_SALT || this == GTGK_SALT;
    }
  }

  private final Type type;
  private final SecretBytes key;
  private final @Nullable SecretBytes salt;
  private final KeyValidity validity;

  private KeyData(Type type, SecretBytes key, @Nullable SecretBytes salt, KeyValidity validity) {
    this.type = type;
    this.key = key;
    this.salt = salt;
    this.validity = validity;
  }

  /// A key without a salt of its own; takes ownership of `key`.
  public static KeyData of(Type type, SecretBytes key, KeyValidity validity) {
    if (type.hasSalt()) {
      throw new IllegalArgumentException(type + " needs a salt");
    }
    return new KeyData(type, key, null, validity);
  }

  /// A key with a salt that replaces the derived one (RFC 3830, 4.1.3); takes ownership of both.
  public static KeyData of(Type type, SecretBytes key, SecretBytes salt, KeyValidity validity) {
    if (!type.hasSalt()) {
      throw new IllegalArgumentException(type + " has no salt");
    }
    return new KeyData(type, key, salt, validity);
  }

  /// Reads the plaintext of a KEMAC: at least one key, at most 8, and nothing behind the last.
  /// `plaintext` stays the caller's, who zeroes it.
  public static List<KeyData> read(byte[] plaintext) throws MalformedMessage {
    var in = new OctetReader(plaintext);
    var keys = new ArrayList<KeyData>();
    try {
      readAll(in, keys);
      return keys;
    } catch (MalformedMessage e) {
      keys.forEach(KeyData::close);
      throw e;
    }
  }

  private static void readAll(OctetReader in, List<KeyData> keys) throws MalformedMessage {
    int next = KEY_DATA;
    while (next != PayloadType.LAST) {
      in.enter(CLAUSE);
      in.require(next == KEY_DATA, "payload type " + next + " is no key data");
      in.require(keys.size() < MAX_KEYS, "more than " + MAX_KEYS + " keys");
      next = in.u8();
      keys.add(readOne(in));
    }
    in.require(in.remaining() == 0, in.remaining() + " octets after the last key");
  }

  private static KeyData readOne(OctetReader in) throws MalformedMessage {
    int typeAndValidity = in.u8();
    Type type = in.code(Type.values(), typeAndValidity >>> 4, "key type");
    SecretBytes key = secret(in, type.name());
    SecretBytes salt = null;
    try {
      salt = type.hasSalt() ? secret(in, type + " salt") : null;
      KeyValidity validity = PayloadReader.validity(typeAndValidity & 0xf, in);
      return new KeyData(type, key, salt, validity);
    } catch (MalformedMessage e) {
      key.close();
      if (salt != null) {
        salt.close();
      }
      throw e;
    }
  }

  private static SecretBytes secret(OctetReader in, String label) throws MalformedMessage {
    return SecretBytes.take(in.secret(in.u16()), label);
  }

  /// The plaintext of a KEMAC with these keys; the caller zeroes it.
  public static byte[] write(List<KeyData> keys) {
    var out = new OctetWriter();
    try {
      for (int i = 0; i < keys.size(); i++) {
        out.u8(i + 1 < keys.size() ? KEY_DATA : PayloadType.LAST);
        keys.get(i).write(out);
      }
      return out.toOctets();
    } finally {
      out.erase();
    }
  }

  private void write(OctetWriter out) {
    out.u8(type.code() << 4 | validity.code());
    write(key, out);
    if (salt != null) {
      write(salt, out);
    }
    MikeyWriter.validity(validity, out);
  }

  private static void write(SecretBytes secret, OctetWriter out) {
    out.u16(secret.length());
    secret.lendTo(SecretAccess.token(), out::octets);
  }

  public Type type() {
    return type;
  }

  /// Still owned by this object.
  public SecretBytes key() {
    return key;
  }

  /// Still owned by this object; empty where the salt is to be derived.
  public Optional<SecretBytes> salt() {
    return Optional.ofNullable(salt);
  }

  public KeyValidity validity() {
    return validity;
  }

  @Override
  public void close() {
    key.close();
    if (salt != null) {
      salt.close();
    }
  }

  @Override
  public String toString() {
    return "KeyData[" + type + ", " + validity + "]";
  }
}
