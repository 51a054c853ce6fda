package parley.mikey.sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Octets that look random and are the same at every run; notes what it gave.
///
/// Block i is SHA-256("parley sample", the sample's name, i), each of the three after a NUL but the
/// first; every request takes whole blocks and throws the rest of the last one away. Secure in
/// nothing but its type.
final class SampleRandom extends SecureRandom {
  private static final String LABEL = "parley sample";

  private final String name;
  private final transient List<String> given = new ArrayList<>();
  private int blocks;

  SampleRandom(String name) {
    this.name = name;
  }

  @Override
  public void nextBytes(byte[] octets) {
    for (int at = 0; at < octets.length; ) {
      byte[] block = block(blocks++);
      int length = Math.min(block.length, octets.length - at);
      System.arraycopy(block, 0, octets, at, length);
      at += length;
    }
    given.add(HexFormat.of().formatHex(octets));
  }

  private byte[] block(int number) {
    String input = LABEL + '\0' + name + '\0' + number;
    try {
      return MessageDigest.getInstance("SHA-256").digest(input.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /// What was given so far, in hexadecimal, one entry for each request.
  List<String> given() {
    return List.copyOf(given);
  }
}
