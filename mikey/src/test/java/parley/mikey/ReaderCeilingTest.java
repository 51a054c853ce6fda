package parley.mikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.group.AnnouncementProfile;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.message.Dissection;
import parley.mikey.message.MikeyReader;

/// Whatever the lengths in hostile octets claim, each reader refuses them or reads them, and takes
/// no more memory than [Reading] allows.
class ReaderCeilingTest {
  private static final int[] PAYLOADS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 21, 26};
  private static final int SAMPLES = 20_000;

  static List<Reading.Reader> readers() {
    return List.of(
        MikeyReader::read,
        Dissection::of,
        UnverifiedAnnouncement::read,
        octets -> UnverifiedAnnouncement.read(octets, AnnouncementProfile.RFC_3830_BASIC),
        UnverifiedGmkDistribution::read,
        UnverifiedKeyTransport::read,
        GmkReceipt::read,
        UnverifiedJoin::read,
        JoinAnswer::read);
  }

  /// A payload of each type whose length field says as much as it can, in a message of any size.
  @ParameterizedTest
  @MethodSource("readers")
  void takesNoMemoryForWhatALengthClaims(Reading.Reader reader) {
    for (int dataType : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 26}) {
      for (int type : PAYLOADS) {
        for (int size : new int[] {10, 20, 600, 4096, 4097, 65_507, 1 << 20}) {
          assertThat(Reading.succeeds(claiming(dataType, type, size), reader)).isFalse();
        }
      }
    }
  }

  private static byte[] claiming(int dataType, int type, int size) {
    byte[] octets = new byte[size];
    Arrays.fill(octets, (byte) 0xff);
    ByteBuffer.wrap(octets).put((byte) 1).put((byte) dataType).put((byte) type).put((byte) 1);
    octets[8] = 0;
    octets[9] = 1;
    return octets;
  }

  /// Good messages with octets replaced, moved and cut; the seed says which.
  @ParameterizedTest
  @MethodSource("readers")
  void takesLittleMemoryForAnythingElse(Reading.Reader reader) {
    List<byte[]> good = Seeds.all().toList();
    for (int seed = 0; seed < SAMPLES; seed++) {
      var random = new Random(seed);
      byte[] octets = good.get(random.nextInt(good.size())).clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        octets[random.nextInt(octets.length)] =
            (byte) (random.nextBoolean() ? 0xff : random.nextInt());
      }
      int length = random.nextBoolean() ? octets.length : random.nextInt(octets.length + 8);
      Reading.succeeds(Arrays.copyOf(octets, length), reader);
    }
  }
}
