package parley.mikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import parley.mikey.group.AnnouncementProfile;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.message.Dissection;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;

/// What a fuzzer gives its octets to, in the form that Jazzer's own program looks for: first the
/// grammar of all messages, and what passes it through every reader there is.
///
/// Nothing escapes but [MalformedMessage], whose offset lies inside; and what was read is written
/// the same again.
public final class ParserTarget {
  private static final List<Reading.Reader> READERS =
      List.of(
          UnverifiedAnnouncement::read,
          octets -> UnverifiedAnnouncement.read(octets, AnnouncementProfile.RFC_3830_BASIC),
          UnverifiedGmkDistribution::read,
          UnverifiedKeyTransport::read,
          GmkReceipt::read,
          UnverifiedJoin::read,
          JoinAnswer::read,
          UnverifiedRegistration::read,
          RegistrationAnswer::read,
          Dissection::of);

  private ParserTarget() {}

  /// One execution.
  public static void fuzzerTestOneInput(byte[] octets) {
    if (!isRead(octets, ParserTarget::readAndWrite)) {
      return;
    }
    for (Reading.Reader reader : READERS) {
      isRead(octets, reader);
    }
  }

  private static void readAndWrite(byte[] octets) throws MalformedMessage {
    byte[] written = MikeyWriter.write(MikeyReader.read(octets));
    if (!Arrays.equals(written, octets)) {
      assertThat(written).isEqualTo(octets);
    }
  }

  private static boolean isRead(byte[] octets, Reading.Reader reader) {
    try {
      reader.read(octets);
      return true;
    } catch (MalformedMessage e) {
      if (e.offset() < 0 || e.offset() > octets.length) {
        throw new AssertionError("offset " + e.offset() + " of " + octets.length, e);
      }
      return false;
    }
  }
}
