package parley.gateway.manager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.Way;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GroupManager;
import parley.keys.manager.Outlet;
import parley.mikey.identity.Identity;

/// From a message of one group to its UE: where the UE has registered, or else as the configuration
/// says. On the loop.
public final class GroupOutlet implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(GroupOutlet.class);

  private final GroupManager manager;
  private final ManagerLoop loop;
  private Map<Identity, Way> ways;

  public GroupOutlet(GroupManager manager, ManagerLoop loop, Map<Identity, Way> ways) {
    this.manager = manager;
    this.loop = loop;
    this.ways = Map.copyOf(ways);
  }

  void ways(Map<Identity, Way> wanted) {
    ways = Map.copyOf(wanted);
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
      case Way.Folder(Path folder) -> write(message, folder);
      case Way.Http http -> throw new IllegalStateException("no way by HTTP yet: " + http);
    }
    return true;
  }

  /// Whole or not at all, and once.
  private void write(GmkMessage message, Path folder) {
    Path file = folder.resolve(fileName(message));
    try {
      if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), message.octets())) {
        return;
      }
      Files.createDirectories(folder);
      Path part = file.resolveSibling(file.getFileName() + ".part");
      Files.write(part, message.octets());
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      loop.counters().countSent();
    } catch (IOException e) {
      loop.counters().countUnsent();
      LOG.atWarn().addKeyValue("file", file).setCause(e).log("message not written");
    }
  }

  /// `sip_alice@example.org-00c0ffee.mikey`.
  public static String fileName(GmkMessage message) {
    return message.ue().uri().replaceAll("[^A-Za-z0-9.@-]", "_")
        + '-'
        + HexFormat.of().toHexDigits(message.gmkId())
        + ".mikey";
  }
}
