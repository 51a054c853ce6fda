package parley.mikey.group;

import java.util.Arrays;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.Payload;

/// Where KEMAC, MAC and signature stand in an announcement that ends with KEMAC and SIGN.
///
/// The MAC covers everything before itself, with KEMAC's "next payload" taken as 0, as in a message
/// that is not signed; the signature covers everything before itself as sent.
record AnnouncementPlaces(int kemacOffset, int macOffset, int signedOctets) {
  /// Next payload, encryption algorithm, length.
  private static final int KEMAC_HEAD = 4;

  private static final int SIGN_HEAD = 2;

  static AnnouncementPlaces of(MikeyMessage message) {
    int last = message.payloads().size() - 1;
    var kemac = (Payload.Kemac) message.payloads().get(last - 1);
    int signOffset = message.offsetOf(last);
    return new AnnouncementPlaces(
        message.offsetOf(last - 1), signOffset - kemac.mac().length(), signOffset + SIGN_HEAD);
  }

  /// Where the encrypted key data begin.
  int encryptedOffset() {
    return kemacOffset + KEMAC_HEAD;
  }

  /// The octets that the MAC covers.
  byte[] authenticated(byte[] octets) {
    byte[] covered = Arrays.copyOf(octets, macOffset);
    covered[kemacOffset] = 0;
    return covered;
  }

  void putMac(byte[] mac, byte[] octets) {
    System.arraycopy(mac, 0, octets, macOffset, mac.length);
  }
}
