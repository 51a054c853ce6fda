package parley.keys.gba.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.gba.Fqdn;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.AuthenticationVector;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.naf.NafKeys;
import parley.keys.gba.push.GpiOutcome.Called;
import parley.keys.gba.push.GpiOutcome.Reason;
import parley.keys.gba.push.GpiOutcome.Refused;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.PushInfo;
import parley.keys.gba.zn.ZnClient;
import parley.mikey.identity.Identity;

/// GBA push; row 31 of the threats: copies and forgeries do nothing.
class GpiTest {
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.HTTP_DIGEST);

  @TempDir Path directory;
  private final Usim usim = Subscribers.usim();
  private GbaWorld world;
  private ZnClient zn;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    zn = world.bsf().direct(GbaWorld.KMS);
  }

  @AfterEach
  void close() {
    usim.close();
    world.close();
  }

  private GpiReceiver receiver() {
    return receiver(GbaWorld.KMS);
  }

  private GpiReceiver receiver(Fqdn server) {
    return new GpiReceiver(
        usim, Subscribers.ALICE, new CompactGpi(GbaWorld.BSF), server, world.clock());
  }

  @Test
  void givesBothSidesTheSameKey() throws Exception {
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow();
        NafKey ue = ((Called) receiver().receive(push.gpi())).key()) {
      assertThat(push.gpi().length).isLessThanOrEqualTo(GpiCodec.MOST_OCTETS);
      assertThat(ue.key()).isEqualTo(push.key().key());
      assertThat(ue.tid()).isEqualTo(push.key().tid());
      assertThat(ue.tid().isPushed()).isTrue();
      assertThat(ue.naf()).isEqualTo(NAF);
      assertThat(ue.until()).isEqualTo(push.key().until());
    }
  }

  @Test
  void fitsOneShortMessageOrIsNotMade() throws Exception {
    var codec = new CompactGpi(GbaWorld.BSF);
    var longest = new NafId(new Fqdn("a".repeat(60) + ".x.net"), NAF.ua());
    var longer = new NafId(new Fqdn("a".repeat(61) + ".x.net"), NAF.ua());
    Tid ptid = Tid.pushed(new byte[16], GbaWorld.BSF);
    try (AuthenticationVector vector = world.hss().vector(Subscribers.ALICE).orElseThrow()) {
      assertThat(codec.seal(vector, Subscribers.ALICE, ptid, longest, GbaWorld.NOW)).hasSize(140);
      assertThat(codec.fits(longer)).isFalse();
      assertThatThrownBy(() -> codec.seal(vector, Subscribers.ALICE, ptid, longer, GbaWorld.NOW))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// Row 31.
  @Test
  void doesNothingTwice() throws Exception {
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      GpiReceiver receiver = receiver();
      ((Called) receiver.receive(push.gpi())).key().close();
      assertThat(receiver.receive(push.gpi())).isEqualTo(new Refused(Reason.REPLAYED));
      assertThat(receiver().receive(push.gpi())).isEqualTo(new Refused(Reason.REPLAYED));
    }
  }

  /// Row 31: without K nobody makes one, and what is changed is seen.
  @Test
  void doesNothingThatIsForged() throws Exception {
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      byte[] forged = push.gpi();
      forged[5] ^= 1;
      assertThat(receiver().receive(forged)).isEqualTo(new Refused(Reason.NOT_OF_THE_HOME_NETWORK));
      byte[] random = new byte[120];
      Secrets.RANDOM.nextBytes(random);
      random[0] = 1;
      assertThat(receiver().receive(random)).isEqualTo(new Refused(Reason.NOT_OF_THE_HOME_NETWORK));
    }
    for (int at : List.of(33, 48, 49, 53, 58, 70, -1, -16)) {
      try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
        byte[] altered = push.gpi();
        altered[at < 0 ? altered.length + at : at] ^= 1;
        assertThat(receiver().receive(altered)).isEqualTo(new Refused(Reason.ALTERED));
      }
    }
  }

  /// RAND and AUTN of one push do not carry the rest of another.
  @Test
  void doesNothingThatIsPutTogether() throws Exception {
    try (PushInfo one = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow();
        PushInfo other = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      byte[] mixed = one.gpi();
      System.arraycopy(other.gpi(), 33, mixed, 33, mixed.length - 33);
      assertThat(receiver().receive(mixed)).isEqualTo(new Refused(Reason.ALTERED));
    }
  }

  @Test
  void refusesAnotherForm() throws Exception {
    GpiReceiver receiver = receiver();
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      byte[] good = push.gpi();
      for (int length = 0; length <= 33 + 25 + 16; length++) {
        assertThat(receiver.receive(Arrays.copyOf(good, length)))
            .isEqualTo(new Refused(Reason.MALFORMED));
      }
      assertThat(receiver.receive(Arrays.copyOf(good, 141)))
          .isEqualTo(new Refused(Reason.MALFORMED));
      byte[] version = good.clone();
      version[0] = 2;
      assertThat(receiver.receive(version)).isEqualTo(new Refused(Reason.MALFORMED));
      assertThat(receiver.receive(Arrays.copyOf(good, good.length + 1)))
          .isEqualTo(new Refused(Reason.ALTERED));
    }
  }

  /// Row 31: where the UE connects to is its own configuration.
  @Test
  void leadsToNoOtherServer() throws Exception {
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      assertThat(receiver(GbaWorld.OTHER).receive(push.gpi()))
          .isEqualTo(new Refused(Reason.OTHER_SERVER));
    }
  }

  @Test
  void refusesWhatIsOver() throws Exception {
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      world.clock().set(push.key().until());
      assertThat(receiver().receive(push.gpi())).isEqualTo(new Refused(Reason.EXPIRED));
    }
  }

  /// Row 31: a flood reaches the SIM ten times.
  @Test
  void listensToSoManyAlone() throws Exception {
    GpiReceiver receiver = receiver();
    byte[] random = new byte[120];
    random[0] = 1;
    for (int i = 0; i < 10; i++) {
      assertThat(receiver.receive(random)).isEqualTo(new Refused(Reason.NOT_OF_THE_HOME_NETWORK));
    }
    assertThat(receiver.receive(random)).isEqualTo(new Refused(Reason.TOO_MANY));
    world.clock().pass(Duration.ofSeconds(10));
    assertThat(receiver.receive(random)).isEqualTo(new Refused(Reason.NOT_OF_THE_HOME_NETWORK));
  }

  @Test
  void isForOneSubscriber() throws Exception {
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow()) {
      var other =
          new GpiReceiver(
              usim, "other@home1.net", new CompactGpi(GbaWorld.BSF), GbaWorld.KMS, world.clock());
      assertThat(other.receive(push.gpi())).isEqualTo(new Refused(Reason.ALTERED));
    }
  }

  @Test
  void travelsByUdp() throws Exception {
    try (DatagramSocket ue = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        UdpPush udp = UdpPush.open(who -> address(who, ue));
        NafKeys keys = new NafKeys(GbaWorld.KMS, zn, world.clock(), Secrets.RANDOM)) {
      Tid ptid = new PushNaf(NAF, zn, udp, keys::keep).call(Subscribers.ALICE_PUBLIC).orElseThrow();
      var packet = new DatagramPacket(new byte[1500], 1500);
      ue.setSoTimeout(60_000);
      ue.receive(packet);
      byte[] gpi = Arrays.copyOf(packet.getData(), packet.getLength());
      try (NafKey called = ((Called) receiver().receive(gpi)).key();
          NafKey kept = keys.keyFor(ptid, NAF.ua()).orElseThrow()) {
        assertThat(called.tid()).isEqualTo(ptid);
        assertThat(called.key()).isEqualTo(kept.key());
      }
      assertThatThrownBy(() -> udp.send(new Identity("sip:bob@home1.net"), gpi))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no UDP address of sip:bob@home1.net is known");
    }
  }

  private static Optional<InetSocketAddress> address(Identity who, DatagramSocket ue) {
    return who.equals(Subscribers.ALICE_PUBLIC)
        ? Optional.of((InetSocketAddress) ue.getLocalSocketAddress())
        : Optional.empty();
  }

  @Test
  void travelsAsAFile() throws Exception {
    Path box = Files.createDirectory(directory.resolve("box"));
    var files = new FilePush(box);
    var push = new PushNaf(NAF, zn, files, _ -> {});
    List<Tid> sent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      sent.add(push.call(Subscribers.ALICE_PUBLIC).orElseThrow());
    }
    assertThat(push.call(new Identity("sip:nobody@home1.net"))).isEmpty();
    Files.write(box.resolve("sip%3aalice%40home1.net-99.gpi"), new byte[5000]);
    Files.write(box.resolve("sip%3aalice%40home1.net-x.gpi"), new byte[10]);
    GpiReceiver receiver = receiver();
    List<Tid> received = new ArrayList<>();
    for (byte[] gpi : files.take(Subscribers.ALICE_PUBLIC)) {
      if (receiver.receive(gpi) instanceof Called called) {
        received.add(called.key().tid());
        called.key().close();
      }
    }
    assertThat(received).isEqualTo(sent.subList(0, 10));
    assertThat(files.take(Subscribers.ALICE_PUBLIC)).isEmpty();
  }
}
