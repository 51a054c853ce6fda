package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// What a member with the GMK can do to the signature of another's message, and no check but the
/// signature's can see: take one of another message, take it away, hide it, put another name above
/// it. No MAC is looked at here, as a member could make it anew.
class SignatureSwapTest {
  private static final int SIGNATURE_OCTETS = 129;
  private static final int NAME_OCTETS = Fixture.TALKER.uri().length();

  /// Two good messages of one signer, and what a receiver says of octets.
  record Case(String name, Octets first, Octets second, Check check) {
    Case(String name, byte[] message, byte[] another, Check check) {
      this(name, Octets.of(message), Octets.of(another), check);
    }

    /// A copy.
    byte[] message() {
      return first.bytes();
    }

    byte[] another() {
      return second.bytes();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Check {
    boolean isSigned(byte[] octets) throws MalformedMessage;
  }

  static Stream<Case> cases() throws Exception {
    var verifier = new EccsiVerifier(8);
    var next = Fixture.T.after(Fixture.T);
    try (var gmk = Fixture.gmk();
        var talker = Fixture.signer(Fixture.TALKER);
        var hashed = Fixture.signer(Fixture.TALKER, Fixture.HASHED_KMS)) {
      var joining = Joining.prepare(Fixture.TALKER, Fixture.KMS_URI, gmk, Fixture.RANDOM);
      var offer = new GmkOffer(Fixture.GROUP, Fixture.TALKER, Fixture.OTHER, gmk);
      return Stream.of(
          new Case(
              "announcement",
              Fixture.seal(Fixture.fields(), Fixture.T, Fixture.TALKER),
              Fixture.seal(Fixture.fields(), next, Fixture.TALKER),
              octets -> UnverifiedAnnouncement.read(octets).isSigned(Fixture.KMS, verifier)),
          new Case(
              "JOIN",
              joining.seal(JoinVerb.JOIN, null, Fixture.T, talker, Fixture.RANDOM),
              joining.seal(JoinVerb.JOIN, null, next, talker, Fixture.RANDOM),
              octets -> UnverifiedJoin.read(octets).isSigned(Fixture.KMS, verifier)),
          new Case(
              "GMK",
              GmkDistribution.seal(offer, talker, Fixture.KMS, Fixture.T, Fixture.RANDOM),
              GmkDistribution.seal(offer, talker, Fixture.KMS, next, Fixture.RANDOM),
              octets -> {
                var read = UnverifiedGmkDistribution.read(octets);
                return read.isSigned(read.initiator(), Fixture.KMS, verifier);
              }),
          new Case(
              "GMK of TS 33.180",
              GmkDistribution.seal(offer, hashed, Fixture.HASHED_KMS, Fixture.T, Fixture.RANDOM),
              GmkDistribution.seal(offer, hashed, Fixture.HASHED_KMS, next, Fixture.RANDOM),
              octets ->
                  UnverifiedKeyTransport.read(octets)
                      .isSignedAsClaimed(Fixture.HASHED_KMS, verifier)),
          new Case(
              "PCK",
              KeyTransportTest.sealed(0x1234_5678, Fixture.TALKER, Fixture.OTHER),
              KeyTransportTest.sealed(0x1234_5679, Fixture.TALKER, Fixture.OTHER),
              octets ->
                  UnverifiedKeyTransport.read(octets)
                      .isSignedAsClaimed(Fixture.HASHED_KMS, verifier)));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSignatureOfAnotherMessageIsNone(Case given) throws Exception {
    assertThat(given.check().isSigned(given.message())).isTrue();
    assertThat(given.check().isSigned(given.another())).isTrue();
    byte[] swapped = given.message();
    byte[] other = given.another();
    System.arraycopy(
        other,
        other.length - SIGNATURE_OCTETS,
        swapped,
        swapped.length - SIGNATURE_OCTETS,
        SIGNATURE_OCTETS);
    assertThat(given.check().isSigned(swapped)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void withoutItsSignatureAMessageIsMalformed(Case given) throws Exception {
    MikeyMessage message = MikeyReader.read(given.message());
    List<Payload> payloads = message.payloads();
    var stripped = new MikeyMessage(message.header(), payloads.subList(0, payloads.size() - 1));
    assertThat(isMalformed(MikeyWriter.write(stripped), given)).isTrue();
    int sign = message.offsetOf(payloads.size() - 1);
    assertThat(isMalformed(Arrays.copyOf(given.message(), sign), given)).isTrue();
    int empty = sign + 2;
    byte[] unsigned = Arrays.copyOf(given.message(), empty);
    unsigned[sign] = 0x20;
    unsigned[sign + 1] = 0;
    assertThat(isMalformed(unsigned, given)).isTrue();
  }

  /// The payload before says that it is the last one, so the signature would be mere noise.
  @ParameterizedTest
  @MethodSource("cases")
  void aSignatureBehindTheEndIsMalformed(Case given) throws Exception {
    MikeyMessage message = MikeyReader.read(given.message());
    byte[] hidden = given.message();
    hidden[message.offsetOf(message.payloads().size() - 2)] = 0;
    assertThat(isMalformed(hidden, given)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void underAnothersNameASignatureIsNone(Case given) throws Exception {
    byte[] renamed = given.message();
    int at = indexOf(renamed, Fixture.TALKER.octets());
    System.arraycopy(Fixture.OTHER.octets(), 0, renamed, at, NAME_OCTETS);
    assertThat(Fixture.OTHER.uri()).hasSize(NAME_OCTETS);
    assertThat(given.check().isSigned(renamed)).isFalse();
  }

  private static int indexOf(byte[] octets, byte[] part) {
    for (int at = 0; ; at++) {
      if (Arrays.equals(octets, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
  }

  private static boolean isMalformed(byte[] octets, Case given) {
    try {
      given.check().isSigned(octets);
      return false;
    } catch (MalformedMessage _) {
      return true;
    }
  }
}
