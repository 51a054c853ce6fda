package parley.gateway.record;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.MalformedMessage;

/// Verifies recorded announcements again, years later: the talker's signature under the KMS
/// certificate in the recording, the RAND that binds the keys to the talker, and that the header
/// says the same.
///
/// The MAC needs the GMK and is not checked again; the signature covers it.
final class AnnouncementCheck {
  private final RecordingHeader header;
  private final KmsCertificate kms;
  private final EccsiVerifier verifier = new EccsiVerifier(4);

  AnnouncementCheck(RecordingHeader header) throws IOException {
    this.header = header;
    this.kms = decode(header.kmsCertificate());
  }

  private static KmsCertificate decode(byte[] octets) throws NotARecording {
    try {
      return KmsCertificate.decode(octets);
    } catch (InvalidKey | RuntimeException e) {
      throw new NotARecording("has a KMS certificate that cannot be read", e);
    }
  }

  /// An empty string for an announcement that proves what the header says; else what is wrong.
  String check(byte[] octets) throws NotARecording {
    UnverifiedAnnouncement message;
    try {
      message = UnverifiedAnnouncement.read(octets);
    } catch (MalformedMessage e) {
      return "malformed: " + e.getMessage();
    }
    if (!message.isSigned(kms, verifier)) {
      return "signature of " + message.talker() + " does not verify";
    }
    if (!message.isRandBound()) {
      return "RAND does not bind the keys to the talker";
    }
    return isOfThisBurst(message) ? "" : "announces another burst under the same CSB ID";
  }

  private boolean isOfThisBurst(UnverifiedAnnouncement message) throws NotARecording {
    List<Integer> ssrcs = message.sessions().stream().map(CryptoSession::ssrc).toList();
    return message.talker().equals(header.talker())
        && message.group().equals(header.group())
        && message.csbId() == header.csbId()
        && Arrays.equals(message.rand(), header.rand())
        && ssrcs.equals(header.sessions().stream().map(RecordingHeader.Session::ssrc).toList());
  }
}
