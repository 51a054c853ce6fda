package parley.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/// Kind and name of an unlock: `kind 1 | octets of the name 1 | name`. In the clear.
///
/// @param name unique within a vault
record UnlockName(UnlockKind kind, String name) {
  private static final int MOST_OCTETS = 64;

  /// What binds an unlock's sealed octets: `"parleyv" | 3 | kind and name | recipe`.
  byte[] aad(byte[] recipe) {
    byte[] octets = name.getBytes(UTF_8);
    var out = ByteBuffer.allocate(VaultHeader.START_OCTETS + 2 + octets.length + recipe.length);
    VaultHeader.start(out, VaultHeader.WITH_UNLOCKS);
    write(out);
    return out.put(recipe).array();
  }

  int octets() {
    return 2 + name.getBytes(UTF_8).length;
  }

  void write(ByteBuffer out) {
    out.put((byte) kind.code);
    writeText(out, name);
  }

  static UnlockName read(ByteBuffer in) throws DamagedVault {
    return new UnlockName(UnlockKind.of(in.get()), readText(in));
  }

  static void writeText(ByteBuffer out, String text) {
    byte[] octets = text.getBytes(UTF_8);
    out.put((byte) octets.length).put(octets);
  }

  /// A name of somebody or something: its length in an octet, then UTF-8.
  static String readText(ByteBuffer in) throws DamagedVault {
    byte[] octets = new byte[in.get() & 0xff];
    in.get(octets);
    try {
      CharBuffer text = UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      String name = text.toString();
      if (!isSane(name)) {
        throw new DamagedVault("it has a name that is none of ours");
      }
      return name;
    } catch (CharacterCodingException _) {
      throw new DamagedVault("it has a name that is not UTF-8");
    }
  }

  static void requireSane(String name) throws VaultException {
    if (!isSane(name)) {
      throw new VaultException(
          "a name in a vault has 1 to %d octets and no control characters; choose another"
              .formatted(MOST_OCTETS));
    }
  }

  private static boolean isSane(String name) {
    int octets = name.getBytes(UTF_8).length;
    return octets >= 1 && octets <= MOST_OCTETS && name.chars().noneMatch(Character::isISOControl);
  }
}
