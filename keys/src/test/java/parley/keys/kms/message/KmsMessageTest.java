package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.keys.kms.message.MessageSamples.ALICE;
import static parley.keys.kms.message.MessageSamples.KMS;
import static parley.keys.kms.message.MessageSamples.NOW;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.message.KmsAnswer.KeyProv;
import parley.keys.kms.message.KmsAnswer.KmsCertCache;
import parley.mikey.identity.KeyPeriod;

/// What is written is read again, and a signature holds for its own key and message alone.
class KmsMessageTest {
  private final TransportKeys keys = MessageSamples.transportKeys();

  @Test
  void readsRequests() throws Exception {
    KmsRequest request = MessageSamples.request().with(keys);
    UnverifiedKmsRequest plain = UnverifiedKmsRequest.read(request.write());
    assertThat(plain.unverified()).isEqualTo(request);
    assertThat(plain.signedUnder()).isNull();
    assertThatThrownBy(() -> plain.verified(keys))
        .isInstanceOf(WrongTransportKey.class)
        .hasMessage("the message is not signed");
    UnverifiedKmsRequest signed = UnverifiedKmsRequest.read(request.sign(keys));
    assertThat(signed.signedUnder()).isEqualTo("ik.1.alice");
    assertThat(signed.verified(keys)).isEqualTo(request);
  }

  @Test
  void readsInitErrorsAndCertificates() throws Exception {
    for (KmsAnswer answer :
        new KmsAnswer[] {
          MessageSamples.init(), MessageSamples.error(), MessageSamples.certCache()
        }) {
      KmsResponse response = MessageSamples.response(answer);
      try (var plain = UnverifiedKmsResponse.read(response.write());
          var signed = UnverifiedKmsResponse.read(response.sign(keys))) {
        assertThat(plain.unverified()).isEqualTo(response);
        assertThat(signed.verified(keys)).isEqualTo(response);
      }
    }
    var cache = (KmsCertCache) MessageSamples.certCache();
    assertThat(cache.certificates().getFirst().validTo()).isEqualTo(NOW);
  }

  @Test
  void wrapsKeysUnderTheTransportKey() throws Exception {
    byte[] octets = MessageSamples.response(MessageSamples.wrapped(keys)).sign(keys);
    try (var read = UnverifiedKmsResponse.read(octets);
        MemberKeys expected = MessageSamples.memberKeys()) {
      KmsKeyProv provision = provision(read.verified(keys));
      KeySet set = provision.keySets().getFirst();
      assertThat(set.isClear()).isFalse();
      requireSame(set, expected);
      assertThat(provision.groups()).hasSize(2);
      assertThat(provision.groups().getFirst().group()).isEqualTo(MessageSamples.FIRE);
      assertThat(provision.gmkMessages()).hasSize(2);
      assertThat(provision.gmkMessages().getFirst()).containsExactly(1, 2, 3);
      assertThat(provision.newKeys(keys)).isNull();
      String text = new String(octets, UTF_8).toLowerCase(Locale.ROOT);
      assertThat(text).doesNotContain(Secrets.hex(expected.rsk()).substring(2, 40));
      assertThat(text).doesNotContain(Secrets.hex(expected.ssk()));
    }
  }

  @Test
  void readsKeysInTheClearWhereTheyAre() throws Exception {
    byte[] octets = MessageSamples.response(MessageSamples.clear()).write();
    try (var read = UnverifiedKmsResponse.read(octets);
        MemberKeys expected = MessageSamples.memberKeys()) {
      KeySet set = provision(read.unverified()).keySets().getFirst();
      assertThat(set.isClear()).isTrue();
      requireSame(set, expected);
    }
  }

  private void requireSame(KeySet set, MemberKeys expected) throws Exception {
    KeyPeriod period = KMS.periodAt(NOW);
    assertThat(set.userUri()).isEqualTo(ALICE.uri());
    assertThat(set.kmsUri()).isEqualTo(KMS.kmsUri());
    assertThat(set.isOf(period)).isTrue();
    assertThat(set.isOf(KMS.next(period))).isFalse();
    assertThat(set.isFor(KMS.identifier(ALICE, period))).isTrue();
    assertThat(set.isFor(KMS.identifier(ALICE, KMS.next(period)))).isFalse();
    try (MemberKeys opened = set.open(ALICE, period, "device", keys)) {
      assertThat(opened.rsk()).isEqualTo(expected.rsk());
      assertThat(opened.ssk()).isEqualTo(expected.ssk());
      assertThat(opened.pvt()).isEqualTo(expected.pvt());
    }
  }

  @Test
  void replacesTransportKeys() throws Exception {
    byte[] octets = MessageSamples.response(MessageSamples.rotating(keys)).sign(keys);
    try (var read = UnverifiedKmsResponse.read(octets);
        TransportKeys next = provision(read.verified(keys)).newKeys(keys)) {
      assertThat(next).isNotNull().hasToString("TransportKeys[tk.2.alice, ik.2]");
    }
  }

  @Test
  void opensNothingUnderAnotherKey() throws Exception {
    byte[] octets = MessageSamples.response(MessageSamples.wrapped(keys)).sign(keys);
    try (TransportKeys otherInk =
            TransportKeys.of(
                "tk.1.alice", keys.trk().duplicate(), "ik.1.alice", keys.trk().duplicate());
        TransportKeys otherTrk =
            TransportKeys.of(
                "tk.1.alice", keys.ink().duplicate(), "ik.1.alice", keys.ink().duplicate());
        TransportKeys otherName = TransportKeys.of("tk.2", keys.trk().duplicate());
        var read = UnverifiedKmsResponse.read(octets)) {
      assertThatThrownBy(() -> read.verified(otherInk)).isInstanceOf(WrongTransportKey.class);
      assertThatThrownBy(() -> read.verified(otherName)).isInstanceOf(WrongTransportKey.class);
      KeySet set = provision(read.verified(otherTrk)).keySets().getFirst();
      for (TransportKeys wrong : new TransportKeys[] {otherTrk, otherName}) {
        assertThatThrownBy(() -> set.open(ALICE, KMS.periodAt(NOW), "device", wrong))
            .isInstanceOf(WrongTransportKey.class);
      }
    }
  }

  @Test
  void signsByTheTransportKeyWhereThereIsNoOther() throws Exception {
    try (TransportKeys alone = TransportKeys.of("tk.1", keys.trk().duplicate())) {
      byte[] octets = MessageSamples.response(MessageSamples.init()).sign(alone);
      try (var read = UnverifiedKmsResponse.read(octets)) {
        assertThat(read.signedUnder()).isEqualTo("tk.1");
        assertThat(read.verified(alone).userUri()).isEqualTo(ALICE.uri());
      }
    }
  }

  /// The standard's own examples have times without a zone, and other programs indent what they
  /// write, put extensions where the schema lets them, and may begin with a declaration.
  @Test
  void readsWhatOthersWriteDifferently() throws Exception {
    String text =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <k:KmsRequest xmlns:k="urn:3gpp:ns:mcsecKMSInterface:1.0" Version="1.0.0" Id="xmldoc"
            xmlns:x="urn:x" x:schemaLocation="somewhere">
          <k:UserUri> sip:alice@example.org
          </k:UserUri>
          <k:KmsUri>kms.example.org</k:KmsUri>
          <k:Time>2026-11-29T12:00:00</k:Time>
          <k:ClientReqUrl>https://kms.example.org/a?b=1&amp;c=2</k:ClientReqUrl>
          <k:KrrList><a xmlns="urn:3gpp:ns:mcsecKMSKRR:1.0">text<b/></a></k:KrrList>
          <x:Extension Id="other"><x:Inside/></x:Extension>
        </k:KmsRequest>
        """;
    KmsRequest read = UnverifiedKmsRequest.read(text.getBytes(UTF_8)).unverified();
    assertThat(read.userUri()).isEqualTo("sip:alice@example.org");
    assertThat(read.time()).isEqualTo(Instant.parse("2026-11-29T12:00:00Z"));
    assertThat(read.clientReqUrl()).isEqualTo("https://kms.example.org/a?b=1&c=2");
    assertThat(read.bringsRevocations()).isTrue();
  }

  /// With the longest URIs that there are, a sentence still arrives.
  @Test
  void readsLongSentences() throws Exception {
    String sentence = "sip:x belongs to KMS " + "k".repeat(255) + ", not to " + "l".repeat(255);
    KmsResponse response = MessageSamples.response(new KmsAnswer.KmsError(403, sentence));
    try (var read = UnverifiedKmsResponse.read(response.sign(keys))) {
      assertThat(read.verified(keys)).isEqualTo(response);
    }
  }

  @Test
  void showsNoKey() {
    KmsResponse response = MessageSamples.response(MessageSamples.clear());
    assertThat(response.toString()).contains("KeySet[sip:alice@example.org").doesNotContain("[B@");
    assertThat(keys.toString()).isEqualTo("TransportKeys[tk.1.alice, ik.1.alice]");
  }

  private static KmsKeyProv provision(KmsResponse response) {
    return ((KeyProv) response.answer()).provision();
  }
}
