package parley.mikey.sample;

import java.util.ArrayList;
import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.KeyTransport;
import parley.mikey.group.TransportedKey;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.MalformedMessage;

/// Messages that bring a key under an identity: a GMK with its receipt, a PCK, a CSK.
final class KeySamples {
  private final SampleWorld world;

  KeySamples(SampleWorld world) {
    this.world = world;
  }

  List<Sample> all() {
    var samples = new ArrayList<Sample>();
    try (GroupMasterKey gmk = world.gmk()) {
      Sample distribution = distribution(gmk);
      samples.add(distribution);
      samples.add(receipt(distribution, gmk));
    }
    if (world.kms().userIdFormat() == UserIdFormat.TS_33180) {
      samples.add(transport("pck", SampleWorld.PCK_ID, SampleWorld.PCK, SampleWorld.BOB));
      samples.add(transport("csk", SampleWorld.CSK_ID, SampleWorld.CSK, SampleWorld.SERVER));
    }
    return samples;
  }

  private Sample distribution(GroupMasterKey gmk) {
    String name = "gmk-" + world.suffix();
    var random = new SampleRandom(name);
    try (EccsiSigner signer = world.signer(SampleWorld.GROUP)) {
      byte[] message =
          GmkDistribution.seal(
              GmkOffer.of(SampleWorld.BOB, gmk), signer, world.kms(), gmk.issued(), random);
      return Facts.of(name, "GMK distribution (I_MESSAGE), signed as the group")
          .with("initiator", SampleWorld.GROUP.uri())
          .with("responder", SampleWorld.BOB.uri())
          .with("kms", world.kms().kmsUri())
          .t(gmk.issued())
          .id("csbId", gmk.csbIdFor(SampleWorld.BOB))
          .id("keyId", gmk.gmkId())
          .with("key", SampleWorld.GMK)
          .with("activation", gmk.activation().toString())
          .with("expiry", gmk.expiry().toString())
          .sample(message, random.given());
    }
  }

  private Sample receipt(Sample distribution, GroupMasterKey gmk) {
    try {
      var received = UnverifiedGmkDistribution.read(distribution.message().bytes());
      return Facts.of(
              "gmk-receipt-" + world.suffix(), "a member's receipt of " + distribution.name())
          .with("responder", SampleWorld.BOB.uri())
          .t(received.timestamp())
          .id("csbId", received.csbId())
          .id("keyId", gmk.gmkId())
          .with("key", SampleWorld.GMK)
          .sample(GmkReceipt.seal(received, gmk), List.of());
    } catch (MalformedMessage e) {
      throw new IllegalStateException("our own message", e);
    }
  }

  private Sample transport(String kind, int id, String key, Identity responder) {
    String name = kind + "-" + world.suffix();
    var random = new SampleRandom(name);
    try (EccsiSigner signer = world.signer(SampleWorld.ALICE);
        TransportedKey transported =
            TransportedKey.of(
                id,
                SampleWorld.secret(key),
                SampleWorld.t(1),
                SampleWorld.ACTIVATION,
                SampleWorld.EXPIRY)) {
      byte[] message =
          KeyTransport.seal(transported, SampleWorld.ALICE, responder, signer, world.kms(), random);
      return Facts.of(name, transported.purpose() + " (I_MESSAGE of TS 33.180)")
          .with("initiator", SampleWorld.ALICE.uri())
          .with("responder", responder.uri())
          .with("kms", world.kms().kmsUri())
          .t(transported.issued())
          .id("csbId", id)
          .id("keyId", id)
          .with("key", key)
          .with("activation", transported.activation().toString())
          .with("expiry", transported.expiry().toString())
          .sample(message, random.given());
    }
  }
}
