package parley.gateway.manager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.PeerConfig;
import parley.gateway.config.Way;
import parley.gateway.keying.MikeyHttpDelivery;
import parley.gateway.keying.MikeyHttpSender;
import parley.gateway.keying.WholeFile;
import parley.keys.http.TlsRefused;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.manager.Outlet;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;
import parley.mikey.transport.SmsSegments;

/// From a message of one group to its UE: where the UE has registered, or else as the configuration
/// says. On the loop.
public final class GroupOutlet implements Outlet, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupOutlet.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// A server that keeps messages for UEs may lose them.
  private static final Duration LONGEST_LEFT = Duration.ofDays(1);

  private final GroupManager manager;
  private final ManagerLoop loop;
  private final Set<Posting> posting = ConcurrentHashMap.newKeySet();
  private final Map<Identity, Left> left = new ConcurrentHashMap<>();
  private Map<Identity, Way> ways;
  private final Map<PeerConfig, MikeyHttpSender> senders = new ConcurrentHashMap<>();

  private record Posting(Identity ue, int gmkId) {}

  /// What a server keeps for a UE that is away, and until when it need not hear of it again.
  private record Left(NtpTimestamp newest, long untilNanos) {}

  public GroupOutlet(GroupManager manager, ManagerLoop loop, Map<Identity, Way> ways) {
    this.manager = manager;
    this.loop = loop;
    this.ways = Map.copyOf(ways);
  }

  void ways(Map<Identity, Way> wanted) {
    ways = Map.copyOf(wanted);
    left.clear();
  }

  /// Whether anything is known by which this UE could be reached.
  boolean reaches(Identity ue) {
    return ways.containsKey(ue) || manager.address(ue).isPresent();
  }

  @Override
  public boolean send(GmkMessage message) {
    Optional<InetSocketAddress> registered = manager.address(message.ue());
    Way way = registered.<Way>map(Way.Udp::new).orElse(ways.get(message.ue()));
    switch (way) {
      case null -> {
        return false;
      }
      case Way.Udp(InetSocketAddress address) -> loop.send(message.octets(), address);
      case Way.Folder(Path folder) -> write(message.octets(), folder.resolve(fileName(message)));
      case Way.Sms(Path folder) -> writeSegments(message, folder);
      case Way.Http(URI address) -> {
        return posted(message, new PeerConfig(address, null, null, null));
      }
      case Way.Https(PeerConfig server) -> {
        return posted(message, server);
      }
    }
    return true;
  }

  /// A server that keeps a newer message for this UE, or this one, is spared.
  private boolean posted(GmkMessage message, PeerConfig server) {
    Left before = left.get(message.ue());
    if (before != null) {
      if (before.untilNanos - System.nanoTime() <= 0) {
        left.remove(message.ue(), before);
      } else if (timestamp(message).compareTo(before.newest) <= 0) {
        return false;
      }
    }
    return post(message, server);
  }

  private static NtpTimestamp timestamp(GmkMessage message) {
    try {
      return UnverifiedGmkDistribution.read(message.octets()).timestamp();
    } catch (MalformedMessage e) {
      throw new IllegalStateException("a message of our own is malformed", e);
    }
  }

  /// One file for each segment; the reference is the same for the same message.
  private void writeSegments(GmkMessage message, Path folder) {
    byte[] octets = message.octets();
    List<byte[]> segments = SmsSegments.split(octets, Arrays.hashCode(octets) & 0xff);
    for (int i = 0; i < segments.size(); i++) {
      String name =
          "%s.%s-%d.sms"
              .formatted(plain(message.ue()), HexFormat.of().toHexDigits(message.gmkId()), i + 1);
      write(segments.get(i), folder.resolve(name));
    }
  }

  /// On a thread of its own, as an answer is waited for; each message once at a time, so that one
  /// which is not taken does not keep the next one of its member waiting.
  private boolean post(GmkMessage message, PeerConfig server) {
    var one = new Posting(message.ue(), message.gmkId());
    if (!posting.add(one)) {
      return false;
    }
    var _ =
        Thread.ofVirtual()
            .name("parley-http")
            .start(() -> {
              try {
                MikeyHttpDelivery delivery = sender(server).deliver(server.url(), message.octets());
                loop.counters().countSent();
                delivery.receipt().ifPresent(loop::receipt);
                keep(message, delivery.again());
              } catch (IOException | TlsRefused e) {
                loop.counters().countUnsent();
                LOG.atWarn()
                    .addKeyValue("member", message.ue().uri())
                    .addKeyValue("detail", e.getMessage())
                    .log("message not taken");
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } finally {
                posting.remove(one);
              }
            });
    return true;
  }

  private void keep(GmkMessage message, Duration again) {
    if (again.isPositive()) {
      Duration wait = again.compareTo(LONGEST_LEFT) < 0 ? again : LONGEST_LEFT;
      var now = new Left(timestamp(message), System.nanoTime() + wait.toNanos());
      var _ = left.merge(message.ue(), now, (a, b) -> a.newest.compareTo(b.newest) > 0 ? a : b);
    }
  }

  /// The files of a server are read when it is asked for the first time.
  private MikeyHttpSender sender(PeerConfig server) throws TlsRefused {
    MikeyHttpSender known = senders.get(server);
    if (known != null) {
      return known;
    }
    MikeyHttpSender made =
        "http".equals(server.url().getScheme())
            ? new MikeyHttpSender(PATIENCE)
            : new MikeyHttpSender(PATIENCE, server.tls());
    MikeyHttpSender before = senders.putIfAbsent(server, made);
    if (before != null) {
      made.close();
      return before;
    }
    return made;
  }

  /// Whole or not at all, and once.
  private void write(byte[] octets, Path file) {
    try {
      if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), octets)) {
        return;
      }
      Files.createDirectories(file.resolveSibling(""));
      WholeFile.write(file, octets);
      loop.counters().countSent();
    } catch (IOException e) {
      loop.counters().countUnsent();
      LOG.atWarn().addKeyValue("file", file).setCause(e).log("message not written");
    }
  }

  /// `sip_alice@example.org-00c0ffee.mikey`.
  public static String fileName(GmkMessage message) {
    return plain(message.ue()) + '-' + HexFormat.of().toHexDigits(message.gmkId()) + ".mikey";
  }

  private static String plain(Identity ue) {
    return ue.uri().replaceAll("[^A-Za-z0-9.@-]", "_");
  }

  @Override
  public void close() {
    senders.values().forEach(MikeyHttpSender::close);
  }
}
