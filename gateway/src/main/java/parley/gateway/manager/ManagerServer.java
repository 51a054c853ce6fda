package parley.gateway.manager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.ManagedGroupConfig;
import parley.gateway.config.ManagerConfig;
import parley.gateway.config.ManagerKmsConfig;
import parley.gateway.config.Way;
import parley.gateway.enrol.SelfEnrolment;
import parley.keys.enrol.NotEnrolled;
import parley.keys.manager.Delivery;
import parley.keys.manager.DeliveryEvents;
import parley.keys.manager.Distributor;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// A running group manager: the groups of one vault behind one UDP port.
///
/// Everything that matters is in the vault before it goes out, so it may be killed at any moment; a
/// new one goes on where the board stands. All work is done on the thread of its [ManagerLoop].
public final class ManagerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerServer.class);

  private final Vault vault;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ManagerLoop loop;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Identity, Managed> groups = new LinkedHashMap<>();
  private final ReceiptFolders folders;
  private final Thread thread;
  private volatile boolean stopped;

  /// A group with what serves it.
  private record Managed(GroupManager manager, GroupOutlet outlet, Distributor distributor) {}

  private ManagerServer(ManagerLoop loop, Vault vault, InstantSource clock, SecureRandom random) {
    this.loop = loop;
    this.vault = vault;
    this.clock = clock;
    this.random = random;
    this.folders = new ReceiptFolders(loop::receipt);
    this.thread =
        Thread.ofPlatform()
            .name("parley-manager")
            .unstarted(() -> loop.run(() -> stopped, Long.MAX_VALUE));
  }

  /// Binds the port, opens the groups, and makes those that `vault`, which stays the caller's, does
  /// not know yet; then works until it is closed.
  ///
  /// @throws NotEnrolled if such keys do not come from the KMS of `config` either
  /// @throws KeysMissing if a group's signer has no keys in the vault
  /// @throws WrongSetting if a members file is wrong; nothing has been sent
  public static ManagerServer start(
      ManagerConfig config, Vault vault, InstantSource clock, SecureRandom random)
      throws IOException, VaultException, KeysMissing, WrongSetting, NotEnrolled {
    List<Wanted> groups = wanted(config);
    var server = new ManagerServer(ManagerLoop.bind(config.listen(), clock), vault, clock, random);
    boolean started = false;
    try {
      server.fetchKeys(config);
      for (Wanted group : groups) {
        server.begin(group);
      }
      server.open.push(ManagerDoor.open(config.vault().file(), server));
      server.open.push(server.folders);
      server.follow(config);
      server.thread.start();
      started = true;
      LOG.atInfo()
          .addKeyValue("listen", server.local())
          .addKeyValue("groups", config.groups().size())
          .log("manager ready");
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  /// The keys of every signer, now where they are missing, and again before they end. The groups
  /// that a reload adds have theirs from the next start on.
  private void fetchKeys(ManagerConfig config) throws NotEnrolled {
    ManagerKmsConfig kms = config.kms();
    if (kms == null) {
      return;
    }
    var own = SelfEnrolment.of(kms.kms(), vault, kms.user(), kms.device(), clock);
    open.push(own);
    for (ManagedGroupConfig group : config.groups()) {
      Identity manager = group.managerIdentity();
      Identity signer = manager == null ? group.id() : manager;
      var _ = own.fetchIfMissing(signer);
      open.push(own.renewing(signer, random, _ -> {}));
    }
  }

  /// What a group shall be, its members file read.
  private record Wanted(ManagedGroupConfig config, MemberList members) {}

  private static List<Wanted> wanted(ManagerConfig config) throws IOException, WrongSetting {
    List<Wanted> groups = new ArrayList<>();
    for (ManagedGroupConfig group : config.groups()) {
      groups.add(new Wanted(group, MemberList.load(group.members())));
    }
    return groups;
  }

  /// On the loop, or before it runs.
  private void begin(Wanted wanted) throws VaultException, KeysMissing {
    ManagedGroupConfig group = wanted.config();
    boolean isKnown = GroupManager.groups(vault).contains(group.id());
    GroupManager manager =
        isKnown
            ? GroupManager.open(vault, group.id(), clock, random)
            : GroupManager.create(
                vault,
                new GroupSettings(group.id(), group.managerIdentity()),
                wanted.members(),
                clock,
                random);
    open.push(manager);
    var outlet = new GroupOutlet(manager, loop, group.ways());
    open.push(outlet);
    var distributor =
        new Distributor(
            manager,
            group.plan(),
            group.pace(),
            outlet,
            new Told(manager),
            clock,
            System::nanoTime);
    distributor.members(wanted.members());
    loop.add(distributor);
    groups.put(group.id(), new Managed(manager, outlet, distributor));
  }

  public InetSocketAddress local() {
    return loop.local();
  }

  public ManagerCounters counters() {
    return loop.counters();
  }

  /// The delivery board of a group; empty for one that is not managed here. Any thread but the
  /// loop.
  public List<Delivery> deliveries(Identity group) {
    try {
      return onLoop(() -> {
        Managed managed = groups.get(group);
        return managed == null ? List.of() : managed.manager().deliveries();
      });
    } catch (VaultException | KeysMissing e) {
      throw new IllegalStateException("reading the board writes nothing", e);
    }
  }

  /// Reads the members files again and takes over what `config` says otherwise; groups come and go.
  /// A members file that is wrong changes nothing. Any thread but the loop.
  public void reload(ManagerConfig config)
      throws IOException, WrongSetting, VaultException, KeysMissing {
    List<Wanted> all = wanted(config);
    onLoop(() -> {
      Set<Identity> staying =
          config.groups().stream().map(ManagedGroupConfig::id).collect(Collectors.toSet());
      for (Identity gone : Set.copyOf(groups.keySet())) {
        if (!staying.contains(gone)) {
          end(gone);
        }
      }
      for (Wanted group : all) {
        change(group);
      }
      return null;
    });
    follow(config);
  }

  private void follow(ManagerConfig config) {
    Set<Path> wanted = new HashSet<>();
    for (ManagedGroupConfig group : config.groups()) {
      for (Way way : group.ways().values()) {
        switch (way) {
          case Way.Folder(Path folder) -> wanted.add(folder);
          case Way.Sms(Path folder) -> wanted.add(folder);
          case Way.Udp _, Way.Http _ -> {}
        }
      }
    }
    folders.follow(wanted);
  }

  private void change(Wanted wanted) throws VaultException, KeysMissing {
    ManagedGroupConfig group = wanted.config();
    Managed known = groups.get(group.id());
    if (known == null) {
      begin(wanted);
      return;
    }
    known.outlet().ways(group.ways());
    known.distributor().change(group.plan(), group.pace());
    known.distributor().members(wanted.members());
  }

  private void end(Identity group) {
    Managed gone = groups.remove(group);
    loop.remove(group);
    if (gone != null) {
      gone.manager().close();
    }
  }

  /// Does what a `parley manager` command asks of the running server. Any thread but the loop.
  DoorReply obey(DoorRequest command) {
    try {
      return onLoop(() -> answer(command));
    } catch (VaultException | KeysMissing e) {
      return DoorReply.failed(String.valueOf(e.getMessage()));
    }
  }

  private DoorReply answer(DoorRequest command) throws VaultException {
    Managed managed = groups.get(command.group());
    if (managed == null) {
      return DoorReply.failed(command.group() + " is not managed by this server");
    }
    return switch (command.verb()) {
      case STATUS -> DoorReply.status(GroupReport.of(managed.manager(), managed.outlet()));
      case REKEY -> {
        managed.distributor().rekey();
        yield DoorReply.status(GroupReport.of(managed.manager(), managed.outlet()));
      }
      case DISSOLVE -> {
        managed.manager().dissolve();
        managed.distributor().changed();
        yield DoorReply.status(GroupReport.of(managed.manager(), managed.outlet()));
      }
    };
  }

  /// What is done on the loop.
  private interface Work<T> {
    T run() throws VaultException, KeysMissing;
  }

  private <T extends @Nullable Object> T onLoop(Work<T> work) throws VaultException, KeysMissing {
    var done = new CompletableFuture<T>();
    loop.execute(() -> {
      try {
        done.complete(work.run());
      } catch (VaultException | KeysMissing | RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    try {
      return done.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case VaultException vaultException -> throw vaultException;
        case KeysMissing keysMissing -> throw keysMissing;
        case null, default -> throw e;
      }
    }
  }

  /// Says in the log what happens.
  private record Told(GroupManager manager) implements DeliveryEvents {
    @Override
    public void made(GroupMasterKey gmk) {
      LOG.atInfo()
          .addKeyValue("group", manager.group().uri())
          .addKeyValue("gmk", String.format("%08x", gmk.gmkId()))
          .addKeyValue("activation", gmk.activation())
          .addKeyValue("expiry", gmk.expiry().equals(Instant.MAX) ? "none" : gmk.expiry())
          .log("new GMK");
    }

    @Override
    public void confirmed(Collection<Delivery> deliveries) {
      Set<Integer> gmks = deliveries.stream().map(Delivery::gmkId).collect(Collectors.toSet());
      List<Integer> complete =
          gmks.stream().filter(gmkId -> manager.pendingCount(gmkId) == 0).toList();
      for (int gmkId : complete) {
        LOG.atInfo()
            .addKeyValue("group", manager.group().uri())
            .addKeyValue("gmk", String.format("%08x", gmkId))
            .log("every member that was sent this GMK has it");
      }
    }

    @Override
    public void cannotSeal(KeysMissing why) {
      LOG.atError()
          .addKeyValue("group", manager.group().uri())
          .addKeyValue("detail", why.getMessage())
          .log("no messages can be made, trying again in a minute");
    }
  }

  /// Stops after the present turn and zeroes the keys; the vault stays the caller's.
  @Override
  public void close() {
    stopped = true;
    loop.execute(() -> {});
    try {
      if (thread.isAlive()) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    loop.close();
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("closing failed");
      }
    }
  }
}
