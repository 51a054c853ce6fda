package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.Provision;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.NewKmsUser;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// UEs that enrol all at once by tickets, and verify what they get.
final class KmsCrowd implements AutoCloseable {
  private static final long PATIENCE_MINUTES = 30;

  private final KmsRig rig;
  private final KmsRegistry registry;
  private final KmsAddress kms;
  private final UeHttp http;
  private final Vault none;
  private final Semaphore places;

  /// @param atOnce how many of them have a connection at one moment
  KmsCrowd(KmsRig rig, KmsRegistry registry, KmsAddress kms, int atOnce) throws Exception {
    this.rig = rig;
    this.registry = registry;
    this.kms = kms;
    this.http = new UeHttp(rig.files().tls());
    this.none = rig.emptyVault("crowd");
    this.places = new Semaphore(atOnce);
  }

  private static Identity ue(int number) {
    return new Identity("sip:ue%05d@example.org".formatted(number));
  }

  /// UEs `from` to `until` become users, get tickets, and enrol. Every one of them has good keys in
  /// the end, and nobody was refused or cut off once.
  void enrol(int from, int until) throws Exception {
    List<NewKmsUser> users = new ArrayList<>();
    for (int number = from; number < until; number++) {
      users.add(new NewKmsUser(ue(number), null, Set.of(), Set.of()));
    }
    assertThat(registry.users().enter(users)).isEmpty();
    List<EnrolmentTicket> tickets = new ArrayList<>();
    for (int number = from; number < until; number++) {
      tickets.add(registry.tickets().make(ue(number), KmsRig.PHONE, Duration.ofDays(1)));
    }
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    var verified = new AtomicInteger();
    var go = new CountDownLatch(1);
    ExecutorService verifying = Executors.newSingleThreadExecutor();
    try (ExecutorService ues = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = from; number < until; number++) {
        Identity who = ue(number);
        EnrolmentTicket ticket = tickets.get(number - from);
        var _ =
            ues.submit(() -> {
              try (ticket) {
                go.await();
                Provision got = enrol(who, ticket);
                var _ = verifying.submit(() -> verify(who, got, wrong, verified));
              } catch (Exception e) {
                wrong.add(who + ": " + e);
              }
            });
      }
      go.countDown();
    }
    verifying.shutdown();
    assertThat(verifying.awaitTermination(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(wrong).isEmpty();
    assertThat(verified.get()).isEqualTo(until - from);
  }

  /// One request over one connection.
  private Provision enrol(Identity who, EnrolmentTicket ticket) throws Exception {
    places.acquire();
    try (TransportKeys keys = ticket.transportKeys();
        KeyProvisioning client =
            KeyProvisioning.over(
                http.with(Map.of("Authorization", "Bearer " + ticket.bearer())),
                Asker.of(kms, who, KmsRig.PHONE, keys),
                InstantSource.system())) {
      return client.keys(who, rig.certificate());
    } finally {
      places.release();
    }
  }

  /// On one thread for all, so that no other UE's handshake waits for it.
  private void verify(Identity who, Provision got, Queue<String> wrong, AtomicInteger verified) {
    try (got) {
      if (got.newTransportKeys() == null || got.keys().isEmpty()) {
        wrong.add(who + " has not got everything");
        return;
      }
      for (MemberKeys set : got.keys()) {
        Member.verify(none, rig.certificate(), set);
      }
      verified.incrementAndGet();
    } catch (Exception e) {
      wrong.add(who + ": " + e);
    }
  }

  @Override
  public void close() {
    http.close();
    none.close();
  }
}
