package parley.mikey.group;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// Our Vendor ID extension (RFC 3830, 6.15): `parley` 00 01, then fields of type (1), length (2),
/// value, in rising order of their types. Walks the fields of one.
final class VendorFields {
  private static final byte[] VENDOR = "parley\0\1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD_OCTETS = 3;

  private final byte[] data;
  private final PayloadSequence at;
  private int position = VENDOR.length;

  VendorFields(Payload.GeneralExtension extension, PayloadSequence at) {
    this.data = extension.data().bytes();
    this.at = at;
  }

  /// Whether this is ours; other vendors' extensions are none of our business.
  static boolean isOurs(Payload.GeneralExtension extension) {
    byte[] data = extension.data().bytes();
    return extension.type() == Payload.GeneralExtension.VENDOR_ID
        && data.length >= VENDOR.length
        && Arrays.equals(data, 0, VENDOR.length, VENDOR, 0, VENDOR.length);
  }

  boolean hasMore() {
    return position < data.length;
  }

  /// The value of the next field, which must be of that type.
  Octets next(int type) throws MalformedMessage {
    at.require(position + HEAD_OCTETS <= data.length, "vendor field " + type + " is missing");
    at.require(data[position] == type, "vendor field " + data[position] + " is not " + type);
    int length = (data[position + 1] & 0xff) << 8 | (data[position + 2] & 0xff);
    int start = position + HEAD_OCTETS;
    at.require(length <= data.length - start, "vendor field " + type + " is cut short");
    position = start + length;
    return Octets.of(data, start, length);
  }

  /// The same where the field may be left out.
  Optional<Octets> nextIf(int type) throws MalformedMessage {
    return hasMore() && data[position] == type ? Optional.of(next(type)) : Optional.empty();
  }

  /// The next field, one octet long.
  int octet(int type) throws MalformedMessage {
    Octets value = next(type);
    at.require(value.length() == 1, "vendor field " + type + " is not one octet");
    return value.bytes()[0] & 0xff;
  }

  void end() throws MalformedMessage {
    at.require(!hasMore(), "a vendor field too many");
  }

  /// Writes one.
  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer() {
      out.writeBytes(VENDOR);
    }

    Writer field(int type, byte... value) {
      out.write(type);
      out.write(value.length >>> 8);
      out.write(value.length);
      out.writeBytes(value);
      return this;
    }

    Payload.GeneralExtension extension() {
      return new Payload.GeneralExtension(
          Payload.GeneralExtension.VENDOR_ID, Octets.of(out.toByteArray()));
    }
  }
}
