package parley.gateway.keying;

import java.util.ArrayList;
import java.util.List;
import parley.gateway.media.Burst;
import parley.gateway.media.StreamKeys;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.VerifiedAnnouncement;
import parley.srtp.SrtpSession;

/// Makes the media's burst of a verified announcement: SRTP keys for every stream of the signed
/// map, and the GSK wrapped for the recorder. On the pool.
final class BurstMaker {
  private final KeyingServices services;

  BurstMaker(KeyingServices services) {
    this.services = services;
  }

  Burst make(VerifiedAnnouncement a) {
    int mkiOctets = SrtpKeying.mkiOctets(a);
    List<StreamKeys> streams = new ArrayList<>();
    for (CryptoSession cs : a.sessions()) {
      long next = cs.indexKnown() ? cs.nextIndex() : -1;
      streams.add(new StreamKeys(cs.ssrc(), cs.csId(), session(a, cs, mkiOctets), next));
    }
    return Burst.of(
        a,
        SrtpKeying.policyOf(SrtpKeying.policy(a), mkiOctets),
        streams,
        services.wrapping().wrap(a.gsk().key()),
        services.wrapping().keyId(),
        services.clock().instant());
  }

  SrtpSession session(VerifiedAnnouncement a, CryptoSession cs, int mkiOctets) {
    return SrtpKeying.session(
        SrtpKeying.policy(a),
        mkiOctets,
        a.gsk(),
        cs.csId(),
        a.csbId(),
        a.rand(),
        services.engine());
  }
}
