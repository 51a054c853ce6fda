package parley.mikey;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// Gives prepared octets, one array for each request, and fails when they run out.
public final class FixedRandom extends SecureRandom {
  private final transient Queue<byte[]> prepared;

  public FixedRandom(byte[]... prepared) {
    this.prepared = new ArrayDeque<>(List.of(prepared));
  }

  @Override
  public void nextBytes(byte[] bytes) {
    byte[] next = prepared.remove();
    if (next.length != bytes.length) {
      throw new AssertionError("asked for " + bytes.length + " octets, prepared " + next.length);
    }
    System.arraycopy(next, 0, bytes, 0, next.length);
  }
}
