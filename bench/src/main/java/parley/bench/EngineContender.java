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
  private final short[] sequences;
  private int nextPlain;
  private int nextStream;
  private int nextSealed;
  private boolean isForged;

  EngineContender(String engineName, Workload workload) {
    this.workload = workload;
    CipherEngine engine = CipherEngines.select(engineName);
    var policy = new SrtpPolicy(workload.profile(), false, 0);
    int streams = workload.streams();
    int slotOctets = workload.packetOctets() + policy.srtpTrailerOctets();
    sessions = new SrtpSession[streams];
    SrtpContext[] senders = new SrtpContext[streams];
    SrtpContext[] receivers = new SrtpContext[streams];
    sequences = new short[streams];
    for (int s = 0; s < streams; s++) {
      try (var key =
          MasterKey.of(workload.profile(), workload.key(s), workload.salt(s), new byte[0])) {
        sessions[s] = SrtpSession.of(policy, key, engine);
      }
      senders[s] = SrtpContext.sender(sessions[s], workload.ssrc(s), 0);
      receivers[s] = SrtpContext.receiver(sessions[s], workload.ssrc(s));
    }
    transform = new SrtpTransform(engine, BATCH);
    output = PacketBatch.allocate(BATCH, slotOctets);
    plain = new PacketBatch[Workload.PLAIN / BATCH];
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
        sealed[b].context(sealed[b].add(0), receivers[stream(b, slot)]);
      }
    }
    renew();
  }

  private int stream(int batch, int slot) {
    return (batch * BATCH + slot) % workload.streams();
  }

  /// The same packets, sealed anew with the next sequence numbers.
  @Override
  public void renew() {
    for (PacketBatch batch : sealed) {
      protectInto(batch);
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
      from.buffer().putShort(from.offset(slot) + 2, sequences[nextStream]++);
      nextStream = nextStream + 1 == sequences.length ? 0 : nextStream + 1;
    }
    nextPlain = nextPlain + 1 == plain.length ? 0 : nextPlain + 1;
    transform.protect(from, to);
    require(Verdict.ACCEPTED, from);
  }

  @Override
  public void unprotect() {
    PacketBatch batch = sealed[nextSealed++];
    transform.unprotect(batch, output);
    require(Verdict.ACCEPTED, batch);
  }

  @Override
  public void refuseForged() {
    if (!isForged) {
      forge();
    }
    if (nextSealed == sealed.length) {
      nextSealed = 0;
    }
    PacketBatch batch = sealed[nextSealed++];
    transform.unprotect(batch, output);
    require(Verdict.BAD_TAG, batch);
  }

  private void forge() {
    isForged = true;
    for (int b = 0; b < sealed.length; b++) {
      for (int slot = 0; slot < BATCH; slot++) {
        int number = b * BATCH + slot;
        int end = sealed[b].offset(slot) + sealed[b].length(slot);
        int at = end - workload.spoiltFromEnd(number);
        byte spoilt = (byte) (sealed[b].buffer().get(at) ^ workload.spoiltBit(number));
        sealed[b].buffer().put(at, spoilt);
      }
    }
  }

  /// A benchmark of refusals would look fast: each run shows what became of every packet.
  private static void require(Verdict verdict, PacketBatch batch) {
    for (int slot = 0; slot < BATCH; slot++) {
      if (batch.verdict(slot) != verdict) {
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
