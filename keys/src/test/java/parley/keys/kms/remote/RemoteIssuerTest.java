package parley.keys.kms.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestVault;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.Issuer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.secret.SecretBytes;

/// The issuer in a process of its own issues as it would in this one, and lets nobody else ask
/// (threats, row 32).
class RemoteIssuerTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Identity ALICE = new Identity("sip:alice@example.org");

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private TestVault vault;
  private KmsIssuer kms;
  private Path socket;

  @BeforeEach
  void open() throws Exception {
    vault = new TestVault(directory, "vault");
    kms = KmsIssuer.create(KmsSettings.monthly("kms.example.org"), vault.vault(), Secrets.RANDOM);
    socket = directory.resolve("issuer.sock");
  }

  @AfterEach
  void close() {
    kms.close();
    vault.close();
  }

  /// 200 key sets: the same here, over the socket, and after both have been started again.
  @Test
  void issuesTheSameAlsoAfterARestart() throws Exception {
    List<SecretBytes> here = issueMany(kms.at(clock));
    RemoteIssuer remote;
    try (IssuerServer _ = start()) {
      remote = RemoteIssuer.connect(socket, SocketPeers.own());
      assertThat(remote.certificate()).isEqualTo(kms.certificate());
      assertThat(issueMany(remote)).isEqualTo(here);
    }
    kms.close();
    kms = KmsIssuer.open(vault.reopen());
    try (IssuerServer _ = start()) {
      assertThat(issueMany(remote)).as("reconnects").isEqualTo(here);
    }
    remote.close();
  }

  private List<SecretBytes> issueMany(Issuer issuer) throws Exception {
    KeyPeriod present = kms.certificate().periodAt(NOW);
    List<Callable<SecretBytes>> questions = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Identity who = new Identity("sip:ue" + i / 2 + "@example.org");
      KeyPeriod period = i % 3 == 0 ? kms.certificate().next(present) : present;
      String device = "device-" + i % 2;
      questions.add(() -> {
        try (MemberKeys keys = issuer.issue(who, period, device)) {
          return keys.encode();
        }
      });
    }
    List<SecretBytes> issued = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<SecretBytes> one : threads.invokeAll(questions)) {
        issued.add(one.get());
      }
    }
    return issued;
  }

  @Test
  void keepsToItsOwnClock() throws Exception {
    try (IssuerServer _ = start();
        RemoteIssuer remote = RemoteIssuer.connect(socket, SocketPeers.own())) {
      KeyPeriod present = kms.certificate().periodAt(NOW);
      KeyPeriod afterNext = kms.certificate().next(kms.certificate().next(present));
      assertThatThrownBy(() -> remote.issue(ALICE, afterNext, "phone"))
          .isInstanceOf(IssueRefused.class)
          .hasMessageContaining("ask for period");
      assertThatThrownBy(() -> remote.issue(ALICE, present, ""))
          .isInstanceOf(IssueRefused.class)
          .hasMessageContaining("a device id has 1 to 128 octets");
      clock.set(present.until());
      remote.issue(ALICE, afterNext, "phone").close();
      assertThatThrownBy(() -> remote.issue(ALICE, present, "phone"))
          .isInstanceOf(IssueRefused.class);
    }
  }

  @Test
  void isItsOwnersAlone() throws Exception {
    try (IssuerServer _ = start()) {
      assertThat(permissions()).isEqualTo("rw-------");
    }
    assertThat(socket).doesNotExist();
    SocketPeers others = new SocketPeers(Set.of("somebody-else"));
    try (IssuerServer _ = IssuerServer.start(socket, kms, clock, others)) {
      assertThat(permissions()).isEqualTo("rw-rw----");
      assertThatThrownBy(() -> RemoteIssuer.connect(socket, SocketPeers.own()))
          .as("the server does not know us")
          .isInstanceOf(IssuerUnreachable.class);
      assertThatThrownBy(() -> RemoteIssuer.connect(socket, others))
          .as("we do not know the server")
          .isInstanceOf(IssuerUnreachable.class)
          .hasMessageContaining("it was opened by user");
    }
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(socket));
  }

  @Test
  void answersNothingOdd() throws Exception {
    byte[] good = IssuerWire.issue(ALICE, 24322, "phone");
    try (IssuerServer _ = start()) {
      for (int length = 1; length < good.length; length++) {
        refuses(Arrays.copyOf(good, length));
      }
      refuses(Arrays.copyOf(good, good.length + 1));
      refuses(new byte[] {1, 3});
      refuses(new byte[] {2, 1});
      refuses(new byte[] {1, 1, 0});
      byte[] notCanonical = good.clone();
      notCanonical[12] = 'S';
      refuses(notCanonical);
      byte[] notUtf8 = good.clone();
      notUtf8[good.length - 1] = (byte) 0xFF;
      refuses(notUtf8);
    }
  }

  private void refuses(byte[] question) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      Frame.send(channel, question.clone());
      assertThat(Frame.receive(channel)).containsExactly(IssuerWire.ODD);
      assertThat(Frame.receive(channel)).as("and closes").isNull();
    }
  }

  @Test
  void closesOnFramesThatAreNone() throws Exception {
    try (IssuerServer _ = start()) {
      for (int length : new int[] {0, -1, Integer.MIN_VALUE, Frame.MOST_OCTETS + 1}) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
          int written = channel.write(ByteBuffer.allocate(4).putInt(length).flip());
          assertThat(written).isEqualTo(4);
          assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void saysThatItIsNotThere() throws Exception {
    assertThatThrownBy(() -> RemoteIssuer.connect(socket, SocketPeers.own()))
        .isInstanceOf(IssuerUnreachable.class)
        .hasMessageContaining("the issuer at " + socket + " does not answer");
    RemoteIssuer remote;
    try (IssuerServer _ = start()) {
      remote = RemoteIssuer.connect(socket, SocketPeers.own());
      assertThatThrownBy(this::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("an issuer serves");
    }
    KeyPeriod present = kms.certificate().periodAt(NOW);
    assertThatThrownBy(() -> remote.issue(ALICE, present, "phone"))
        .isInstanceOf(IssuerUnreachable.class);
    remote.close();
  }

  @Test
  void noticesAnotherKmsInItsPlace() throws Exception {
    RemoteIssuer remote;
    try (IssuerServer _ = start()) {
      remote = RemoteIssuer.connect(socket, SocketPeers.own());
    }
    try (TestVault otherVault = new TestVault(directory, "other");
        KmsIssuer other =
            KmsIssuer.create(
                KmsSettings.monthly("kms.example.org"), otherVault.vault(), Secrets.RANDOM);
        IssuerServer _ = IssuerServer.start(socket, other, clock, SocketPeers.own())) {
      KeyPeriod present = kms.certificate().periodAt(NOW);
      assertThatThrownBy(() -> remote.issue(ALICE, present, "phone"))
          .isInstanceOf(IssuerUnreachable.class)
          .hasMessageContaining("it holds another KMS than before");
    }
    remote.close();
  }

  @Test
  void takesThePlaceOfOneThatWasKilled() throws Exception {
    try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
    try (IssuerServer _ = start()) {
      RemoteIssuer.connect(socket, SocketPeers.own()).close();
    }
  }

  private IssuerServer start() throws IOException {
    return IssuerServer.start(socket, kms, clock, SocketPeers.own());
  }
}
