package parley.mikey.group;

import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.EncryptionAlgorithm;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.SignatureType;

/// An announcement in its octets, written ahead: whole but for T, the indices of the streams, the
/// encrypted key data, MAC and signature, where zeros or older values stand.
///
/// ```
/// HDR  [map: ROC, SEQ]  T  ...  KEMAC [encrypted key data, MAC]  SIGN [signature]
/// ```
final class AnnouncementTemplate {
  /// Next payload and type.
  private static final int T_HEAD = 2;

  private static final NtpTimestamp NO_TIME = new NtpTimestamp(0);

  private final AnnouncementProfile profile;
  private final AnnouncementFields fields;
  private final AnnouncementPlaces places;
  private final int timestampOffset;
  private final byte[] octets;

  private AnnouncementTemplate(
      AnnouncementProfile profile, AnnouncementFields fields, MikeyMessage blank) {
    this.profile = profile;
    this.fields = fields;
    this.places = AnnouncementPlaces.of(blank);
    this.timestampOffset = blank.offsetOf(0);
    this.octets = MikeyWriter.write(blank);
  }

  /// @param encryptedOctets how long the key data are
  static AnnouncementTemplate of(
      AnnouncementProfile profile, AnnouncementFields fields, int encryptedOctets) {
    var kemac =
        new Payload.Kemac(
            EncryptionAlgorithm.AES_CM_128,
            Octets.zeros(encryptedOctets),
            profile.mac(),
            Octets.zeros(profile.mac().octets()));
    var sign = new Payload.Sign(SignatureType.ECCSI, Octets.zeros(EccsiSigner.SIGNATURE_OCTETS));
    return new AnnouncementTemplate(
        profile, fields, profile.layout().write(fields, NO_TIME, kemac, sign));
  }

  /// Whether a message about streams in this state has the same length: each states its index where
  /// it did.
  boolean fits(List<CryptoSession> now) {
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i).indexKnown() != fields.sessions().get(i).indexKnown()) {
        return false;
      }
    }
    return true;
  }

  AnnouncementPlaces places() {
    return places;
  }

  /// A copy with this T, these streams, for which it [#fits], and these encrypted key data. MAC and
  /// signature are zeros still.
  byte[] with(NtpTimestamp t, List<CryptoSession> now, byte[] encrypted) {
    byte[] message = octets.clone();
    byte[] header = MikeyWriter.headerBeforeTimestamp(profile.layout().header(fields.with(now)));
    System.arraycopy(header, 0, message, 0, timestampOffset);
    byte[] time = t.octets();
    System.arraycopy(time, 0, message, timestampOffset + T_HEAD, time.length);
    System.arraycopy(encrypted, 0, message, places.encryptedOffset(), encrypted.length);
    return message;
  }
}
