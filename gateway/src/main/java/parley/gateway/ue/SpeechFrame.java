package parley.gateway.ue;

/// The payload of one RTP packet and the time it lasts, in ticks of the codec's RTP clock.
public final class SpeechFrame {
  private final byte[] payload;
  private final int timestampStep;

  /// Takes ownership of `payload`.
  SpeechFrame(byte[] payload, int timestampStep) {
    this.payload = payload;
    this.timestampStep = timestampStep;
  }

  /// The octets as they stand in the file and on the wire; shared, not to be changed.
  public byte[] payload() {
    return payload;
  }

  /// How far the RTP timestamp of the next frame lies behind this one's.
  public int timestampStep() {
    return timestampStep;
  }
}
