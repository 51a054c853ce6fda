package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// A registration and its answer: what they carry, and that nothing else passes for them.
class RegistrationTest {
  private static final InetSocketAddress AT = new InetSocketAddress("192.0.2.7", 2269);
  private static final NtpTimestamp LATER = new NtpTimestamp(Fixture.T.bits() + 1);

  private final EccsiVerifier verifier = new EccsiVerifier(8);
  private EccsiSigner ue;
  private EccsiSigner group;
  private final Registration registration =
      Registration.prepare(Fixture.TALKER, Fixture.GROUP, Fixture.KMS_URI, Fixture.RANDOM);

  @BeforeEach
  void sign() throws Exception {
    ue = Fixture.signer(Fixture.TALKER);
    group = Fixture.signer(Fixture.GROUP);
  }

  private byte[] request(InetSocketAddress at) {
    return registration.seal(RegistrationVerb.REGISTER, at, Fixture.T, ue, Fixture.RANDOM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.7", "127.0.0.1", "2001:db8::7", "fe80::1"})
  void carriesTheAddress(String host) throws Exception {
    var at = new InetSocketAddress(host, 65_535);
    UnverifiedRegistration read = UnverifiedRegistration.read(request(at));
    assertThat(read.address()).isEqualTo(at);
    assertThat(read.ue()).isEqualTo(Fixture.TALKER);
    assertThat(read.group()).isEqualTo(Fixture.GROUP);
    assertThat(read.kmsUri()).isEqualTo(Fixture.KMS_URI);
    assertThat(read.verb()).isEqualTo(RegistrationVerb.REGISTER);
    assertThat(read.timestamp()).isEqualTo(Fixture.T);
    assertThat(read.isSigned(Fixture.KMS, verifier)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"REGISTER", "WITHDRAW"})
  void isAnsweredByWhoSignsTheGroupsKeys(RegistrationVerb verb) throws Exception {
    byte[] octets = registration.seal(verb, AT, Fixture.T, ue, Fixture.RANDOM);
    UnverifiedRegistration request = UnverifiedRegistration.read(octets);
    byte[] sealed = RegistrationAnswer.seal(request, Duration.ofHours(1), group, Fixture.RANDOM);
    assertThat(sealed.length).as("no amplifier").isLessThan(octets.length);
    RegistrationAnswer answer = RegistrationAnswer.read(sealed);
    assertThat(answer.verb()).isEqualTo(verb);
    assertThat(answer.kept()).isEqualTo(Duration.ofHours(1));
    assertThat(isFor(answer)).isTrue();

    byte[] byAMember = RegistrationAnswer.seal(request, Duration.ofHours(1), ue, Fixture.RANDOM);
    assertThat(isFor(RegistrationAnswer.read(byAMember))).as("not the group's").isFalse();
    registration.seal(verb, AT, LATER, ue, Fixture.RANDOM);
    assertThat(isFor(answer)).as("an answer to an older message").isFalse();
  }

  @Test
  void isNotTakenForAnothersAnswer() throws Exception {
    UnverifiedRegistration request = UnverifiedRegistration.read(request(AT));
    RegistrationAnswer answer =
        RegistrationAnswer.read(
            RegistrationAnswer.seal(request, Duration.ofHours(1), group, Fixture.RANDOM));
    var other = Registration.prepare(Fixture.OTHER, Fixture.GROUP, Fixture.KMS_URI, Fixture.RANDOM);
    other.seal(RegistrationVerb.REGISTER, AT, Fixture.T, ue, Fixture.RANDOM);
    assertThat(answer.isFor(other, Fixture.GROUP, Fixture.KMS, verifier)).isFalse();
  }

  private boolean isFor(RegistrationAnswer answer) {
    return answer.isFor(registration, Fixture.GROUP, Fixture.KMS, verifier);
  }

  @ParameterizedTest
  @EnumSource(names = {"PULL", "MEMBERS"})
  void aQuestionBringsNoAddress(RegistrationVerb verb) throws Exception {
    byte[] octets = registration.ask(verb, Fixture.T, ue, Fixture.RANDOM);
    UnverifiedRegistration read = UnverifiedRegistration.read(octets);
    assertThat(read.verb()).isEqualTo(verb);
    assertThat(read.ue()).isEqualTo(Fixture.TALKER);
    assertThat(read.isSigned(Fixture.KMS, verifier)).isTrue();
    assertThatIllegalStateException().isThrownBy(read::address);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registration.seal(verb, AT, LATER, ue, Fixture.RANDOM));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> registration.ask(RegistrationVerb.REGISTER, LATER, ue, Fixture.RANDOM));
    byte[] answer = RegistrationAnswer.seal(read, Duration.ZERO, group, Fixture.RANDOM);
    assertThatThrownBy(() -> RegistrationAnswer.read(answer)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void neverSaysTheSameTTwice() {
    request(AT);
    assertThatIllegalStateException().isThrownBy(() -> request(AT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "224.0.0.1", "ff02::1"})
  void namesOneHostOnly(String host) throws Exception {
    var at = new InetSocketAddress(host, 2269);
    assertThatIllegalArgumentException().isThrownBy(() -> request(at));
    byte[] octets = InetAddress.getByName(host).getAddress();
    assertMalformed(addressed(Arrays.copyOf(octets, octets.length + 2), 1));
    assertMalformed(addressed(octets, 1));
  }

  @Test
  void fieldsThatAreNotOfTheGrammarAreRefused() {
    byte[] good = {(byte) 192, 0, 2, 7, 8, (byte) 221};
    assertThat(readable(addressed(good, 1))).isTrue();
    assertMalformed(addressed(good, 0));
    assertMalformed(addressed(good, 3)); // a question with an address
    assertThat(readable(new VendorFields.Writer().field(32, (byte) 3).extension())).isTrue();
    assertMalformed(new VendorFields.Writer().field(32, (byte) 1).extension());
    assertMalformed(new VendorFields.Writer().field(32, (byte) 5).extension());
    assertMalformed(addressed(new byte[] {(byte) 192, 0, 2, 7, 0, 0}, 1));
    assertMalformed(addressed(new byte[0], 1));
    byte[] mapped = new byte[18]; // an IPv4 address in IPv6 form has a shorter one
    mapped[10] = mapped[11] = (byte) 0xff;
    System.arraycopy(good, 0, mapped, 12, 6);
    assertMalformed(addressed(mapped, 1));
    assertMalformed(
        new VendorFields.Writer().field(32, (byte) 1).field(33, good).field(34, good).extension());
    assertMalformed(new VendorFields.Writer().field(33, good).field(32, (byte) 1).extension());
    assertMalformed(new Payload.GeneralExtension(1, Octets.of(new byte[12])));
  }

  private static Payload.GeneralExtension addressed(byte[] address, int verb) {
    return new VendorFields.Writer().field(32, (byte) verb).field(33, address).extension();
  }

  private static void assertMalformed(Payload.GeneralExtension extension) {
    assertThat(readable(extension)).as(extension.toString()).isFalse();
  }

  private static boolean readable(Payload.GeneralExtension extension) {
    var fields =
        new RegistrationFields(
            1,
            Octets.zeros(16),
            Fixture.TALKER,
            Fixture.GROUP,
            Fixture.KMS_URI,
            RegistrationVerb.REGISTER,
            AT,
            Fixture.T);
    MikeyMessage message = fields.blank();
    var payloads = new ArrayList<>(message.payloads());
    payloads.set(5, extension);
    try {
      UnverifiedRegistration.read(MikeyWriter.write(new MikeyMessage(message.header(), payloads)));
      return true;
    } catch (MalformedMessage _) {
      return false;
    }
  }

  @Test
  void everyPayloadBelongsInItsPlaceOnce() throws Exception {
    MikeyMessage good = MikeyReader.read(request(AT));
    List<Payload> payloads = good.payloads();
    for (int i = 0; i < payloads.size() - 1; i++) {
      var missing = new ArrayList<>(payloads);
      missing.remove(i);
      var twice = new ArrayList<>(payloads);
      twice.add(i, payloads.get(i));
      for (List<Payload> wrong : List.of(missing, twice)) {
        byte[] octets = MikeyWriter.write(new MikeyMessage(good.header(), wrong));
        assertThatThrownBy(() -> UnverifiedRegistration.read(octets))
            .isInstanceOf(MalformedMessage.class);
      }
    }
    var swapped = new ArrayList<>(payloads);
    swapped.set(2, GroupCallLayout.idrUri(IdrRole.RESPONDER, Fixture.TALKER.uri()));
    byte[] octets = MikeyWriter.write(new MikeyMessage(good.header(), swapped));
    assertThatThrownBy(() -> UnverifiedRegistration.read(octets))
        .isInstanceOf(MalformedMessage.class);
  }

  /// Whatever is cut, added or flipped ends in a refusal, or in a signature that does not hold.
  @Test
  void everyCutAndFlipIsNoticed() throws Exception {
    byte[] good = request(AT);
    byte[] answer =
        RegistrationAnswer.seal(
            UnverifiedRegistration.read(good), Duration.ofHours(1), group, Fixture.RANDOM);
    assertThat(isGoodRequest(good)).isTrue();
    assertThat(isGoodAnswer(answer)).isTrue();
    for (int length = 0; length <= good.length + 1; length++) {
      assertThat(length != good.length && isGoodRequest(Arrays.copyOf(good, length))).isFalse();
      assertThat(length != answer.length && isGoodAnswer(Arrays.copyOf(answer, length))).isFalse();
    }
    for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
      assertThat(isGoodRequest(AnnouncementHostileTest.flipped(good, bit))).isFalse();
    }
    for (int bit = 0; bit < answer.length * Byte.SIZE; bit++) {
      assertThat(isGoodAnswer(AnnouncementHostileTest.flipped(answer, bit))).isFalse();
    }
  }

  private boolean isGoodRequest(byte[] octets) {
    try {
      return UnverifiedRegistration.read(octets).isSigned(Fixture.KMS, verifier);
    } catch (MalformedMessage _) {
      return false;
    }
  }

  private boolean isGoodAnswer(byte[] octets) {
    try {
      return isFor(RegistrationAnswer.read(octets));
    } catch (MalformedMessage _) {
      return false;
    }
  }
}
