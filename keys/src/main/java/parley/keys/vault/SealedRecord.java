package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import parley.mikey.secret.SecretBytes;

/// One record as it lies in the file: type and name in the clear, the value sealed.
///
/// Associated data: `1 | counter 8 | length 2, type | length 2, name`. The counter is the vault's
/// at the time of writing, so an older value of the same record does not open as a newer one.
/// `sealed` is ciphertext; the arrays are not shared outside this package.
final class SealedRecord {
  private static final byte FORM = 1;
  private static final int MOST_NAME_OCTETS = 1024;
  static final int MOST_VALUE_OCTETS = 1 << 20;

  private final String type;
  private final String name;
  private final long counter;
  private final byte[] sealed;

  private SealedRecord(String type, String name, long counter, byte[] sealed) {
    this.type = type;
    this.name = name;
    this.counter = counter;
    this.sealed = sealed;
  }

  String type() {
    return type;
  }

  String name() {
    return name;
  }

  static SealedRecord seal(
      String type, String name, long counter, SecretBytes value, VaultKeys keys, SecureRandom r) {
    if (octets(type) > MOST_NAME_OCTETS || octets(name) > MOST_NAME_OCTETS) {
      throw new IllegalArgumentException("a vault record's type or name is over 1024 octets");
    }
    if (type.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a vault record's type holds a NUL");
    }
    if (value.length() > MOST_VALUE_OCTETS) {
      throw new IllegalArgumentException("a vault record is over " + MOST_VALUE_OCTETS + " octets");
    }
    return new SealedRecord(type, name, counter, keys.seal(value, aad(type, name, counter), r));
  }

  /// The value; the caller closes it.
  SecretBytes open(VaultKeys keys) {
    return keys.open(sealed, aad(type, name, counter), "vault " + type)
        .orElseThrow(() ->
            new IllegalStateException("vault record " + type + " " + name + " does not open"));
  }

  /// The same value under other keys and another counter.
  SealedRecord resealed(long counter, VaultKeys from, VaultKeys to, SecureRandom random) {
    try (SecretBytes value = open(from)) {
      return seal(type, name, counter, value, to, random);
    }
  }

  /// What names the record in the index; also the order in the snapshot. A type holds no NUL, so
  /// what a key says is plain, and the names of one type lie together.
  String key() {
    return key(type, name);
  }

  static String key(String type, String name) {
    return type + '\0' + name;
  }

  int writtenOctets() {
    return textOctets(type) + textOctets(name) + 8 + 4 + sealed.length;
  }

  void write(ByteBuffer out) {
    putText(out, type);
    putText(out, name);
    out.putLong(counter).putInt(sealed.length).put(sealed);
  }

  /// Reads one record; the file was checked against its digest, so a bad length is a wrong file.
  static SealedRecord read(ByteBuffer in) throws DamagedVault {
    String type = getText(in);
    String name = getText(in);
    long counter = in.getLong();
    int length = in.getInt();
    if (length < AesGcm.OVERHEAD_OCTETS || length > in.remaining()) {
      throw new DamagedVault("a record's length does not fit");
    }
    byte[] sealed = new byte[length];
    in.get(sealed);
    return new SealedRecord(type, name, counter, sealed);
  }

  private static byte[] aad(String type, String name, long counter) {
    var out = ByteBuffer.allocate(1 + 8 + textOctets(type) + textOctets(name));
    out.put(FORM).putLong(counter);
    putText(out, type);
    putText(out, name);
    return out.array();
  }

  private static int octets(String text) {
    return text.getBytes(UTF_8).length;
  }

  /// What [#putText] writes.
  static int textOctets(String text) {
    return 2 + octets(text);
  }

  static void putText(ByteBuffer out, String text) {
    byte[] octets = text.getBytes(UTF_8);
    out.putShort((short) octets.length).put(octets);
  }

  static String getText(ByteBuffer in) throws DamagedVault {
    int length = Short.toUnsignedInt(in.getShort());
    if (length > Math.min(in.remaining(), MOST_NAME_OCTETS)) {
      throw new DamagedVault("a record's name does not fit");
    }
    byte[] octets = new byte[length];
    in.get(octets);
    return new String(octets, UTF_8);
  }
}
