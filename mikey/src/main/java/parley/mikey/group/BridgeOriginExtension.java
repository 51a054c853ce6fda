package parley.mikey.group;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// [BridgeOrigin] on the wire: a Vendor ID extension (RFC 3830, 6.15) that starts with `parley` 00
/// 01, then type (1), length (2), value: 1 talker, 2 group, 3 CSB ID, 4 a gateway, repeated in path
/// order.
final class BridgeOriginExtension {
  private static final byte[] VENDOR = "parley\0\1".getBytes(StandardCharsets.US_ASCII);
  private static final int TALKER = 1;
  private static final int GROUP = 2;
  private static final int CSB_ID = 3;
  private static final int GATEWAY = 4;

  private BridgeOriginExtension() {}

  static Payload.GeneralExtension write(BridgeOrigin origin) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(VENDOR);
    field(TALKER, origin.talker().octets(), out);
    field(GROUP, origin.group().octets(), out);
    field(CSB_ID, Octets.ofInt(origin.csbId()).bytes(), out);
    origin.path().forEach(gateway -> field(GATEWAY, gateway.octets(), out));
    return new Payload.GeneralExtension(
        Payload.GeneralExtension.VENDOR_ID, Octets.of(out.toByteArray()));
  }

  private static void field(int type, byte[] value, ByteArrayOutputStream out) {
    out.write(type);
    out.write(value.length >>> 8);
    out.write(value.length);
    out.writeBytes(value);
  }

  /// Whether this is ours; other vendors' extensions are none of our business.
  static boolean isOurs(Payload.GeneralExtension extension) {
    byte[] data = extension.data().bytes();
    return extension.type() == Payload.GeneralExtension.VENDOR_ID
        && data.length >= VENDOR.length
        && Arrays.equals(data, 0, VENDOR.length, VENDOR, 0, VENDOR.length);
  }

  /// The fields in the order in which they are written, and nothing else.
  static BridgeOrigin read(Payload.GeneralExtension extension, PayloadSequence at)
      throws MalformedMessage {
    var fields = new Fields(extension.data().bytes(), at);
    Identity talker = at.identity(fields.next(TALKER), "origin talker");
    Identity group = at.identity(fields.next(GROUP), "origin group");
    Octets csbId = fields.next(CSB_ID);
    at.require(csbId.length() == Integer.BYTES, "origin CSB ID of " + csbId.length() + " octets");
    List<Identity> path = new ArrayList<>();
    do {
      path.add(at.identity(fields.next(GATEWAY), "gateway"));
    } while (fields.hasMore());
    return new BridgeOrigin(talker, group, csbId.intAt(0), path);
  }

  /// Walks type, length, value.
  private static final class Fields {
    private final byte[] data;
    private final PayloadSequence at;
    private int position = VENDOR.length;

    Fields(byte[] data, PayloadSequence at) {
      this.data = data;
      this.at = at;
    }

    boolean hasMore() {
      return position < data.length;
    }

    Octets next(int type) throws MalformedMessage {
      at.require(position + 3 <= data.length, "origin field " + type + " is missing");
      at.require(data[position] == type, "origin field " + data[position] + " is not " + type);
      int length = (data[position + 1] & 0xff) << 8 | (data[position + 2] & 0xff);
      int start = position + 3;
      at.require(length <= data.length - start, "origin field " + type + " is cut short");
      position = start + length;
      return Octets.of(data, start, length);
    }
  }
}
