package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.member.GroupMembership;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.message.Octets;
import parley.mikey.transport.ConnectionAddress;
import parley.mikey.transport.SdpWriter;
import parley.mikey.transport.SessionDescription;
import parley.mikey.transport.SmsSegments;

/// What a manager lays into a gateway's folder, and what lies beside it afterwards.
class GmkFolderTest {
  private static final String FIRE = "sip:fire@example.org";
  private static final String MANAGER = "+4791234567";

  @TempDir Path folder;
  private Path incoming;
  private Lab lab;
  private LabMember gateway;
  private LabMember alice;
  private GmkInbox inbox;
  private WatchService watch;

  @BeforeEach
  void open() throws Exception {
    incoming = Files.createDirectory(folder.resolve("inbox"));
    lab = new Lab(folder, Clock.systemUTC());
    gateway = lab.member("sip:gpe1@example.org");
    alice = lab.member("sip:alice@example.org");
    gateway.member().joinGroup(new GroupMembership(lab.member(FIRE).identity(), null, Lab.KMS_URI));
    inbox = new GmkInbox(gateway.member());
    watch = FileSystems.getDefault().newWatchService();
    incoming.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
  }

  @AfterEach
  void close() throws Exception {
    watch.close();
    inbox.close();
    lab.close();
  }

  private GmkFolder look() {
    return GmkFolder.open(incoming, inbox, lab.clock());
  }

  private void await(BooleanSupplier done) throws Exception {
    while (!done.getAsBoolean()) {
      WatchKey key = watch.poll(20, TimeUnit.SECONDS);
      assertThat(key).as("an event before the receipt").isNotNull();
      key.pollEvents();
      key.reset();
    }
  }

  private void awaitFile(String name) throws Exception {
    await(() -> Files.exists(incoming.resolve(name)));
  }

  private boolean hasGmk(GroupMasterKey gmk) {
    return gateway
        .member()
        .sendingGmk(gmk.group())
        .filter(held -> held.gmkId() == gmk.gmkId())
        .isPresent();
  }

  private List<Path> receipts() {
    try (Stream<Path> files = Files.list(incoming)) {
      return files.filter(f -> f.toString().endsWith(".receipt")).sorted().toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void laySegments(byte[] message, int reference, List<Integer> order) throws Exception {
    List<byte[]> segments = SmsSegments.split(message, reference);
    for (int number : order) {
      Path file = incoming.resolve(SmsFileName.of(MANAGER, reference, number).toString());
      Path part = Files.write(incoming.resolve("part"), segments.get(number - 1));
      Files.move(part, file);
    }
  }

  private static List<Integer> shuffled(byte[] message) {
    List<Integer> order = new ArrayList<>();
    for (int number = 1; number <= SmsSegments.split(message, 0).size(); number++) {
      order.add(number);
    }
    Collections.shuffle(order, new Random(3));
    return order;
  }

  @Test
  void acceptsWhatIsForUsAndAnswersByAFileBesideIt() throws Exception {
    GroupMasterKey gmk = lab.newGmk(FIRE);
    Files.write(incoming.resolve("alice.mikey"), lab.iMessage(gmk, alice));
    Files.write(incoming.resolve("rubbish.mikey"), new byte[5000]);
    try (GmkFolder open = look()) {
      assertThat(open).isNotNull();
      Files.write(incoming.resolve("gpe1.mikey"), lab.iMessage(gmk, gateway));
      awaitFile("gpe1.mikey.receipt");
    }
    assertThat(hasGmk(gmk)).isTrue();
    assertThat(incoming.resolve("alice.mikey.receipt")).doesNotExist();
  }

  /// From a manager's vault to its board: cut, shuffled, put together, accepted, answered, and the
  /// answer cut and joined again.
  @Test
  void aManagersMessageComesBySmsInAnyOrderAndTheReceiptConfirmsIt() throws Exception {
    MemberList members =
        MemberList.parse(
            "members: [{identity: %s, may: [listen, relay]}]".formatted(gateway.identity()));
    try (GroupManager manager =
        GroupManager.create(
            lab.member(FIRE).vault(),
            GroupSettings.of(lab.member(FIRE).identity()),
            members,
            lab.clock(),
            new SecureRandom())) {
      GroupMasterKey gmk = manager.newGmk(lab.clock().instant().minusSeconds(1), Instant.MAX);
      byte[] message = manager.distribute(gmk, lab.clock().instant()).getFirst().octets();
      List<Integer> order = shuffled(message);
      laySegments(message, 42, order.subList(0, order.size() - 1));
      try (GmkFolder open = look()) {
        assertThat(open).isNotNull();
        laySegments(message, 42, order.subList(order.size() - 1, order.size()));
        await(() -> !receipts().isEmpty());
      }

      assertThat(hasGmk(gmk)).isTrue();
      assertThat(receipts()).hasSize(1);
      assertThat(receipts().getFirst().getFileName().toString())
          .startsWith(MANAGER + ".042-")
          .endsWith(".sms.receipt");
      assertThat(manager.confirm(Files.readAllBytes(receipts().getFirst()))).isTrue();
    }
  }

  @Test
  void takesTheMessagesOfADescription() throws Exception {
    GroupMasterKey gmk = lab.newGmk(FIRE);
    var host = new ConnectionAddress("IP4", "10.0.0.1");
    var description =
        new SessionDescription(
            SessionDescription.origin(1, 1, host),
            FIRE,
            host,
            List.of(Octets.of(lab.iMessage(gmk, alice)), Octets.of(lab.iMessage(gmk, gateway))),
            List.of());
    Files.writeString(incoming.resolve("bad.sdp"), "v=0\n");
    try (GmkFolder open = look()) {
      assertThat(open).isNotNull();
      Files.write(incoming.resolve("gmk.sdp"), SdpWriter.write(description));
      awaitFile("gmk.sdp.2.receipt");
    }
    assertThat(hasGmk(gmk)).isTrue();
    assertThat(receipts()).hasSize(1);
  }

  /// Files of last week, of nobody, and such that are no segments are not in the way.
  @Test
  void whatIsNoSegmentOfNowIsLeftAlone() throws Exception {
    GroupMasterKey gmk = lab.newGmk(FIRE);
    byte[] message = lab.iMessage(gmk, gateway);
    byte[] other = message.clone();
    other[40] ^= 1;
    FileTime lastWeek = FileTime.from(lab.clock().instant().minus(Duration.ofDays(7)));
    List<byte[]> stale = SmsSegments.split(other, 42);
    for (int i = 0; i < stale.size(); i++) {
      Path file = incoming.resolve("%s.old-%d.sms".formatted(MANAGER, i));
      Files.write(file, stale.get(i));
      Files.setLastModifiedTime(file, lastWeek);
    }
    Files.write(incoming.resolve("nobody.sms"), stale.getFirst());
    Files.writeString(incoming.resolve(MANAGER + ".text.sms"), "hello", StandardCharsets.UTF_8);
    Files.write(incoming.resolve(MANAGER + ".long.sms"), new byte[141]);
    Files.createDirectory(incoming.resolve(MANAGER + ".folder.sms"));
    laySegments(message, 42, shuffled(message));
    try (GmkFolder open = look()) {
      assertThat(open).isNotNull();
      await(() -> !receipts().isEmpty());
    }
    assertThat(hasGmk(gmk)).isTrue();
    assertThat(receipts()).hasSize(1);
  }
}
