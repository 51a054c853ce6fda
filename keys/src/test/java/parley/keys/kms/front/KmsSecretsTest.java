package parley.keys.kms.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.http.Reply;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsConversation;
import parley.keys.kms.client.Provision;
import parley.keys.kms.front.TestFront.Caller;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.message.UnverifiedKmsResponse;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.kms.registry.HeldKeys;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// An enrolment and its renewal, and then a search for every secret in all that was said: objects
/// in words, exceptions, notes, the octets on the wire, the tables on the disk.
class KmsSecretsTest {
  @TempDir Path directory;

  private final List<byte[]> secrets = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<SecretBytes> mustBeClosed = new ArrayList<>();

  @Test
  void nothingShowsASecret() throws Exception {
    try (TestFront front = new TestFront(directory)) {
      KmsSite site = front.site(KmsFrontSettings.of(TestFront.BASE));
      enrol(front, site);
      texts.add(front.notes.toString());
      texts.add(front.registry.users().find(TestFront.ALICE).toString());
    }
    assertThat(secrets).hasSizeGreaterThan(6);
    for (String name : new String[] {"kms.db", "kms.db-wal"}) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        texts.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    texts.forEach(this::requireClean);
    assertThat(mustBeClosed).isNotEmpty().allMatch(SecretBytes::isClosed);
  }

  private void enrol(TestFront front, KmsSite site) throws Exception {
    try (EnrolmentTicket ticket =
            front.registry.tickets().make(TestFront.ALICE, "phone", Duration.ofHours(1));
        SecretBytes text = ticket.text();
        TransportKeys keys = ticket.transportKeys()) {
      remember(Base64.getUrlDecoder().decode(Secrets.text(text)));
      remember(keys.trk());
      remember(keys.ink());
      texts.add(ticket.toString());
      texts.add(keys.toString());
      Caller bearer = Caller.nobody().with("Authorization", "Bearer " + ticket.bearer());

      KmsConversation question =
          TestFront.asker(TestFront.ALICE, "phone", keys)
              .keysOf(TestFront.ALICE, front.clock.instant());
      texts.add(new String(question.question(), StandardCharsets.ISO_8859_1));
      Reply reply =
          site.answer(
              TestFront.request(
                  URI.create(question.url()).getRawPath(), question.question(), bearer));
      texts.add(new String(reply.body(), StandardCharsets.ISO_8859_1));
      texts.add(reply.toString());
      try (var read = UnverifiedKmsResponse.read(reply.body());
          Provision got =
              question.keys(
                  reply.status(),
                  reply.body(),
                  TestFront.ALICE,
                  front.issuer.certificate(),
                  front.clock.instant())) {
        texts.add(read.verified(keys).toString());
        texts.add(got.toString());
        for (MemberKeys set : got.keys()) {
          remember(set.rsk());
          remember(set.ssk());
          mustBeClosed.add(set.rsk());
          mustBeClosed.add(set.ssk());
        }
        renew(front, site, Objects.requireNonNull(got.newTransportKeys()));
      }
    }
  }

  private void renew(TestFront front, KmsSite site, TransportKeys keys) throws Exception {
    front.clock.pass(Duration.ofDays(200));
    KeyProvisioning client =
        front.client(site, Caller.nobody(), TestFront.asker(TestFront.ALICE, "phone", keys));
    try (Provision got = client.keys(TestFront.ALICE, front.issuer.certificate());
        HeldKeys held =
            front.registry.transportKeys().newest(TestFront.ALICE, "phone").orElseThrow()) {
      remember(held.keys().trk());
      remember(held.keys().ink());
      texts.add(held.toString());
      texts.add(String.valueOf(got.newTransportKeys()));
    }
    try (TransportKeys wrong = TransportKeys.derived(Secrets.of("wrong"), "a", "b")) {
      KeyProvisioning stranger =
          front.client(site, Caller.nobody(), TestFront.asker(TestFront.ALICE, "phone", wrong));
      Throwable refusal = catchThrowable(() -> stranger.certificate());
      texts.add(String.valueOf(refusal));
    }
  }

  private void remember(SecretBytes secret) {
    remember(secret.lend(SecretAccess.token(), byte[]::clone));
  }

  private void remember(byte[] secret) {
    secrets.add(secret);
  }

  private void requireClean(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (byte[] secret : secrets) {
      for (int at = 1; at + 8 <= secret.length; at++) {
        assertThat(lower.contains(HexFormat.of().formatHex(secret, at, at + 8))).isFalse();
        assertThat(text.contains(new String(secret, at, 8, StandardCharsets.ISO_8859_1))).isFalse();
      }
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(secret);
      assertThat(text).doesNotContain(base64.substring(4, 16));
    }
  }
}
