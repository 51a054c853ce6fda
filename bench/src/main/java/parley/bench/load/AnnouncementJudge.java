package parley.bench.load;

import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.SrtpKeying;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.MalformedMessage;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// Verifies what is announced to the listeners of one group as a member would: MAC, signature, key.
///
/// Each message is verified once, beside the loop, for all listeners that got the same octets; they
/// share the keys, not the state of a stream. Confined to the listeners' loop but for the
/// verification.
final class AnnouncementJudge implements AutoCloseable {
  /// Messages under way or remembered; what comes beyond is refused.
  private static final int MOST_WAITING = 64;

  private final LoadTalker talker;
  private final CipherEngine engine;
  private final EccsiVerifier verifier;
  private final EventLoop loop;
  private final Executor aside;
  private final Map<ByteBuffer, List<LoadListener>> waiting = new HashMap<>();
  private @Nullable ByteBuffer lastGood;
  private @Nullable SrtpSession session;

  AnnouncementJudge(
      LoadTalker talker,
      CipherEngine engine,
      EccsiVerifier verifier,
      EventLoop loop,
      Executor aside) {
    this.talker = talker;
    this.engine = engine;
    this.verifier = verifier;
    this.loop = loop;
    this.aside = aside;
  }

  LoadTalker talker() {
    return talker;
  }

  /// A listener received this, which is neither RTP nor RTCP.
  void received(byte[] octets, LoadListener by) {
    ByteBuffer message = ByteBuffer.wrap(octets);
    SrtpSession known = session;
    if (message.equals(lastGood) && known != null) {
      by.announced(known);
      return;
    }
    List<LoadListener> others = waiting.get(message);
    if (others != null) {
      others.add(by);
    } else if (waiting.size() < MOST_WAITING) {
      waiting.put(message, new ArrayList<>(List.of(by)));
      boolean isFirst = known == null;
      aside.execute(() -> verify(octets, isFirst));
    } else {
      by.refused();
    }
  }

  /// Beside the loop.
  private void verify(byte[] octets, boolean isFirst) {
    Optional<SrtpSession> made = Optional.empty();
    boolean good = false;
    boolean ours = true;
    try {
      var message = UnverifiedAnnouncement.read(octets);
      ours = message.csbId() == talker.csbId();
      good = ours && isGood(message);
      made = good && isFirst ? Optional.of(session(message)) : Optional.empty();
    } catch (MalformedMessage _) {
      good = false;
    }
    boolean verified = good;
    boolean counts = ours;
    Optional<SrtpSession> keys = made;
    loop.execute(() -> settle(ByteBuffer.wrap(octets), verified, counts, keys));
  }

  private boolean isGood(UnverifiedAnnouncement message) {
    Member member = talker.group().listener();
    GroupMasterKey gmk = member.gmkBook().find(talker.group().id(), message.gmkId()).orElse(null);
    KmsCertificate kms = member.kms().find(message.kmsUri());
    return gmk != null
        && kms != null
        && message.group().equals(talker.group().id())
        && message.isRandBound()
        && message.isMacValid(gmk)
        && message.isSigned(kms, verifier);
  }

  private SrtpSession session(UnverifiedAnnouncement message) throws MalformedMessage {
    Member member = talker.group().listener();
    GroupMasterKey gmk = member.gmkBook().find(talker.group().id(), message.gmkId()).orElseThrow();
    MediaPolicy policy = message.policy();
    CryptoSession stream = message.sessions().getFirst();
    try (GroupSessionKey gsk = message.unwrap(gmk)) {
      return SrtpKeying.session(
          policy == null ? talker.group().policy() : policy,
          SrtpKeying.MKI_OCTETS,
          gsk,
          stream.csId(),
          message.csbId(),
          message.rand(),
          engine);
    }
  }

  private void settle(ByteBuffer message, boolean good, boolean ours, Optional<SrtpSession> made) {
    List<LoadListener> listeners = waiting.remove(message);
    if (made.isPresent() && session == null) {
      session = made.get();
    } else {
      made.ifPresent(SrtpSession::close);
    }
    if (good) {
      lastGood = message;
    }
    SrtpSession keys = session;
    for (LoadListener listener : listeners == null ? List.<LoadListener>of() : listeners) {
      if (good && keys != null) {
        listener.announced(keys);
      } else if (ours) {
        listener.refused();
      }
    }
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
