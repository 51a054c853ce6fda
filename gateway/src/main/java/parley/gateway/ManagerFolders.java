package parley.gateway;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import parley.gateway.config.GroupConfig;
import parley.gateway.config.ManagerWay;
import parley.gateway.keying.GmkFolder;
import parley.gateway.keying.GmkInbox;

/// The folders of managers that deliver by file; those that deliver by network come to MIKEY's
/// ports.
final class ManagerFolders implements AutoCloseable {
  private final GmkInbox gmks;
  private final InstantSource clock;
  private final Map<Path, GmkFolder> open = new HashMap<>();

  ManagerFolders(GmkInbox gmks, InstantSource clock) {
    this.gmks = gmks;
    this.clock = clock;
  }

  /// Looks into the folders that these groups name, and no longer into others.
  synchronized void follow(List<GroupConfig> groups) {
    Set<Path> wanted = new LinkedHashSet<>();
    for (GroupConfig group : groups) {
      if (group.manager() instanceof ManagerWay.Folder(Path folder)) {
        wanted.add(folder);
      }
    }
    open.entrySet()
        .removeIf(entry -> {
          boolean gone = !wanted.contains(entry.getKey());
          if (gone) {
            entry.getValue().close();
          }
          return gone;
        });
    wanted.forEach(folder -> open.computeIfAbsent(folder, f -> GmkFolder.open(f, gmks, clock)));
  }

  @Override
  public synchronized void close() {
    open.values().forEach(GmkFolder::close);
    open.clear();
  }
}
