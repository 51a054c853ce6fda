package parley.gateway.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.JoinOutcome;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.Joining;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.Octets;

/// A terminal that joins a relay by hand, one message at a time, from a bare socket.
public final class LabReceiver implements AutoCloseable {
  private final LabMember member;
  private final Joining joining;
  private final LabEar ear = new LabEar();
  private @Nullable Octets cookie;

  public LabReceiver(LabMember member, String group) throws IOException {
    this(member, member.member().sendingGmk(new Identity(group)).orElseThrow());
  }

  public LabReceiver(LabMember member, GroupMasterKey gmk) throws IOException {
    this.member = member;
    joining = Joining.prepare(member.identity(), Lab.KMS_URI, gmk, member.lab().random());
  }

  public LabEar ear() {
    return ear;
  }

  /// The cookie of the newest answer.
  public @Nullable Octets cookie() {
    return cookie;
  }

  /// Shows this cookie from now on.
  public void show(@Nullable Octets other) {
    cookie = other;
  }

  /// A message of now.
  public byte[] seal(JoinVerb verb) throws Exception {
    NtpTimestamp t = NtpTimestamp.of(member.lab().clock().instant()).after(joining.lastT());
    return joining.seal(verb, cookie, t, member.member().signer(t), member.lab().random());
  }

  /// Says it to a gateway and waits for what that answers.
  public JoinOutcome say(JoinVerb verb, InetSocketAddress gateway) throws Exception {
    ear.send(seal(verb), gateway);
    return answer();
  }

  /// The next datagram, which is the answer to a message of this stay.
  public JoinOutcome answer() throws Exception {
    JoinAnswer answer = JoinAnswer.read(ear.hear());
    if (!answer.isFor(joining)) {
      throw new AssertionError("not an answer to this receiver");
    }
    if (answer.cookie() != null) {
      cookie = answer.cookie();
    }
    return answer.outcome();
  }

  /// JOIN, cookie, JOIN.
  public JoinOutcome join(InetSocketAddress gateway) throws Exception {
    JoinOutcome first = say(JoinVerb.JOIN, gateway);
    return first == JoinOutcome.COOKIE ? say(JoinVerb.JOIN, gateway) : first;
  }

  @Override
  public void close() {
    ear.close();
  }
}
