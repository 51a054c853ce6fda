package parley.keys.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import parley.mikey.secret.SecretBytes;

/// A key on paper: 32 random octets and three of a checksum, in base32 (RFC 4648, 6), in 14 groups
/// of four with a hyphen between them.
///
/// Read back without regard to case, blanks and hyphens; 0, 1 and 8, which base32 does not use, are
/// taken for O, I and B. The checksum finds a typing error (all but one in 16 million) before the
/// vault is asked.
public final class RecoveryShare {
  private static final char[] ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".toCharArray();
  private static final int KEY_OCTETS = 32;
  private static final int OCTETS = KEY_OCTETS + 3;
  private static final int CHARACTERS = OCTETS * 8 / 5;
  private static final int GROUP = 4;

  private RecoveryShare() {}

  /// A new one, to be printed; the caller wipes it.
  public static char[] draw(SecureRandom random) {
    byte[] key = new byte[KEY_OCTETS];
    random.nextBytes(key);
    byte[] octets = withChecksum(key);
    try {
      return grouped(octets);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(octets, (byte) 0);
    }
  }

  private static char[] grouped(byte[] octets) {
    char[] text = new char[CHARACTERS + CHARACTERS / GROUP - 1];
    int at = 0;
    for (int i = 0; i < CHARACTERS; i++) {
      if (i > 0 && i % GROUP == 0) {
        text[at++] = '-';
      }
      text[at++] = ALPHABET[fiveBits(octets, 5 * i)];
    }
    return text;
  }

  private static int fiveBits(byte[] octets, int bit) {
    int two = (octets[bit / 8] & 0xff) << 8;
    if (bit / 8 + 1 < octets.length) {
      two |= octets[bit / 8 + 1] & 0xff;
    }
    return two >> (11 - bit % 8) & 0x1f;
  }

  /// The key in `text`, or one sentence; the caller closes it.
  static SecretBytes read(char[] text) throws VaultException {
    byte[] octets = new byte[OCTETS];
    byte[] key = new byte[0];
    byte[] expected = new byte[0];
    try {
      decode(text, octets);
      key = Arrays.copyOf(octets, KEY_OCTETS);
      expected = withChecksum(key);
      if (!MessageDigest.isEqual(expected, octets)) {
        throw new VaultException(
            "the recovery share has a typing error; compare it with the paper");
      }
      return SecretBytes.copyOf(key, "vault recovery share");
    } finally {
      Arrays.fill(octets, (byte) 0);
      Arrays.fill(key, (byte) 0);
      Arrays.fill(expected, (byte) 0);
    }
  }

  private static void decode(char[] text, byte[] octets) throws VaultException {
    int characters = 0;
    for (char c : text) {
      if (c == '-' || Character.isWhitespace(c)) {
        continue;
      }
      int value = value(c);
      if (value < 0 || characters == CHARACTERS) {
        throw misshapen();
      }
      put(octets, 5 * characters, value);
      characters++;
    }
    if (characters != CHARACTERS) {
      throw misshapen();
    }
  }

  private static VaultException misshapen() {
    return new VaultException(
        "a recovery share is %d groups of %d letters and digits from 2 to 7; type it in again"
            .formatted(CHARACTERS / GROUP, GROUP));
  }

  private static int value(char c) {
    return switch (c) {
      case '0' -> 'O' - 'A';
      case '1' -> 'I' - 'A';
      case '8' -> 'B' - 'A';
      default -> {
        if (c >= '2' && c <= '7') {
          yield c - '2' + 26;
        }
        int letter = (c | 0x20) - 'a';
        yield letter >= 0 && letter < 26 && c < 0x80 ? letter : -1;
      }
    };
  }

  private static void put(byte[] octets, int bit, int value) {
    int two = value << (11 - bit % 8);
    octets[bit / 8] |= (byte) (two >> 8);
    if (bit / 8 + 1 < octets.length) {
      octets[bit / 8 + 1] |= (byte) two;
    }
  }

  private static byte[] withChecksum(byte[] key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update("parley recovery share".getBytes(US_ASCII));
      byte[] digest = sha256.digest(key);
      byte[] both = Arrays.copyOf(key, OCTETS);
      System.arraycopy(digest, 0, both, KEY_OCTETS, OCTETS - KEY_OCTETS);
      return both;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
