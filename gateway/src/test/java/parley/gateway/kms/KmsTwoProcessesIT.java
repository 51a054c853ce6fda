package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.bsf.BsfRig;
import parley.gateway.system.ParleyProcess;
import parley.keys.FreePort;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.store.PostgresServer;

/// Two KMSs on one PostgreSQL database, asked in turns; one is killed in the middle, and its
/// clients go on with the other. A ticket is good at one of them, once.
class KmsTwoProcessesIT {
  private static final int SOME = 100;
  private static final int TICKETS = 20;

  @TempDir Path folder;

  @Test
  void theOtherGoesOnAndATicketIsSpentAtOneOfThem() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      var rig = new KmsRig(folder);
      String more = KmsRig.WIDE + BsfRig.postgres(postgres.database("kms"));
      int port = FreePort.tcp();
      int otherPort = FreePort.tcp();
      Path yaml = rig.configure("kms", port, more);
      Path otherYaml = rig.configure("second", otherPort, more);
      List<KmsAddress> both = List.of(KmsRig.address(port), KmsRig.address(otherPort));
      try (KmsTables tables = rig.tables(yaml)) {
        Files.copy(rig.file("kms.vault"), rig.file("second.vault"));
        try (ParleyProcess one = KmsRig.process(yaml);
            ParleyProcess other = KmsRig.process(otherYaml);
            var clients = new KmsClients(rig, tables.registry(), both)) {
          aTicketIsSpentOnce(rig, tables, both);
          clients.start();
          clients.awaitAnswered(SOME);
          one.kill();
          clients.awaitAnswered(clients.answered() + SOME);
          List<KmsClients.Enrolled> held = clients.enrolled();
          assertThat(clients.failures()).as("the kill was seen").isPositive();
          clients.requireKept(both.getLast());
          other.signal("TERM");
          assertThat(other.awaitEnd()).isZero();
          KmsKill.requireNoted(held, List.of(rig.file("kms.audit"), rig.file("second.audit")), 0);
        }
      }
    }
  }

  /// Asked at the same moment at both, twice each.
  private static void aTicketIsSpentOnce(KmsRig rig, KmsTables tables, List<KmsAddress> both)
      throws Exception {
    tables.registry().users().add(KmsRig.ALICE, null);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        var http = new UeHttp(rig.files().tls())) {
      for (int number = 0; number < TICKETS; number++) {
        String device = "phone-" + number;
        try (EnrolmentTicket ticket =
                tables.registry().tickets().make(KmsRig.ALICE, device, Duration.ofDays(1));
            TransportKeys keys = ticket.transportKeys()) {
          List<Callable<Integer>> tries = new ArrayList<>();
          for (int time = 0; time < 2; time++) {
            for (KmsAddress at : both) {
              Asker asker = Asker.of(at, KmsRig.ALICE, device, keys);
              tries.add(() -> enrol(http, ticket, asker, rig));
            }
          }
          int enrolled = 0;
          for (Future<Integer> one : threads.invokeAll(tries)) {
            enrolled += one.get();
          }
          assertThat(enrolled).as(device).isOne();
        }
      }
    }
  }

  private static int enrol(UeHttp http, EnrolmentTicket ticket, Asker asker, KmsRig rig)
      throws Exception {
    try (KeyProvisioning client =
        KeyProvisioning.over(
            http.with(Map.of("Authorization", "Bearer " + ticket.bearer())),
            asker,
            InstantSource.system())) {
      client.keys(KmsRig.ALICE, rig.certificate()).close();
      return 1;
    } catch (KmsRefusal _) {
      return 0;
    }
  }
}
