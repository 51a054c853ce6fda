package parley.gateway.keying;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;

/// Takes I_MESSAGEs and hands them to the member that they are for (wire profile, section 2).
///
/// A signature and a pairing cost tens of milliseconds and nothing cheap proves the sender before,
/// so these messages have a pool of their own: they can neither delay announcements nor media. The
/// answer is a receipt that only a holder of the new GMK can make; a message that is refused is
/// never answered. Any thread.
public final class GmkInbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GmkInbox.class);
  private static final PoolBounds BOUNDS = PoolBounds.bySource(16, 256);

  private final Member member;
  private final Consumer<GmkAcceptance> news;
  private final VerifyPool pool = new VerifyPool("parley-gmk", 1, BOUNDS);
  private final GmkCounters counters = new GmkCounters();

  public GmkInbox(Member member) {
    this(member, _ -> {});
  }

  /// `news` hears what is accepted, and who invites, on the thread that judged it.
  public GmkInbox(Member member, Consumer<GmkAcceptance> news) {
    this.member = member;
    this.news = news;
  }

  public GmkCounters counters() {
    return counters;
  }

  /// Queues `octets`; `answer` is told on the pool's thread. `source`, an address or a folder, is
  /// whom the work is charged to. False when there is no room: nobody will be told then.
  public boolean receive(Object source, byte[] octets, MikeyAnswer answer) {
    boolean queued = pool.submit(source, source, () -> accept(source, octets, answer));
    if (!queued) {
      counters.overload();
    }
    return queued;
  }

  /// Judges `octets` at once, on the caller's thread: for one who asked for them, and waits. The
  /// answer is told before this returns.
  public void accept(Object source, byte[] octets, MikeyAnswer answer) {
    switch (member.accept(octets)) {
      case GmkAcceptance.Accepted a -> {
        counters.accept();
        GroupMasterKey gmk = a.gmk();
        LOG.atInfo()
            .addKeyValue("group", gmk.group().uri())
            .addKeyValue("gmk", String.format("%08x", gmk.gmkId()))
            .addKeyValue("current", a.isCurrent())
            .addKeyValue("expiry", gmk.expiry())
            .log("GMK accepted");
        news.accept(a);
        answer.receipt(a.receipt());
      }
      case GmkAcceptance.Invited i -> {
        counters.invite();
        LOG.atInfo()
            .addKeyValue("creator", i.invitation().creator().uri())
            .addKeyValue("kms", i.invitation().kmsUri())
            .log("invited to an ad-hoc group");
        news.accept(i);
        answer.none();
      }
      case GmkAcceptance.Repeated r -> {
        counters.repeat();
        answer.receipt(r.receipt());
      }
      case GmkAcceptance.Refused r -> {
        counters.refuse(r.reason());
        LOG.atWarn()
            .addKeyValue("reason", r.reason())
            .addKeyValue("detail", r.detail())
            .addKeyValue("source", source)
            .log("GMK message refused");
        answer.none();
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
