package parley.gateway.manager;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.ManagedGroupConfig;
import parley.gateway.config.ManagerConfig;
import parley.keys.manager.Delivery;
import parley.keys.manager.DeliveryEvents;
import parley.keys.manager.Distributor;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// The groups of a running manager, which come and go with its configuration. On the loop, or
/// before it runs, but for what says otherwise.
final class ManagerGroups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerServer.class);

  private final ManagerLoop loop;
  private final Vault vault;
  private final ManagerNotes notes;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<Identity, ManagedGroup> groups = new LinkedHashMap<>();
  private volatile Map<String, KmsCertificate> kms = Map.of();
  private volatile Set<Identity> signers = Set.of();

  /// What a group shall be, its members file read.
  record Wanted(ManagedGroupConfig config, MemberList members) {}

  ManagerGroups(
      ManagerLoop loop, Vault vault, ManagerNotes notes, InstantSource clock, SecureRandom random) {
    this.loop = loop;
    this.vault = vault;
    this.notes = notes;
    this.clock = clock;
    this.random = random;
  }

  /// Reads the members files. Any thread.
  static List<Wanted> wanted(ManagerConfig config) throws IOException, WrongSetting {
    List<Wanted> groups = new ArrayList<>();
    for (ManagedGroupConfig group : config.groups()) {
      groups.add(new Wanted(group, MemberList.load(group.members())));
    }
    return groups;
  }

  Optional<ManagedGroup> find(Identity group) {
    return Optional.ofNullable(groups.get(group));
  }

  Collection<ManagedGroup> all() {
    return groups.values();
  }

  /// The KMSs of the groups' signers, by their URIs. Any thread.
  Map<String, KmsCertificate> kms() {
    return kms;
  }

  /// The signers that have no keys of the present key period. Any thread.
  List<Identity> signersWithoutKeys() {
    Instant now = clock.instant();
    return signers.stream()
        .filter(signer -> !Member.holdsKeys(vault, signer, now))
        .sorted()
        .toList();
  }

  /// Serves these groups from now on, and no others.
  void follow(List<Wanted> wanted) throws VaultException, KeysMissing {
    Set<Identity> staying =
        wanted.stream().map(one -> one.config().id()).collect(Collectors.toSet());
    for (Identity gone : Set.copyOf(groups.keySet())) {
      if (!staying.contains(gone)) {
        end(gone);
      }
    }
    for (Wanted group : wanted) {
      change(group);
    }
    Map<String, KmsCertificate> known = new HashMap<>();
    for (ManagedGroup group : groups.values()) {
      KmsCertificate home = group.manager().homeKms();
      known.put(home.kmsUri(), home);
    }
    kms = Map.copyOf(known);
    signers =
        groups.values().stream()
            .map(group -> group.manager().settings().signer())
            .collect(Collectors.toUnmodifiableSet());
  }

  private void change(Wanted wanted) throws VaultException, KeysMissing {
    ManagedGroupConfig config = wanted.config();
    ManagedGroup known = groups.get(config.id());
    if (known == null) {
      begin(wanted);
      return;
    }
    known.outlet().ways(config.ways());
    known.distributor().change(config.plan(), config.pace());
    known.distributor().members(wanted.members());
    groups.put(config.id(), known.with(config));
  }

  private void begin(Wanted wanted) throws VaultException, KeysMissing {
    ManagedGroupConfig config = wanted.config();
    boolean isKnown = GroupManager.groups(vault).contains(config.id());
    GroupManager manager =
        isKnown
            ? GroupManager.open(vault, config.id(), clock, random)
            : GroupManager.create(
                vault,
                new GroupSettings(config.id(), config.managerIdentity()),
                wanted.members(),
                clock,
                random);
    var outlet = new GroupOutlet(manager, loop, config.ways());
    var distributor =
        new Distributor(
            manager,
            config.plan(),
            config.pace(),
            outlet,
            new Told(manager, notes),
            clock,
            System::nanoTime);
    groups.put(config.id(), new ManagedGroup(config, manager, outlet, distributor));
    distributor.members(wanted.members());
    loop.add(distributor);
  }

  private void end(Identity group) {
    loop.remove(group);
    ManagedGroup gone = groups.remove(group);
    if (gone != null) {
      close(gone);
    }
  }

  private static void close(ManagedGroup group) {
    group.outlet().close();
    group.manager().close();
  }

  /// When nothing runs on the loop any more.
  @Override
  public void close() {
    groups.values().forEach(ManagerGroups::close);
    groups.clear();
  }

  /// Says in both logs what happens.
  private record Told(GroupManager manager, ManagerNotes notes) implements DeliveryEvents {
    @Override
    public void made(GroupMasterKey gmk) {
      String id = "%08x".formatted(gmk.gmkId());
      notes.done("make GMK", manager.group().uri() + " " + id);
      LOG.atInfo()
          .addKeyValue("group", manager.group().uri())
          .addKeyValue("gmk", id)
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
            .addKeyValue("gmk", "%08x".formatted(gmkId))
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
}
