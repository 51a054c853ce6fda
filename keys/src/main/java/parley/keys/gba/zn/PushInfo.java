package parley.keys.gba.zn;

/// What a NAF pushes (TS 33.223): the message for the UE, and the key that comes of it. The owner
/// closes it.
public final class PushInfo implements AutoCloseable {
  private final byte[] gpi;
  private final NafKey key;

  /// Takes the key.
  public PushInfo(byte[] gpi, NafKey key) {
    this.gpi = gpi.clone();
    this.key = key;
  }

  /// GBA push information: goes to the UE over anything, protected by itself.
  public byte[] gpi() {
    return gpi.clone();
  }

  /// Under the name P-TID.
  public NafKey key() {
    return key;
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "PushInfo[" + key + "]";
  }
}
