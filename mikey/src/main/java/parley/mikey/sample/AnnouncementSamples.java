package parley.mikey.sample;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.AnnouncementProfile;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.MediaSuite;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.prf.MikeyKeys;

/// Announcements of bursts, each with the SRTP master keys and salts that follow from it.
final class AnnouncementSamples {
  private static final MediaPolicy DEFAULT = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
  private static final CryptoSession AUDIO = CryptoSession.of(4, 0xcafe_0001, 0x2_1234L);
  private static final CryptoSession VIDEO = CryptoSession.of(5, 0xcafe_0002, 0xfffeL);
  private static final int PACKETS_LATER = 0x1_0000;

  private final SampleWorld world;
  private final HexFormat hex = HexFormat.of();

  /// One kind of burst.
  private record Burst(
      String name,
      String kind,
      Identity talker,
      MediaPolicy policy,
      List<CryptoSession> streams,
      @Nullable BridgeOrigin origin) {}

  AnnouncementSamples(SampleWorld world) {
    this.world = world;
  }

  List<Sample> all() {
    var origin =
        new BridgeOrigin(
            SampleWorld.ALICE, SampleWorld.ORIGIN_GROUP, 0x0bad_cafe, List.of(SampleWorld.GATEWAY));
    var samples = new ArrayList<Sample>();
    samples.addAll(burst(ofAlice("", "the default policy", DEFAULT, AUDIO), true));
    var rccm3 = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, true);
    samples.addAll(burst(ofAlice("-rccm3", "the ROC in every packet", rccm3, AUDIO), false));
    var gcm256 = new MediaPolicy(MediaSuite.AEAD_AES_256_GCM, false);
    samples.addAll(burst(ofAlice("-gcm256", "AEAD_AES_256_GCM", gcm256, AUDIO), false));
    var hmac = new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false);
    samples.addAll(burst(ofAlice("-cm-sha1", "AES_CM_128_HMAC_SHA1_80", hmac, AUDIO), false));
    samples.addAll(burst(ofAlice("-two-streams", "audio and video", DEFAULT, AUDIO, VIDEO), false));
    samples.addAll(
        burst(
            new Burst(
                "-bridged",
                "a gateway's word for a talker of another group",
                SampleWorld.GATEWAY,
                DEFAULT,
                List.of(AUDIO),
                origin),
            false));
    return samples;
  }

  private static Burst ofAlice(
      String name, String kind, MediaPolicy policy, CryptoSession... streams) {
    return new Burst(name, kind, SampleWorld.ALICE, policy, List.of(streams), null);
  }

  private List<Sample> burst(Burst burst, boolean isRepeated) {
    String name = "announcement" + burst.name() + "-" + world.suffix();
    var random = new SampleRandom(name);
    try (GroupMasterKey gmk = world.gmk();
        EccsiSigner signer = world.signer(burst.talker());
        GskAnnouncement announcement =
            GskAnnouncement.prepare(
                burst.talker(),
                SampleWorld.GROUP,
                world.kms().kmsUri(),
                burst.policy(),
                burst.streams(),
                burst.origin(),
                gmk,
                SampleWorld.gsk(),
                random)) {
      var samples = new ArrayList<Sample>();
      NtpTimestamp t = SampleWorld.t(2);
      byte[] first = announcement.seal(t, burst.streams(), signer, random);
      String kind = "GSK announcement: " + burst.kind();
      samples.add(
          facts(name, kind, burst, announcement, t, burst.streams()).sample(first, random.given()));
      if (isRepeated) {
        NtpTimestamp later = SampleWorld.t(4);
        List<CryptoSession> now =
            burst.streams().stream().map(one -> one.at(one.nextIndex() + PACKETS_LATER)).toList();
        byte[] again = announcement.seal(later, now, signer, random);
        samples.add(
            facts("repeat-" + world.suffix(), "repeat of " + name, burst, announcement, later, now)
                .sample(again, random.given()));
      }
      return samples;
    }
  }

  private Facts facts(
      String name,
      String kind,
      Burst burst,
      GskAnnouncement announcement,
      NtpTimestamp t,
      List<CryptoSession> streams) {
    Facts facts =
        Facts.of(name, kind)
            .with("talker", burst.talker().uri())
            .with("group", SampleWorld.GROUP.uri())
            .with("kms", world.kms().kmsUri())
            .t(t)
            .id("csbId", announcement.csbId())
            .octets("RAND", announcement.rand())
            .id("gmkId", SampleWorld.GMK_ID)
            .with("gmk", SampleWorld.GMK)
            .id("gskId", SampleWorld.GSK_ID)
            .with("gsk", SampleWorld.GSK)
            .with("policy", burst.policy().toString());
    if (burst.origin() != null) {
      facts
          .with("originTalker", burst.origin().talker().uri())
          .with("originGroup", burst.origin().group().uri())
          .id("originCsbId", burst.origin().csbId())
          .with("path", burst.origin().path().stream().map(Identity::uri).toList());
    }
    return facts.with(
        "streams", streams.stream().map(one -> stream(one, burst, announcement)).toList());
  }

  private Map<String, Object> stream(
      CryptoSession stream, Burst burst, GskAnnouncement announcement) {
    MediaSuite suite = burst.policy().suite();
    byte[] gsk = hex.parseHex(SampleWorld.GSK);
    var prf = AnnouncementProfile.GROUP_CALL.prf();
    int csbId = announcement.csbId();
    byte[] rand = announcement.rand();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("csId", stream.csId());
    facts.put("ssrc", hex.toHexDigits(stream.ssrc()));
    facts.put("roc", stream.roc());
    facts.put("seq", stream.seq());
    facts.put("mki", hex.toHexDigits(SampleWorld.GSK_ID));
    facts.put(
        "srtpMasterKey",
        hex.formatHex(
            MikeyKeys.tek(prf, gsk, stream.csId(), csbId, rand, suite.masterKeyOctets())));
    facts.put(
        "srtpMasterSalt",
        hex.formatHex(
            MikeyKeys.salt(prf, gsk, stream.csId(), csbId, rand, suite.masterSaltOctets())));
    return facts;
  }
}
