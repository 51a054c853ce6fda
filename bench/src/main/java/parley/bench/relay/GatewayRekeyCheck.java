package parley.bench.relay;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.SrtpKeying;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.message.MalformedMessage;
import parley.srtp.CipherEngine;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// Opens what the gateway re-keyed as a member of the other group does, with the key of the
/// gateway's own announcement, and compares timestamp and payload with what was spoken.
final class GatewayRekeyCheck implements OctetCheck {
  private static final int SLOT_OCTETS = 256;
  private static final int TIMESTAMP = 4;
  private static final int SSRC = 8;

  private final RelayKeys keys;
  private final PacketSource spoken;
  private final CipherEngine engine;

  GatewayRekeyCheck(RelayKeys keys, PacketSource spoken, CipherEngine engine) {
    this.keys = keys;
    this.spoken = spoken;
    this.engine = engine;
  }

  @Override
  public @Nullable String fault(byte[] sent, byte[] received, List<byte[]> sample) {
    byte[] announcement = sample.getLast();
    if (announcement[0] != 1) {
      return "the gateway has announced no key";
    }
    try (SrtpSession session = session(UnverifiedAnnouncement.read(announcement))) {
      if (Arrays.equals(sent, received)) {
        return "not re-keyed";
      }
      return fault(session, received);
    } catch (MalformedMessage e) {
      return "the gateway's announcement: " + e.getMessage();
    }
  }

  private SrtpSession session(UnverifiedAnnouncement a) throws MalformedMessage {
    GroupMasterKey gmk = keys.listener().sendingGmk(RelayKeys.JOINT_GROUP).orElseThrow();
    CryptoSession stream = a.sessions().getFirst();
    GroupSessionKey gsk = a.unwrap(gmk);
    return SrtpKeying.session(
        RelayKeys.POLICY, SrtpKeying.MKI_OCTETS, gsk, stream.csId(), a.csbId(), a.rand(), engine);
  }

  private @Nullable String fault(SrtpSession session, byte[] received) {
    ByteBuffer header = ByteBuffer.wrap(received);
    int ssrc = header.getInt(SSRC);
    long k = Integer.toUnsignedLong(header.getInt(TIMESTAMP)) / PacketSource.TICKS;
    PacketBatch batch = PacketBatch.allocate(1, SLOT_OCTETS);
    int slot = batch.add(received);
    batch.context(slot, SrtpContext.receiver(session, ssrc));
    new SrtpTransform(engine, 1).unprotect(batch, batch);
    if (batch.verdict(slot) != Verdict.ACCEPTED) {
      return "does not open: " + batch.verdict(slot);
    }
    byte[] wanted = ByteBuffer.wrap(spoken.plain(k)).putInt(SSRC, ssrc).array();
    ByteBuffer.wrap(wanted).putShort(2, header.getShort(2));
    return OctetCheck.difference(wanted, batch.octets(slot));
  }
}
