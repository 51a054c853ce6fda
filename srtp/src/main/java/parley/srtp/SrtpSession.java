package parley.srtp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// One master key at work: session keys derived, engine keys made. Shared by the contexts of all
/// SSRCs that use the key.
///
/// Confined to the thread that owns its contexts. After [#close] every packet of its contexts is
/// [Verdict#EXPIRED].
public final class SrtpSession implements AutoCloseable {
  private final SrtpPolicy policy;
  private final CipherEngine engine;
  private final byte[] mki;
  private final int srtpMkiFromEnd;
  private final int srtcpMkiFromEnd;
  private final SessionKey srtp;
  private final SessionKey srtcp;
  private final @Nullable SessionKey headerExtensions;

  SrtpSession(
      SrtpPolicy policy,
      CipherEngine engine,
      byte[] mki,
      SessionKey srtp,
      SessionKey srtcp,
      @Nullable SessionKey headerExtensions) {
    this.policy = policy;
    this.engine = engine;
    this.mki = mki;
    this.srtpMkiFromEnd = policy.srtpMkiFromEnd();
    this.srtcpMkiFromEnd = policy.srtcpMkiFromEnd();
    this.srtp = srtp;
    this.srtcp = srtcp;
    this.headerExtensions = headerExtensions;
  }

  /// Derives the keys; the master key stays the caller's and may be closed right after.
  ///
  /// @throws IllegalArgumentException where profile or MKI length of policy and key differ
  /// @throws UnsupportedOperationException where the policy encrypts header extensions and the
  ///   engine cannot
  public static SrtpSession of(SrtpPolicy policy, MasterKey key, CipherEngine engine) {
    byte[] mki = key.mki();
    if (policy.profile() != key.profile() || policy.mkiOctets() != mki.length) {
      throw new IllegalArgumentException("%s is not a key for %s".formatted(key, policy));
    }
    return new SrtpSession(
        policy,
        engine,
        mki,
        SessionKey.srtp(key, engine),
        SessionKey.srtcp(key, engine),
        policy.encryptedExtensions().isEmpty() ? null : SessionKey.headerExtensions(key, engine));
  }

  public SrtpPolicy policy() {
    return policy;
  }

  /// Whether the SRTP packet in this slot carries this session's MKI; always true where the policy
  /// has none.
  public boolean matchesMki(PacketBatch batch, int slot) {
    return matchesMki(batch, slot, srtpMkiFromEnd);
  }

  /// The same for an SRTCP packet, where the MKI may lie elsewhere.
  public boolean matchesSrtcpMki(PacketBatch batch, int slot) {
    return matchesMki(batch, slot, srtcpMkiFromEnd);
  }

  private boolean matchesMki(PacketBatch batch, int slot, int fromEnd) {
    int inPacket = batch.length(slot) - fromEnd;
    if (inPacket < 0) {
      return false;
    }
    MemorySegment memory = batch.memory();
    long at = (long) batch.offset(slot) + inPacket;
    for (int i = 0; i < mki.length; i++) {
      if (memory.get(ValueLayout.JAVA_BYTE, at + i) != mki[i]) {
        return false;
      }
    }
    return true;
  }

  void writeMki(MemorySegment memory, long offset) {
    for (int i = 0; i < mki.length; i++) {
      memory.set(ValueLayout.JAVA_BYTE, offset + i, mki[i]);
    }
  }

  CipherEngine engine() {
    return engine;
  }

  SessionKey srtp() {
    return srtp;
  }

  SessionKey srtcp() {
    return srtcp;
  }

  /// The key for header extensions; null where they stay in clear.
  @Nullable SessionKey headerExtensions() {
    return headerExtensions;
  }

  @Override
  public void close() {
    srtp.close();
    srtcp.close();
    if (headerExtensions != null) {
      headerExtensions.close();
    }
  }

  @Override
  public String toString() {
    return "SrtpSession[%s, engine %s]".formatted(policy, engine.name());
  }
}
