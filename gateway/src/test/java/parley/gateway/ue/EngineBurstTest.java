package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.CryptoContext;
import parley.srtp.MasterKey;
import parley.srtp.PacketBatch;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// A media engine of somebody else, played here by nothing but what its environment tells it.
class EngineBurstTest {
  private static final MediaPolicy CM = new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);

  @TempDir Path directory;
  private final BlockingQueue<HeardBurst> begun = new LinkedBlockingQueue<>();
  private final BlockingQueue<HeardBurst> ended = new LinkedBlockingQueue<>();
  private UeWorld world;
  private NetworkInterface loopback;
  private Leg leg;
  private WireReceiver wire;

  @BeforeEach
  void open() throws Exception {
    world = new UeWorld(directory);
    loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    try (WireReceiver port = WireReceiver.unicast()) {
      var group = new InetSocketAddress("239.192.44.8", port.address().getPort());
      leg = Leg.multicast(group, loopback.getName(), 1);
    }
    wire = WireReceiver.multicast(leg.address(), loopback);
  }

  @AfterEach
  void close() throws Exception {
    wire.close();
    world.close();
  }

  @Test
  void packetsUnderTheAnnouncedKeysAreHeardAndTheBurstEndsByBye() throws Exception {
    for (MediaPolicy policy : MediaPolicy.ALL) {
      if (policy.rccm3()) {
        continue; // no engine writes the ROC into its packets
      }
      try (Listener _ = listener(leg);
          EngineBurst burst = burst(policy, true)) {
        burst.announce().join();
        Engine engine = new Engine(burst.environment().take());
        assertThat(begun.poll(20, TimeUnit.SECONDS)).isNotNull();
        for (int n = 0; n < 5; n++) {
          send(engine.packet());
        }
        send(engine.report()); // SRTCP index 0 of the engine's own key
        burst.end().join();
        HeardBurst heard = ended.poll(20, TimeUnit.SECONDS);
        assertThat(heard).isNotNull();
        assertThat(heard.end()).isEqualTo(BurstEnd.BYE);
        assertThat(heard.speech().packets()).isEqualTo(5);
        assertThat(heard.speech().missing()).isZero();
      }
    }
  }

  @Test
  void withoutAnMkiItIsHeardWhereAnMkiIsOptional() throws Exception {
    try (Listener _ = listener(leg.withMkiOptional());
        EngineBurst burst = burst(CM, false)) {
      burst.announce().join();
      Map<String, String> environment = burst.environment().take();
      assertThat(environment).doesNotContainKey("PARLEY_MKI");
      Engine engine = new Engine(environment);
      assertThat(begun.poll(20, TimeUnit.SECONDS)).isNotNull();
      send(engine.packet());
      burst.end().join();
      HeardBurst heard = ended.poll(20, TimeUnit.SECONDS);
      assertThat(heard).isNotNull();
      assertThat(heard.end()).isEqualTo(BurstEnd.BYE);
      assertThat(heard.speech().packets()).isEqualTo(1);
    }
  }

  /// More than 2^15 packets after the start, where the first map would mislead.
  @Test
  void whoComesLateHearsItWhereverTheEngineIsByThen() throws Exception {
    try (EngineBurst burst = burst(CM, true)) {
      burst.announce().join();
      Engine engine = new Engine(burst.environment().take()).skip(45_000);
      try (Listener _ = listener(leg)) {
        assertThat(begun.poll(20, TimeUnit.SECONDS)).isNotNull();
        send(engine.packet());
        burst.end().join();
        HeardBurst heard = ended.poll(20, TimeUnit.SECONDS);
        assertThat(heard).isNotNull();
        assertThat(heard.speech().packets()).isEqualTo(1);
      }
    }
  }

  /// Two keys of one announcement, so that no SRTCP index is used twice under one of them.
  @Test
  void theByeIsUnderAnotherKeyThanTheEngines() throws Exception {
    try (EngineBurst burst = burst(CM, true)) {
      burst.announce().join();
      Engine engine = new Engine(burst.environment().take());
      burst.end().join();
      byte[] bye = wire.receiveUntil(octets -> octets[0] != 1).getLast();
      int ssrc = ByteBuffer.wrap(bye).getInt(4);
      assertThat(ssrc).isNotEqualTo(engine.ssrc);
      assertThat(engine.opensRtcp(bye, ssrc)).isEqualTo(Verdict.BAD_TAG);
      assertThat(engine.opensRtcp(engine.report(), engine.ssrc)).isEqualTo(Verdict.ACCEPTED);
    }
  }

  @Test
  void onlyTheFirstAnnouncementStatesASequenceNumber() throws Exception {
    try (EngineBurst burst = burst(CM, true)) {
      burst.announce().join();
      Map<String, String> environment = burst.environment().take();
      List<byte[]> messages = wire.receiveUntil(_ -> true);
      messages.addAll(wire.receiveUntil(_ -> true));
      var first = UnverifiedAnnouncement.read(messages.getFirst());
      var repeat = UnverifiedAnnouncement.read(messages.getLast());
      assertThat(first.sessions().getFirst().nextIndex())
          .isEqualTo(Long.parseLong(environment.get("PARLEY_SEQ")));
      assertThat(repeat.csbId()).isEqualTo(first.csbId());
      assertThat(repeat.sessions()).noneMatch(cs -> cs.indexKnown());
    }
  }

  @Test
  void theKeysAreGivenOutOnceAndNeverShown() throws Exception {
    try (EngineBurst burst = burst(CM, true)) {
      EngineEnvironment environment = burst.environment();
      Map<String, String> all = environment.take();
      assertThatThrownBy(environment::take).isInstanceOf(IllegalStateException.class);
      for (String name : all.keySet()) {
        if (name.contains("KEY") || name.contains("SALT")) {
          assertThat(environment + "" + environment.withoutKeys()).doesNotContain(all.get(name));
        }
      }
      assertThat(environment.withoutKeys()).containsEntry("PARLEY_SSRC", all.get("PARLEY_SSRC"));
    }
  }

  @Test
  void noTwoBurstsShareAKey() throws Exception {
    try (EngineBurst one = burst(CM, true);
        EngineBurst other = burst(CM, true)) {
      assertThat(one.environment().take().get("PARLEY_SRTP_KEY"))
          .isNotEqualTo(other.environment().take().get("PARLEY_SRTP_KEY"));
    }
  }

  private EngineBurst burst(MediaPolicy policy, boolean withMki) throws Exception {
    return EngineBurst.open(
        world.member(UeWorld.ALICE),
        new EngineBurstSettings(
            UeWorld.GROUP, leg, leg.address(), policy, withMki, null, null, true, null),
        world.transport,
        CipherEngines.jce(),
        world.clock,
        world.random);
  }

  private Listener listener(Leg listen) throws Exception {
    return Listener.open(
        world.member(UeWorld.BOB),
        new ListenerSettings(UeWorld.GROUP, List.of(listen), MediaPolicy.ALL, null),
        world.transport,
        CipherEngines.jce(),
        world.clock,
        world.random,
        new Ear() {
          @Override
          public void begins(HeardBurst burst) {
            begun.add(burst);
          }

          @Override
          public void ended(HeardBurst burst) {
            ended.add(burst);
          }
        });
  }

  private void send(byte[] packet) throws Exception {
    try (var channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
      channel.send(ByteBuffer.wrap(packet), leg.address());
    }
  }

  /// SRTP by our own library, but from the variables alone.
  private static final class Engine {
    private static final CipherEngine ENGINE = CipherEngines.jce();

    private final SrtpSession session;
    private final int ssrc;
    private int seq;
    private SrtpContext rtp;
    private final SrtcpContext rtcp;
    private final SrtpTransform transform = new SrtpTransform(ENGINE, 1);

    Engine(Map<String, String> environment) {
      String mki = environment.getOrDefault("PARLEY_MKI", "");
      SrtpProfile profile = SrtpProfile.valueOf(environment.getOrDefault("PARLEY_PROFILE", ""));
      try (MasterKey key =
          MasterKey.of(
              profile,
              octets(environment.getOrDefault("PARLEY_SRTP_KEY", "")),
              octets(environment.getOrDefault("PARLEY_SRTP_SALT", "")),
              octets(mki))) {
        session = SrtpSession.of(new SrtpPolicy(profile, false, mki.length() / 2), key, ENGINE);
      }
      ssrc = Integer.parseUnsignedInt(environment.getOrDefault("PARLEY_SSRC", ""));
      seq = Integer.parseInt(environment.getOrDefault("PARLEY_SEQ", ""));
      rtp = SrtpContext.sender(session, ssrc, seq);
      rtcp = SrtcpContext.sender(session, ssrc);
    }

    private static byte[] octets(String hex) {
      return HexFormat.of().parseHex(hex);
    }

    Engine skip(int packets) {
      seq += packets;
      rtp = SrtpContext.sender(session, ssrc, seq);
      return this;
    }

    byte[] packet() {
      ByteBuffer plain = ByteBuffer.allocate(32);
      plain.put((byte) 0x80).put((byte) 0).putShort((short) seq).putInt(seq * 160).putInt(ssrc);
      seq++;
      return run(plain.array(), rtp, true).octets(0);
    }

    byte[] report() {
      ByteBuffer plain = ByteBuffer.allocate(8).putInt(0x80c9_0001).putInt(ssrc);
      return run(plain.array(), rtcp, true).octets(0);
    }

    Verdict opensRtcp(byte[] packet, int sender) {
      return run(packet, SrtcpContext.receiver(session, sender), false).verdict(0);
    }

    private PacketBatch run(byte[] octets, CryptoContext context, boolean protect) {
      PacketBatch batch = PacketBatch.allocate(1, 1536);
      batch.context(batch.add(octets), context);
      if (protect) {
        transform.protect(batch, batch);
      } else {
        transform.unprotect(batch, batch);
      }
      return batch;
    }
  }
}
