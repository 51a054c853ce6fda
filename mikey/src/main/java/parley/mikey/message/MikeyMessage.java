package parley.mikey.message;

import java.util.List;

/// A message of the grammar; nothing in it is verified.
public record MikeyMessage(Header header, List<Payload> payloads) {
  public MikeyMessage {
    payloads = List.copyOf(payloads);
  }

  /// Where the payload of that index starts in the octets of this message.
  public int offsetOf(int index) {
    int offset = MikeyWriter.octets(header);
    for (Payload payload : payloads.subList(0, index)) {
      offset += MikeyWriter.octets(payload);
    }
    return offset;
  }
}
