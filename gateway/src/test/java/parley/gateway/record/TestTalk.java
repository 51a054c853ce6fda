package parley.gateway.record;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.StreamKeys;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.eccsi.EccsiMasterKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.Admission;
import parley.mikey.group.AnnouncementGate;
import parley.mikey.group.AnnouncementVerifier;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GateRules;
import parley.mikey.group.GmkBook;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.group.ReplayCache;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.prf.MikeyKeys;
import parley.mikey.prf.MikeyPrf;
import parley.mikey.sakke.SakkeMasterKey;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.MasterKey;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpProfile;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;

/// A talker with real keys whose burst a test sends straight into a recorder.
final class TestTalk {
  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(START);
  static final Identity ALICE = new Identity("sip:alice@example.org");
  static final Identity GROUP = new Identity("sip:fire-ops@example.org");
  static final Identity GATEWAY = new Identity("sip:gpe1@example.org");
  static final int SSRC = 0xD00DFEED;
  private static final String KMS = "kms.example.org";
  private static final long FIRST_INDEX = (3L << 16) + 65_500;
  private static final SecureRandom RANDOM = new SecureRandom();
  static final CipherEngine ENGINE = CipherEngines.jce();
  private static final EccsiMasterKey KSAK = EccsiMasterKey.generate(RANDOM);
  private static final KmsCertificate CERTIFICATE = certificate();

  final Burst burst;
  final byte[] announcement;
  private final GskAnnouncement announced;
  private final SrtpTransform transform = new SrtpTransform(ENGINE, 1);
  private final List<SrtpContext> senders = new ArrayList<>();
  private final List<SrtcpContext> rtcpSenders = new ArrayList<>();
  private final PacketBatch clear = PacketBatch.allocate(1, 4096);
  private final PacketBatch plain = PacketBatch.allocate(1, 4096);

  TestTalk(RecordingKey key, int streams) throws Exception {
    this(key, streams, new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false));
  }

  TestTalk(RecordingKey key, int streams, MediaPolicy policy) throws Exception {
    var sessions = new ArrayList<CryptoSession>();
    for (int i = 0; i < streams; i++) {
      sessions.add(CryptoSession.of(CryptoSession.FIRST_CS_ID + i, SSRC + i, FIRST_INDEX));
    }
    // its period is over when the export happens
    var gmk =
        GroupMasterKey.of(
            GROUP,
            0x00C0FFEE,
            SecretBytes.random(16, RANDOM, "GMK"),
            NtpTimestamp.of(START.minusSeconds(60)),
            START.minusSeconds(60),
            START.plusSeconds(1),
            false);
    announced =
        GskAnnouncement.prepare(
            ALICE,
            GROUP,
            KMS,
            policy,
            sessions,
            null,
            gmk,
            GroupSessionKey.generate(RANDOM),
            RANDOM);
    announcement = announced.seal(NtpTimestamp.of(START), sessions, signer(), RANDOM);
    burst = burst(key, gmk, policy);
  }

  private Burst burst(RecordingKey key, GroupMasterKey gmk, MediaPolicy policy) {
    var book = new GmkBook();
    book.add(gmk);
    var rules = GateRules.of(GROUP, Set.of(policy), null, START.minusSeconds(30));
    var gate = new AnnouncementGate(rules, book, ReplayCache.of(16, Duration.ofMinutes(1)), CLOCK);
    var admitted = (Admission.Admitted) gate.admit(announcement);
    var verifier = new AnnouncementVerifier(new EccsiVerifier(4), CLOCK);
    var outcome = verifier.verify(admitted, uri -> uri.equals(KMS) ? CERTIFICATE : null);
    var verified = ((AnnouncementVerifier.Outcome.Verified) outcome).announcement();
    var srtp = new SrtpPolicy(SrtpProfile.valueOf(policy.suite().name()), policy.rccm3(), 4);
    var keys = new ArrayList<StreamKeys>();
    for (CryptoSession session : announced.sessions()) {
      keys.add(
          new StreamKeys(
              session.ssrc(), session.csId(), session(srtp, session.csId()), FIRST_INDEX));
      SrtpSession sending = session(srtp, session.csId());
      senders.add(SrtpContext.rekeyingSender(sending, session.ssrc()));
      rtcpSenders.add(SrtcpContext.sender(sending, session.ssrc()));
    }
    return Burst.of(verified, srtp, keys, key.wrap(verified.gsk().key()), key.keyId(), START);
  }

  private SrtpSession session(SrtpPolicy policy, int csId) {
    SrtpProfile profile = policy.profile();
    byte[] mki = ByteBuffer.allocate(4).putInt(announced.gsk().gskId()).array();
    return announced
        .gsk()
        .key()
        .lend(
            SecretAccess.token(),
            gsk ->
                SrtpSession.of(
                    policy,
                    MasterKey.of(
                        profile,
                        MikeyKeys.tek(
                            MikeyPrf.HMAC_SHA_256,
                            gsk,
                            csId,
                            announced.csbId(),
                            announced.rand(),
                            profile.masterKeyOctets()),
                        MikeyKeys.salt(
                            MikeyPrf.HMAC_SHA_256,
                            gsk,
                            csId,
                            announced.csbId(),
                            announced.rand(),
                            profile.masterSaltOctets()),
                        mki),
                    ENGINE));
  }

  /// One sealed packet and when it is received.
  @SuppressWarnings("ArrayRecordComponent")
  record Sealed(int stream, byte[] octets, long index, long nanos, boolean isRtcp) {}

  /// Seals the next packet of a stream; `number` counts from 0 and becomes the sequence number.
  Sealed rtp(int stream, long number, int payloadType, int timestamp, byte[] payload, long nanos) {
    long index = FIRST_INDEX + number;
    clear.clear();
    int slot = clear.add(RtpPacket.FIXED_HEADER_OCTETS + payload.length);
    int at = clear.offset(slot);
    RtpPacket.writeHeader(
        clear.memory(),
        at,
        number == 0,
        payloadType,
        (int) index & 0xFFFF,
        timestamp,
        SSRC + stream);
    clear.buffer().put(at + RtpPacket.FIXED_HEADER_OCTETS, payload);
    clear.context(slot, senders.get(stream));
    clear.packetIndex(slot, index);
    transform.protect(clear, clear);
    return new Sealed(stream, clear.octets(slot), index, nanos, false);
  }

  /// Seals a BYE.
  Sealed bye(int stream, long nanos) {
    clear.clear();
    int slot = clear.add(8);
    clear
        .buffer()
        .putInt(clear.offset(slot), 0x81CB0001)
        .putInt(clear.offset(slot) + 4, SSRC + stream);
    clear.context(slot, rtcpSenders.get(stream));
    transform.protect(clear, clear);
    return new Sealed(stream, clear.octets(slot), 0, nanos, true);
  }

  void start(Recorder recorder) {
    recorder.burstStarted(burst);
    recorder.announcement(burst, announcement, nanos(0));
  }

  void give(Recorder recorder, Sealed packet) {
    clear.clear();
    plain.clear();
    int slot = clear.add(packet.octets());
    plain.add(packet.octets());
    plain.packetIndex(slot, packet.index());
    var stream = burst.streams().get(packet.stream());
    if (packet.isRtcp()) {
      recorder.rtcp(burst, stream, clear, plain, slot, packet.nanos());
    } else {
      recorder.packet(burst, stream, clear, plain, slot, packet.nanos());
    }
  }

  void end(Recorder recorder) {
    recorder.burstEnded(burst, BurstEnd.BYE);
  }

  /// Records these packets from start to end and returns the file.
  Path record(Path directory, PayloadTypes types, List<Sealed> packets) throws Exception {
    var settings = RecorderSettings.defaults().withPayloadTypes(types);
    try (var recorder = new Recorder(directory, GATEWAY, settings, CLOCK, RecorderEvents.none())) {
      start(recorder);
      packets.forEach(packet -> give(recorder, packet));
      end(recorder);
    }
    List<Path> files = RecordingDirectory.list(directory);
    return files.getLast();
  }

  /// Milliseconds after the start as Unix nanoseconds.
  static long nanos(long millis) {
    return BurstFeed.nanos(START) + millis * 1_000_000;
  }

  static byte[] payload(int number, int octets) {
    var payload = new byte[octets];
    Arrays.fill(payload, (byte) number);
    return payload;
  }

  /// A new vault below `directory`.
  static Vault vault(Path directory) throws Exception {
    Path keyFile = directory.resolve("key");
    if (!Files.exists(keyFile)) {
      Files.write(keyFile, new byte[32]);
    }
    return openOrCreate(directory.resolve("vault"), VaultKey.keyFile(keyFile));
  }

  private static Vault openOrCreate(Path file, VaultKey key) throws VaultException {
    return Files.exists(file) ? Vault.open(file, key) : Vault.create(file, key);
  }

  private static EccsiSigner signer() throws Exception {
    byte[] id = CERTIFICATE.identifier(ALICE, NtpTimestamp.of(START));
    var user = KSAK.issue(id, new byte[] {1});
    return EccsiSigner.of(KSAK.publicKey(), id, user.ssk(), user.pvt());
  }

  private static KmsCertificate certificate() {
    return KmsCertificate.of(
        KMS,
        UserIdFormat.RFC_6509,
        2_592_000,
        0,
        KSAK.publicKey(),
        SakkeMasterKey.generate(RANDOM).publicKey());
  }
}
