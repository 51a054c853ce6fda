package parley.srtp;

import static parley.srtp.Verdict.ACCEPTED;
import static parley.srtp.Verdict.BAD_TAG;
import static parley.srtp.Verdict.NO_CONTEXT;

import org.jspecify.annotations.Nullable;

/// Protects and unprotects batches of packets of any mix of streams and keys (RFC 3711, 3.3 and
/// 3.4).
///
/// One per event loop, confined to its thread; one engine may serve many. Keeps no reference to a
/// packet after a call, though its descriptors keep the memory of the last batches reachable until
/// the next. A batch takes three steps: each slot's [CryptoContext] checks its packet and adds a
/// descriptor; the [CipherEngine] handles all descriptors at once; the contexts record what
/// verified. Header extensions of policies that encrypt them take one more call of the engine,
/// before sealing or after opening. Allocates nothing by itself once every kind of packet has come
/// by.
public final class SrtpTransform {
  private final CipherEngine engine;
  private final CipherBatch descriptors;
  private @Nullable ExtensionCipher extensionCipher;

  /// @param engine also the engine of every session whose packets come here
  /// @param batchCapacity the most packets in one call
  public SrtpTransform(CipherEngine engine, int batchCapacity) {
    this.engine = engine;
    this.descriptors = CipherBatch.of(engine, batchCapacity);
  }

  /// Authenticates and decrypts every slot of `from`.
  ///
  /// Slot `i` of `to` receives header and plaintext of an accepted slot `i`, and length 0
  /// otherwise; both batches receive verdicts and indices. The octets and lengths of `from` stay as
  /// they came, so that they can be forwarded, unless `to` is the same object: then accepted slots
  /// are replaced in place, refused slots keep their length, and their octets too unless they were
  /// authentic but not fresh.
  ///
  /// Packets of one batch see each other: of two equal ones one is accepted, and a stream may begin
  /// and wrap in the same batch.
  ///
  /// @throws IllegalStateException where a context is a sender's or belongs to another engine
  public void unprotect(PacketBatch from, PacketBatch to) {
    begin(from, to);
    planOpen(from, to, false);
    boolean hasExtensions = descriptors.hasExtensions();
    if (openAndCommit(from, to)) {
      reopenWhereIndexMoved(from, to);
    }
    if (hasExtensions) {
      decryptExtensions(from, to);
    }
    from.copyResults(to);
  }

  /// Encrypts and authenticates every slot of `from` into the same slot of `to`, which may be the
  /// same object.
  ///
  /// Refused slots have length 0 in another `to`, and are left as they were in the same. Each index
  /// is burnt before the engine sees it.
  ///
  /// @throws IllegalStateException where a context is a receiver's or belongs to another engine
  public void protect(PacketBatch from, PacketBatch to) {
    begin(from, to);
    planSeal(from, to);
    if (descriptors.hasExtensions()) {
      sealWithExtensions(from, to);
    } else {
      engine.seal(descriptors);
    }
    for (int i = 0; i < descriptors.size(); i++) {
      int slot = descriptors.slot(i);
      CryptoContext context = from.context(slot);
      if (descriptors.result(i) != CipherBatch.OK || context == null) {
        throw new IllegalStateException("engine " + engine.name() + " left a packet unsealed");
      }
      to.length(slot, from.length(slot) + context.trailerOctets());
      from.verdict(slot, ACCEPTED);
    }
    from.copyResults(to);
  }

  private void begin(PacketBatch from, PacketBatch to) {
    if (from.size() > descriptors.capacity()) {
      throw new IllegalArgumentException(
          "%d packets in a transform for %d".formatted(from.size(), descriptors.capacity()));
    }
    if (to != from) {
      to.emptyLike(from);
    }
    descriptors.begin(from.memory(), to.memory());
  }

  /// Checks what was received as far as it is cheap, and describes what is left to the engine;
  /// changes no state of any context.
  ///
  /// @param again only those whose index moved
  private void planOpen(PacketBatch from, PacketBatch to, boolean again) {
    for (int slot = 0; slot < from.size(); slot++) {
      CryptoContext context = own(from.context(slot));
      if (again && !hasMoved(from, slot, context)) {
        continue;
      }
      from.packetIndex(slot, PacketBatch.NO_INDEX);
      if (context == null) {
        from.verdict(slot, NO_CONTEXT);
        continue;
      }
      int clearOctets = from.length(slot) - context.trailerOctets();
      Verdict verdict = context.checkHeader(from, slot, clearOctets);
      if (verdict == ACCEPTED) {
        verdict = context.findIndex(from, slot, clearOctets);
      }
      if (verdict == ACCEPTED && clearOctets > to.slotOctets()) {
        verdict = Verdict.NO_ROOM;
      }
      if (verdict == ACCEPTED) {
        context.describe(from, to, slot, clearOctets, descriptors);
      }
      from.verdict(slot, unfinished(verdict));
    }
  }

  private void planSeal(PacketBatch from, PacketBatch to) {
    for (int slot = 0; slot < from.size(); slot++) {
      CryptoContext context = own(from.context(slot));
      if (context == null) {
        from.verdict(slot, NO_CONTEXT);
        continue;
      }
      int clearOctets = from.length(slot);
      Verdict verdict = context.checkHeader(from, slot, clearOctets);
      if (verdict == ACCEPTED && clearOctets + context.trailerOctets() > to.slotOctets()) {
        verdict = Verdict.NO_ROOM;
      }
      if (verdict == ACCEPTED) {
        verdict = context.claimIndex(from, slot);
      }
      if (verdict == ACCEPTED) {
        context.describe(from, to, slot, clearOctets, descriptors);
        if (to != from) {
          copyHeader(descriptors.size() - 1, from, to, slot);
        }
        context.writeTrailer(to, slot, clearOctets, from.packetIndex(slot));
      }
      from.verdict(slot, unfinished(verdict));
    }
  }

  /// What a slot says while the engine works, so that none is taken for accepted if the engine
  /// throws.
  private static Verdict unfinished(Verdict plan) {
    return plan == ACCEPTED ? NO_CONTEXT : plan;
  }

  private void copyHeader(int i, PacketBatch from, PacketBatch to, int slot) {
    RtpPacket.copyHeader(
        from.memory(), from.offset(slot), to.memory(), to.offset(slot), descriptors.aadOctets(i));
  }

  @SuppressWarnings("ReferenceEquality") // the very engine whose keys the contexts have
  private @Nullable CryptoContext own(@Nullable CryptoContext context) {
    if (context != null && context.session().engine() != engine) {
      throw new IllegalStateException(
          "%s belongs to another engine than %s".formatted(context.session(), engine.name()));
    }
    return context;
  }

  /// Returns whether a retry can make sense: something was accepted, something was not authentic.
  private boolean openAndCommit(PacketBatch from, PacketBatch to) {
    engine.open(descriptors);
    boolean someAccepted = false;
    boolean someBad = false;
    for (int i = 0; i < descriptors.size(); i++) {
      int slot = descriptors.slot(i);
      CryptoContext context = from.context(slot);
      Verdict verdict =
          descriptors.result(i) == CipherBatch.OK && context != null
              ? context.commit(from.packetIndex(slot))
              : BAD_TAG;
      from.verdict(slot, verdict);
      if (verdict == ACCEPTED) {
        deliver(i, from, to);
      }
      someAccepted |= verdict == ACCEPTED;
      someBad |= verdict == BAD_TAG;
    }
    return someAccepted && someBad;
  }

  private void deliver(int i, PacketBatch from, PacketBatch to) {
    int slot = descriptors.slot(i);
    int headerOctets = descriptors.aadOctets(i);
    if (to != from) {
      copyHeader(i, from, to, slot);
    }
    to.length(slot, headerOctets + descriptors.payloadOctets(i));
  }

  /// Tries those packets once more whose index was estimated before other packets of this batch
  /// were committed and would be estimated otherwise now: a stream that is new in this batch and
  /// wraps in it.
  private void reopenWhereIndexMoved(PacketBatch from, PacketBatch to) {
    descriptors.begin(from.memory(), to.memory());
    planOpen(from, to, true);
    if (descriptors.size() > 0) {
      openAndCommit(from, to);
    }
  }

  private static boolean hasMoved(PacketBatch from, int slot, @Nullable CryptoContext context) {
    return from.verdict(slot) == BAD_TAG
        && context instanceof SrtpContext srtp
        && srtp.index(from, slot) != from.packetIndex(slot);
  }

  /// Header extensions first, since the tag covers what goes over the wire (RFC 6904, 3). The
  /// originals in `from` are enciphered for the time of the call, so that an engine may read the
  /// header from either side.
  private void sealWithExtensions(PacketBatch from, PacketBatch to) {
    ExtensionCipher extensions = extensionCipher();
    extensions.begin(from.memory());
    for (int i = 0; i < descriptors.size(); i++) {
      int slot = descriptors.slot(i);
      if (from.context(slot) instanceof SrtpContext srtp) {
        srtp.describeExtension(extensions, slot, from.offset(slot), from.packetIndex(slot));
      }
    }
    extensions.apply();
    if (to == from) {
      engine.seal(descriptors);
      return;
    }
    try {
      extensions.copyTo(to);
      engine.seal(descriptors);
    } finally {
      extensions.undo();
    }
  }

  /// Last of all, and of accepted packets only.
  private void decryptExtensions(PacketBatch from, PacketBatch to) {
    ExtensionCipher extensions = extensionCipher();
    extensions.begin(to.memory());
    for (int slot = 0; slot < from.size(); slot++) {
      if (from.verdict(slot) == ACCEPTED && from.context(slot) instanceof SrtpContext srtp) {
        srtp.describeExtension(extensions, slot, to.offset(slot), from.packetIndex(slot));
      }
    }
    extensions.apply();
  }

  private ExtensionCipher extensionCipher() {
    if (extensionCipher == null) {
      extensionCipher = new ExtensionCipher(engine, descriptors.capacity());
    }
    return extensionCipher;
  }
}
