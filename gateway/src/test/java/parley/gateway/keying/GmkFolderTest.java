package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.SteppingClock;
import parley.keys.member.GroupMembership;
import parley.mikey.group.GroupMasterKey;

class GmkFolderTest {
  private static final String FIRE = "sip:fire@example.org";

  @TempDir Path folder;

  @Test
  void acceptsWhatIsForUsAndAnswersByAFileBesideIt() throws Exception {
    SteppingClock clock = new SteppingClock(Instant.parse("2026-11-23T12:00:00Z"));
    Path incoming = Files.createDirectory(folder.resolve("inbox"));
    try (Lab lab = new Lab(folder, clock);
        WatchService watch = FileSystems.getDefault().newWatchService()) {
      LabMember gateway = lab.member("sip:gpe1@example.org");
      LabMember alice = lab.member("sip:alice@example.org");
      gateway
          .member()
          .joinGroup(new GroupMembership(lab.member(FIRE).identity(), null, Lab.KMS_URI));
      GroupMasterKey gmk = lab.newGmk(FIRE);
      Files.write(incoming.resolve("alice.mikey"), lab.iMessage(gmk, alice));
      Files.write(incoming.resolve("rubbish.mikey"), new byte[5000]);
      incoming.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      try (GmkInbox inbox = new GmkInbox(gateway.member());
          GmkFolder open = GmkFolder.open(incoming, inbox)) {
        assertThat(open).isNotNull();
        Files.write(incoming.resolve("gpe1.mikey"), lab.iMessage(gmk, gateway));
        Path receipt = incoming.resolve("gpe1.mikey.receipt");
        while (!Files.exists(receipt)) {
          WatchKey key = watch.poll(20, TimeUnit.SECONDS);
          assertThat(key).as("an event before the receipt").isNotNull();
          key.pollEvents();
          key.reset();
        }
      }
      assertThat(gateway.member().sendingGmk(gmk.group()))
          .hasValueSatisfying(held -> assertThat(held.gmkId()).isEqualTo(gmk.gmkId()));
      assertThat(incoming.resolve("alice.mikey.receipt")).doesNotExist();
    }
  }
}
