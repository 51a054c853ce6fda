package parley.keys.gba.ue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.aka.SubscriberKey;
import parley.mikey.secret.SecretBytes;

/// The card file of a SIM in software: a line `K: ` and a line `OPc: ` (or `OP: `) with 32 hex
/// digits each. Empty lines and those that begin with `#` are passed over.
///
/// Nobody but its owner may have any right to it. Lines stay octets, which are zeroed; the file
/// itself is the operator's to destroy.
public final class SimFile {
  private static final int MOST_OCTETS = 4096;
  private static final Set<String> NAMES = Set.of("K", "OPc", "OP");
  private static final Set<PosixFilePermission> OWNERS =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path file;
  private final Map<String, SecretBytes> found = new LinkedHashMap<>();

  private SimFile(Path file) {
    this.file = file;
  }

  /// The key; the caller closes it.
  public static SubscriberKey read(Path file) throws WrongSim, IOException {
    requireClosed(file);
    var reading = new SimFile(file);
    if (Files.size(file) > MOST_OCTETS) {
      throw reading.wrong("it is over 4 KiB long");
    }
    byte[] octets = Files.readAllBytes(file);
    try {
      reading.readLines(octets);
      return reading.key();
    } finally {
      Arrays.fill(octets, (byte) 0);
      reading.found.values().forEach(SecretBytes::close);
    }
  }

  private static void requireClosed(Path file) throws WrongSim, IOException {
    if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
      throw new WrongSim(
          "card file %s is open to others than its owner; 'chmod 600 %s', and if it lay open for long, have the SIM replaced"
              .formatted(file, file));
    }
  }

  private void readLines(byte[] octets) throws WrongSim {
    int number = 0;
    int begin = 0;
    while (begin < octets.length) {
      int end = begin;
      while (end < octets.length && octets[end] != '\n') {
        end++;
      }
      number++;
      int last = end > begin && octets[end - 1] == '\r' ? end - 1 : end;
      if (last > begin && octets[begin] != '#') {
        readLine(octets, begin, last, number);
      }
      begin = end + 1;
    }
  }

  private void readLine(byte[] octets, int begin, int end, int number) throws WrongSim {
    int colon = begin;
    while (colon < end && octets[colon] != ':') {
      colon++;
    }
    String name = new String(octets, begin, Math.min(colon, begin + 3) - begin, US_ASCII);
    if (colon == end || colon - begin > 3 || !NAMES.contains(name)) {
      throw wrong("line %d is none of K:, OPc: and OP:".formatted(number));
    }
    int value = colon + 1;
    while (value < end && octets[value] == ' ') {
      value++;
    }
    SecretBytes before = found.put(name, secret(octets, value, end, name, number));
    if (before != null) {
      before.close();
      throw wrong("line %d says %s again".formatted(number, name));
    }
  }

  private SecretBytes secret(byte[] octets, int begin, int end, String name, int number)
      throws WrongSim {
    if (end - begin != 2 * SubscriberKey.OCTETS) {
      throw wrong("line %d: %s needs 32 hex digits".formatted(number, name));
    }
    byte[] secret = new byte[SubscriberKey.OCTETS];
    for (int i = 0; i < secret.length; i++) {
      int high = Character.digit(octets[begin + 2 * i], 16);
      int low = Character.digit(octets[begin + 2 * i + 1], 16);
      if (high < 0 || low < 0) {
        Arrays.fill(secret, (byte) 0);
        throw wrong("line %d: %s is not all hex digits".formatted(number, name));
      }
      secret[i] = (byte) ((high << 4) | low);
    }
    return SecretBytes.take(secret, name);
  }

  private SubscriberKey key() throws WrongSim {
    SecretBytes k = found.get("K");
    @Nullable SecretBytes opc = found.get("OPc");
    @Nullable SecretBytes op = found.get("OP");
    if (k == null || (opc == null) == (op == null)) {
      throw wrong("it needs K and one of OPc and OP");
    }
    return SubscriberKey.of(
        k.duplicate(), opc == null ? SubscriberKey.opc(k, nonNull(op)) : opc.duplicate());
  }

  private static SecretBytes nonNull(@Nullable SecretBytes secret) {
    if (secret == null) {
      throw new IllegalStateException("one of the two is there");
    }
    return secret;
  }

  private WrongSim wrong(String what) {
    return new WrongSim("card file %s: %s".formatted(file, what));
  }
}
