package parley.gateway.admin;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.config.AdminConfig;

/// The access that holds for new connections and requests: read at the start, and again at each
/// reload. Any thread.
public final class LiveAccess {
  private final InstantSource clock;
  private volatile AdminAccess present;
  private volatile Runnable watcher = () -> {};

  private LiveAccess(InstantSource clock, AdminAccess present) {
    this.clock = clock;
    this.present = present;
  }

  /// @throws AccessRefused when a file of `config` cannot be used
  public static LiveAccess open(AdminConfig config, InstantSource clock) throws AccessRefused {
    return new LiveAccess(clock, AdminAccess.load(config, clock.instant()));
  }

  AdminAccess present() {
    return present;
  }

  void whenChanged(Runnable watcher) {
    this.watcher = watcher;
  }

  /// Reads the files of `config`, which take the place of the present ones when they are committed.
  ///
  /// @throws AccessRefused when one cannot be used, or when `admin.listen` is another, which no
  ///   reload can do
  public Renewal prepare(AdminConfig config) throws AccessRefused {
    if (!config.listen().equals(present.config().listen())) {
      throw new AccessRefused(
          "admin.listen", "cannot change while the gateway runs; restart it, or put it back");
    }
    return new Renewal(AdminAccess.load(config, clock.instant()));
  }

  /// What a reload has read.
  public final class Renewal {
    private final AdminAccess next;

    private Renewal(AdminAccess next) {
      this.next = next;
    }

    /// Makes it so.
    ///
    /// @return one sentence for each difference
    public List<String> commit() {
      List<String> changes = differences(present, next);
      present = next;
      watcher.run();
      return changes;
    }
  }

  private static List<String> differences(AdminAccess before, AdminAccess after) {
    List<String> changes = new ArrayList<>();
    for (AccessToken token : after.tokens()) {
      if (!before.tokens().contains(token)) {
        changes.add("token %s added: %s".formatted(token.name(), token.role().label()));
      }
    }
    for (AccessToken token : before.tokens()) {
      if (!after.tokens().contains(token)) {
        changes.add("token %s removed".formatted(token.name()));
      }
    }
    if (!before.config().equals(after.config())) {
      changes.add("admin: settings changed");
    }
    return changes;
  }
}
