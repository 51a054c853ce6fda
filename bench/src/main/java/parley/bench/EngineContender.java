package parley.bench;

import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;
import parley.srtp.MasterKey;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpPolicy;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// parley-srtp over one of its engines, from one direct memory to another.
final class EngineContender implements Contender {
  private final Workload workload;
  private final SrtpSession[] sessions;
  private final SrtpTransform transform;
  private final PacketBatch[] plain;
  private final PacketBatch output;
  private final PacketBatch[] sealed;
  private final SrtpContext[] senders;
  private final SrtpContext[] receivers;
  private int sequence;
  private int nextPlain;
  private int nextSealed;

  EngineContender(String engineName, Workload workload) {
    this.workload = workload;
    CipherEngine engine = CipherEngines.select(engineName);
    var policy = new SrtpPolicy(workload.profile(), false, 0);
    int streams = workload.streams();
    int slotOctets = workload.packetOctets() + policy.srtpTrailerOctets();
    sessions = new SrtpSession[streams];
    senders = new SrtpContext[streams];
    receivers = new SrtpContext[streams];
    for (int s = 0; s < streams; s++) {
      try (var key =
          MasterKey.of(workload.profile(), workload.key(s), workload.salt(s), new byte[0])) {
        sessions[s] = SrtpSession.of(policy, key, engine);
      }
      senders[s] = SrtpContext.sender(sessions[s], workload.ssrc(s), 0);
    }
    transform = new SrtpTransform(engine, BATCH);
    output = PacketBatch.allocate(BATCH, slotOctets);
    plain = new PacketBatch[Math.max(1, streams / BATCH)];
    for (int b = 0; b < plain.length; b++) {
      plain[b] = PacketBatch.allocate(BATCH, slotOctets);
      for (int slot = 0; slot < BATCH; slot++) {
        int added = plain[b].add(workload.packet(stream(b, slot)));
        plain[b].context(added, senders[stream(b, slot)]);
      }
    }
    sealed = new PacketBatch[workload.sealedBatches()];
    for (int b = 0; b < sealed.length; b++) {
      sealed[b] = PacketBatch.allocate(BATCH, slotOctets);
      for (int slot = 0; slot < BATCH; slot++) {
        sealed[b].add(0);
      }
      protectInto(sealed[b]);
    }
    freshReceivers();
  }

  private int stream(int batch, int slot) {
    return (batch * BATCH + slot) % workload.streams();
  }

  private void freshReceivers() {
    for (int s = 0; s < receivers.length; s++) {
      receivers[s] = SrtpContext.receiver(sessions[s], workload.ssrc(s));
    }
    for (int b = 0; b < sealed.length; b++) {
      for (int slot = 0; slot < BATCH; slot++) {
        sealed[b].context(slot, receivers[stream(b, slot)]);
      }
    }
    nextSealed = 0;
  }

  @Override
  public void protect() {
    protectInto(output);
  }

  private void protectInto(PacketBatch to) {
    PacketBatch from = plain[nextPlain];
    for (int slot = 0; slot < BATCH; slot++) {
      from.buffer().putShort(from.offset(slot) + 2, (short) sequence++);
    }
    if (++nextPlain == plain.length) {
      nextPlain = 0;
    } else if (workload.streams() > 1) {
      sequence -= BATCH; // the next batch has other streams at the same point
    }
    transform.protect(from, to);
    requireAccepted(from);
  }

  @Override
  public void unprotect() {
    if (nextSealed == sealed.length) {
      freshReceivers();
    }
    PacketBatch batch = sealed[nextSealed++];
    transform.unprotect(batch, output);
    requireAccepted(batch);
  }

  /// A benchmark of refusals would look fast: each run shows that every packet passed.
  private static void requireAccepted(PacketBatch batch) {
    for (int slot = 0; slot < BATCH; slot++) {
      if (batch.verdict(slot) != Verdict.ACCEPTED) {
        throw new IllegalStateException("slot " + slot + " is " + batch.verdict(slot));
      }
    }
  }

  @Override
  public void close() {
    for (SrtpSession session : sessions) {
      session.close();
    }
  }
}
