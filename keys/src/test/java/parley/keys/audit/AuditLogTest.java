package parley.keys.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// A log that shows what was done to it: cut, altered, put into another order, or torn by a kill.
class AuditLogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T12:00:00.123456789Z"));

  private static final Identity GATEWAY = new Identity("sip:gpe1@example.org");
  private static final Identity EVE = new Identity("sip:eve@example.org");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("audit/audit.log");
  }

  private AuditLog open() throws IOException {
    return AuditLog.open(file, CLOCK);
  }

  private void write(int count) throws IOException {
    try (AuditLog log = open()) {
      for (int i = 0; i < count; i++) {
        log.note("token ops", "mute", "sip:alice@example.org", "done");
      }
    }
  }

  private AuditReport read() throws IOException {
    return AuditReader.read(files());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(file.getParent())) {
      List<Path> found = new ArrayList<>(all.toList());
      Collections.shuffle(found);
      return found;
    }
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file);
  }

  @Test
  void keepsWhatWasNotedInOrder() throws Exception {
    try (AuditLog log = open()) {
      log.note("token ops", "mute", "sip:alice@example.org in sip:fire@example.org", "begun");
      log.note("loopback", "drain", "", "refused: \"Grüße\"\n\u2028{}");
    }

    AuditReport report = read();
    assertThat(report.isUnaltered()).isTrue();
    assertThat(report.lines()).extracting(AuditLine::n).containsExactly(1L, 2L);
    assertThat(report.lines().getLast().outcome()).isEqualTo("refused: \"Grüße\"\n\u2028{}");
    assertThat(report.lines().getLast().prev()).isEqualTo(report.lines().getFirst().hash());
    assertThat(lines()).hasSize(2).allMatch(line -> line.chars().allMatch(c -> c < 0x7f));
  }

  @Test
  void leavesNoTraceBeforeTheFirstNote() throws Exception {
    open().close();

    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void onlyItsOwnerReadsIt() throws Exception {
    write(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    write(1);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void goesOnWhereItEnded() throws Exception {
    write(2);
    write(3);

    assertThat(read().isUnaltered()).isTrue();
    assertThat(read().lines()).extracting(AuditLine::n).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void twoGatewaysCannotWriteOne() throws Exception {
    try (AuditLog first = open();
        AuditLog second = open()) {
      first.note("a", "b", "", "done");

      assertThatThrownBy(() -> second.note("a", "b", "", "done"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("written by another gateway");
      assertThat(second.failures()).isEqualTo(1);
    }
    assertThat(read().lines()).hasSize(1);
  }

  @Test
  void takesNothingAfterItsEnd() throws Exception {
    AuditLog log = open();
    log.close();

    assertThatThrownBy(() -> log.note("a", "b", "", "done")).hasMessageContaining("closed");
    assertThat(file).doesNotExist();
  }

  @Test
  void everyBitThatFlipsIsSeen() throws Exception {
    write(2);
    byte[] good = Files.readAllBytes(file);
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, bad);

      AuditReport report = read();

      assertThat(report.isUnaltered() && report.torn() == 0)
          .as("bit %d of octet %d", bit % 8, bit / 8)
          .isFalse();
    }
  }

  @Test
  void everyCutIsSeenExceptBetweenLines() throws Exception {
    write(3);
    byte[] good = Files.readAllBytes(file);
    for (int length = 1; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));

      AuditReport report = read();

      assertThat(report.isUnaltered()).isTrue();
      assertThat(report.torn() > 0).as("cut at %d", length).isEqualTo(good[length - 1] != '\n');
    }
  }

  @Test
  void aHeadThatWasKeptElsewhereShowsACutBetweenLines() throws Exception {
    write(3);
    String head = read().head();
    Files.write(file, lines().subList(0, 2));

    assertThat(read().isUnaltered()).isTrue();
    assertThat(read().holds(String.valueOf(head))).isFalse();
  }

  @Test
  void missingSwappedDoubledAndForeignLinesAreSeen() throws Exception {
    write(4);
    List<String> good = lines();
    List<List<String>> bad =
        List.of(
            List.of(good.get(0), good.get(2), good.get(3)),
            List.of(good.get(0), good.get(2), good.get(1), good.get(3)),
            List.of(good.get(0), good.get(1), good.get(1), good.get(2)),
            List.of(good.get(0), " " + good.get(1), good.get(2)),
            List.of(good.get(0), "", good.get(1), good.get(2)),
            List.of(good.get(0), good.get(1).replace("ops", "eve"), good.get(2)));
    for (List<String> lines : bad) {
      Files.write(file, lines);

      assertThat(read().isUnaltered()).as(String.join("\n", lines)).isFalse();
    }
  }

  /// What an append has left at any moment of a kill.
  @Test
  void goesOnAfterAKillAtAnyMoment() throws Exception {
    write(2);
    byte[] good = Files.readAllBytes(file);
    int first = new String(good, StandardCharsets.US_ASCII).indexOf('\n') + 1;
    for (int length = first; length <= good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));

      write(1);

      AuditReport report = read();
      assertThat(report.isUnaltered()).as("killed at %d: %s", length, report.damages()).isTrue();
      assertThat(report.torn()).isZero();
      boolean wasTorn = length > first && length < good.length;
      assertThat(report.lines().stream().filter(line -> line.act().equals("recover")).toList())
          .as("killed at %d", length)
          .hasSize(wasTorn ? 1 : 0)
          .allMatch(line -> line.outcome().contains("never completed: {"));
      assertThat(report.lines().getLast().act()).isEqualTo("mute");
    }
  }

  @Test
  void aFileThatWasAlteredIsKeptAndANewChainSaysSo() throws Exception {
    write(3);
    Files.writeString(file, Files.readString(file).replaceFirst("ops", "eve"));

    write(1);

    assertThat(Files.readString(folder.resolve("audit/audit.log.1"))).contains("eve");
    assertThat(AuditReader.read(List.of(file)).lines())
        .extracting(AuditLine::act, AuditLine::target)
        .containsExactly(
            tuple("begin anew", "audit.log.1"), tuple("mute", "sip:alice@example.org"));
    assertThat(read().isUnaltered()).isFalse();
  }

  /// A disk that takes so many octets and then no more, until it is mended.
  private static final class Disk {
    private long room;

    AuditFile open(Path path) throws IOException {
      AuditFile real = AuditFile.open(path);
      return new AuditFile() {
        @Override
        public void append(byte[] octets) throws IOException {
          int fits = (int) Math.min(room, octets.length);
          real.append(Arrays.copyOf(octets, fits));
          room -= fits;
          if (fits < octets.length) {
            throw new IOException("no space left on device");
          }
        }

        @Override
        public void truncate(long length) throws IOException {
          real.truncate(length);
        }

        @Override
        public void close() throws IOException {
          real.close();
        }
      };
    }
  }

  @Test
  void aFullDiskRefusesAndAMendedOneGoesOn() throws Exception {
    write(1);
    int length = (int) Files.size(file);
    for (int room = 0; room < length - 20; room += 7) {
      Files.deleteIfExists(file);
      Disk disk = new Disk();
      disk.room = (long) length + room;
      try (AuditLog log = AuditLog.open(file, CLOCK, disk::open, 1 << 20)) {
        log.note("token ops", "mute", "sip:alice@example.org", "done");
        for (int again = 0; again < 2; again++) {
          assertThatThrownBy(() -> log.note("token ops", "mute", "sip:bob@example.org", "done"))
              .isInstanceOf(UncheckedIOException.class)
              .hasMessageContaining("no space left");
          disk.room = 0;
        }
        disk.room = 10L * length;
        log.note("token ops", "unmute", "sip:alice@example.org", "done");
        assertThat(log.failures()).isEqualTo(2);
      }
      assertThat(read().isUnaltered()).as("room for %d", room).isTrue();
      assertThat(read().lines()).extracting(AuditLine::act).containsExactly("mute", "unmute");
    }
  }

  @Test
  void theChainGoesOnThroughFullFiles() throws Exception {
    for (int start = 0; start < 3; start++) {
      try (AuditLog log = AuditLog.open(file, CLOCK, AuditFile::open, 1000)) {
        for (int i = 0; i < 14; i++) {
          log.note("token ops", "mute", "sip:alice@example.org", "done");
        }
      }
    }

    assertThat(files()).hasSizeGreaterThan(10);
    assertThat(read().isUnaltered()).as(String.join("\n", read().damages())).isTrue();
    assertThat(read().lines()).hasSize(42);
    Files.delete(folder.resolve("audit/audit.log.4"));
    assertThat(read().damages()).singleElement().asString().contains("after number");
    Files.delete(folder.resolve("audit/audit.log.1"));
    Files.delete(folder.resolve("audit/audit.log.2"));
    Files.delete(folder.resolve("audit/audit.log.3"));
    assertThat(read().isUnaltered()).as("the oldest are kept elsewhere").isTrue();
  }

  @Test
  void aKillBetweenTwoFilesLosesNothing() throws Exception {
    write(5);
    Files.move(file, folder.resolve("audit/audit.log.1"));
    write(1);
    assertThat(read().isUnaltered()).isTrue();
    assertThat(read().lines()).hasSize(6);
    Files.move(file, folder.resolve("audit/audit.log.2"));
    Files.createFile(file);

    write(1);

    assertThat(read().isUnaltered()).isTrue();
    assertThat(read().lines()).hasSize(7);
  }

  private static Seal.Signer signer(Identity identity, Identity whoseKey) {
    return new Seal.Signer() {
      @Override
      public Identity identity() {
        return identity;
      }

      @Override
      public byte[] sign(byte[] octets, Instant at) throws Exception {
        return TestKms.HOME.signer(whoseKey, at).sign(octets, 0, octets.length, Secrets.RANDOM);
      }
    };
  }

  @Test
  void nobodyButItsOwnerCanSealAChain() throws Exception {
    KmsCertificate kms = TestKms.HOME.certificate();
    try (AuditLog log = AuditLog.open(file, Clock.systemUTC())) {
      log.seal(signer(GATEWAY, GATEWAY));
      assertThat(file).as("nothing to seal").doesNotExist();
      log.note("token ops", "mute", "sip:alice@example.org", "done");
      log.seal(signer(GATEWAY, GATEWAY));
      log.seal(signer(GATEWAY, GATEWAY));
      log.note("token ops", "unmute", "sip:alice@example.org", "done");
    }
    List<AuditLine> seals = read().seals();
    assertThat(seals).as("sealed once, since nothing was noted between").hasSize(1);
    assertThat(Seal.isGenuine(seals.getFirst(), kms)).isTrue();

    Files.delete(file);
    try (AuditLog forged = AuditLog.open(file, Clock.systemUTC())) {
      forged.note("token ops", "mute", "sip:bob@example.org", "done");
      forged.seal(signer(GATEWAY, EVE));
    }
    assertThat(read().isUnaltered()).as("the hashes fit").isTrue();
    assertThat(Seal.isGenuine(read().seals().getFirst(), kms)).isFalse();
    AuditLine moved =
        new AuditLine(
            9,
            seals.getFirst().at(),
            "log",
            "seal",
            seals.getFirst().target(),
            seals.getFirst().outcome(),
            seals.getFirst().prev());
    assertThat(Seal.isGenuine(moved, kms)).isFalse();
  }

  @Test
  void aFileThatOnlyLooksLikeALogIsNoLog() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "not a log\n", StandardOpenOption.CREATE);

    write(1);

    assertThat(Files.readString(folder.resolve("audit/audit.log.1"))).isEqualTo("not a log\n");
    assertThat(AuditReader.read(List.of(file)).isUnaltered()).isTrue();
  }
}
