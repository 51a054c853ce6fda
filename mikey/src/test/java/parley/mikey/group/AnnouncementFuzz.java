package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Reading;
import parley.mikey.Seeds;
import parley.mikey.message.MalformedMessage;

/// Octets of any kind are an announcement or none, in either profile; and the gate admits only what
/// a holder of the GMK made. Runs with `-Pfuzz` only.
class AnnouncementFuzz {
  private static final int MOST_LOGGED = 1024;
  private static final List<byte[]> GOOD = seeds().toList();

  private final GmkBook book = new GmkBook();

  AnnouncementFuzz() {
    book.add(Fixture.gmk());
  }

  static Stream<byte[]> seeds() {
    return Seeds.messages("profile-mikey-psk-sign.json", "message");
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) throws MalformedMessage {
    for (AnnouncementProfile profile : AnnouncementProfile.values()) {
      if (Reading.succeeds(octets, all -> UnverifiedAnnouncement.read(all, profile))) {
        var message = UnverifiedAnnouncement.read(octets, profile);
        assertThat(message.octets()).isEqualTo(octets);
        assertThat(message.toString()).hasSizeLessThan(MOST_LOGGED);
      }
    }
    var rules =
        GateRules.of(Fixture.GROUP, Set.copyOf(MediaPolicy.ALL), null, Fixture.NOW.minusSeconds(1));
    var cache = ReplayCache.of(1, GateRules.DEFAULT_WINDOW);
    var gate = new AnnouncementGate(rules, book, cache, () -> Fixture.NOW);
    switch (gate.admit(octets)) {
      case Admission.Refused refused ->
          assertThat(refused.message() == null).isEqualTo(refused.reason() == Refusal.MALFORMED);
      case Admission.Admitted _ -> assertThat(GOOD).anyMatch(good -> sameUpToSign(good, octets));
    }
  }

  /// The signature is not looked at by the gate.
  private static boolean sameUpToSign(byte[] good, byte[] octets) {
    int signed = good.length - 131;
    return octets.length >= signed && Arrays.equals(good, 0, signed, octets, 0, signed);
  }
}
