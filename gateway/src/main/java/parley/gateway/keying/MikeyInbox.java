package parley.gateway.keying;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.GroupMedia;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MikeySink;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;

/// Where every MIKEY message arrives, and the fork by its data type: GMK distribution goes to the
/// [GmkInbox], a GSK announcement to the [GroupKeying] of its group, a JOIN on a media port to its
/// [JoinInbox], a manager's answer to the [Registrar].
///
/// On a media port the leg has decided the group already and the gate holds the message to it. On
/// MIKEY's own ports, UDP and HTTP, the responder's identity chooses; the group's loop then treats
/// the message like any other.
public final class MikeyInbox implements MikeySink {
  private static final int DATA_TYPE = 1;
  private static final int PRE_SHARED_KEY = 0;
  private static final int SAKKE = 26;

  private final GmkInbox gmks;
  private final Map<Identity, GroupKeying> groups = new ConcurrentHashMap<>();
  private final LongAdder strays = new LongAdder();
  private final Map<Identity, Consumer<byte[]>> registrars = new ConcurrentHashMap<>();
  private volatile @Nullable Consumer<byte[]> answers;

  public MikeyInbox(GmkInbox gmks) {
    this.gmks = gmks;
  }

  public void add(GroupKeying keying) {
    groups.put(keying.group(), keying);
  }

  public void remove(GroupKeying keying) {
    groups.remove(keying.group(), keying);
  }

  /// Whoever has joined a relay takes the answers from now on, on the loop of the group.
  public void answersTo(Consumer<byte[]> receiver) {
    answers = receiver;
  }

  /// What registers with the manager of `group` takes its answers from now on, on any thread; null
  /// for no more.
  public void registrationsOf(Identity group, @Nullable Consumer<byte[]> receiver) {
    if (receiver == null) {
      registrars.remove(group);
    } else {
      registrars.put(group, receiver);
    }
  }

  /// Messages on MIKEY's port that are for no group of ours, of no type we take, or malformed.
  public long strays() {
    return strays.sum();
  }

  @Override
  public void mikey(
      GroupMedia group,
      MediaPort port,
      InetSocketAddress source,
      byte[] octets,
      long receivedUnixNanos) {
    GroupKeying keying = groups.get(group.group());
    if (typeOf(octets) == SAKKE) {
      var _ = gmks.receive(source.getAddress(), octets, reply(group.loop(), port, source));
    } else if (RegistrationAnswer.isOne(octets)) {
      registrars.values().forEach(registrar -> registrar.accept(octets));
    } else if (keying != null && UnverifiedJoin.isOne(octets)) {
      keying.joins().receive(port, source, octets);
    } else if (JoinAnswer.isOne(octets) && answers != null) {
      answers.accept(octets);
    } else if (keying != null) {
      keying.receive(new Arrival(source, receivedUnixNanos, port.isTrunk()), octets);
    }
  }

  /// A message on one of MIKEY's own ports. Any thread; false when there is no room for it, and
  /// nobody is answered then.
  boolean direct(
      InetSocketAddress source, byte[] octets, long receivedUnixNanos, MikeyAnswer answer) {
    int type = typeOf(octets);
    if (type == SAKKE) {
      return gmks.receive(source.getAddress(), octets, answer);
    }
    GroupKeying keying = type == PRE_SHARED_KEY ? groupOf(octets) : null;
    if (RegistrationAnswer.isOne(octets)) {
      registrars.values().forEach(registrar -> registrar.accept(octets));
    } else if (keying != null) {
      keying.loop().execute(() -> keying.receive(source, octets, receivedUnixNanos));
    } else {
      strays.increment();
    }
    answer.none();
    return true;
  }

  private @Nullable GroupKeying groupOf(byte[] octets) {
    try {
      return groups.get(UnverifiedAnnouncement.read(octets).group());
    } catch (MalformedMessage _) {
      return null;
    }
  }

  private static int typeOf(byte[] octets) {
    return octets.length > DATA_TYPE ? octets[DATA_TYPE] & 0xFF : -1;
  }

  /// Answers by a datagram from the port where the message came.
  static MikeyAnswer reply(EventLoop loop, MediaPort port, InetSocketAddress to) {
    return receipt ->
        loop.execute(() -> {
          port.send(ByteBuffer.wrap(receipt), to);
          port.flush();
        });
  }
}
