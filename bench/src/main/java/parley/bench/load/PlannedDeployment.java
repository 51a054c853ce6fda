package parley.bench.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.bench.rig.GatewayFile;
import parley.bench.rig.Opened;
import parley.gateway.media.Leg;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// Somebody's gateway, with terminals that he has provisioned.
final class PlannedDeployment implements Deployment {
  private final Opened opened = new Opened();
  private final Map<Path, Vault> vaults = new HashMap<>();
  private final Map<Path, Map<Identity, Member>> members = new HashMap<>();
  private final List<LoadGroup> groups = new ArrayList<>();

  private PlannedDeployment() {}

  /// Opens the vaults.
  ///
  /// @param joins whether the listeners join, instead of being named by the gateway's configuration
  static PlannedDeployment open(LoadPlan plan, boolean joins)
      throws WrongPlan, LoadFailed, VaultException, KeysMissing {
    var deployment = new PlannedDeployment();
    try {
      for (LoadPlan.Group group : plan.groups()) {
        deployment.groups.add(
            new LoadGroup(
                group.id(),
                group.to(),
                new MediaPolicy(group.profile(), false),
                deployment.member(group.talker()),
                deployment.member(group.listener()),
                reach(group, joins),
                group.listen()));
      }
      return deployment;
    } catch (WrongPlan | LoadFailed | VaultException | KeysMissing | RuntimeException e) {
      deployment.close();
      throw e;
    }
  }

  private static Reach reach(LoadPlan.Group group, boolean joins) throws WrongPlan {
    boolean isAllMulticast = group.listen().stream().allMatch(Leg::isMulticast);
    if (joins && group.listen().stream().anyMatch(Leg::isMulticast)) {
      throw new WrongPlan(
          "--join is for unicast, and listeners of %s hear a multicast group by the plan"
              .formatted(group.id()));
    }
    return joins ? Reach.JOINED : isAllMulticast ? Reach.MULTICAST : Reach.NAMED;
  }

  private Member member(LoadPlan.Terminal terminal) throws LoadFailed, VaultException, KeysMissing {
    Path file = terminal.vault().toAbsolutePath().normalize();
    Map<Identity, Member> here = members.computeIfAbsent(file, _ -> new HashMap<>());
    Member known = here.get(terminal.identity());
    if (known != null) {
      return known;
    }
    Member made =
        opened.keep(
            Member.open(vault(file, terminal), terminal.identity(), InstantSource.system()));
    here.put(terminal.identity(), made);
    return made;
  }

  private Vault vault(Path file, LoadPlan.Terminal terminal) throws LoadFailed, VaultException {
    Vault known = vaults.get(file);
    if (known != null) {
      return known;
    }
    require(file);
    try (VaultKey key = key(terminal.passphraseFile(), terminal.keyFile())) {
      Vault made = opened.keep(Vault.openToRead(file, key));
      vaults.put(file, made);
      return made;
    }
  }

  private static VaultKey key(@Nullable Path passphraseFile, @Nullable Path keyFile)
      throws LoadFailed {
    if (keyFile != null) {
      return VaultKey.keyFile(require(keyFile));
    }
    if (passphraseFile != null) {
      return VaultKey.passphraseFile(require(passphraseFile));
    }
    throw new IllegalStateException("a terminal without a key to its vault");
  }

  private static Path require(Path file) throws LoadFailed {
    if (!Files.isReadable(file)) {
      throw new LoadFailed(file + " does not exist, or is closed to this user");
    }
    return file;
  }

  @Override
  public List<LoadGroup> groups() {
    return List.copyOf(groups);
  }

  @Override
  public String description() {
    return groups.stream()
        .map(group -> GatewayFile.shown(group.to()))
        .distinct()
        .limit(3)
        .collect(Collectors.joining(", ", "at ", groups.size() > 3 ? " and others" : ""));
  }

  @Override
  public List<String> account() {
    return List.of();
  }

  @Override
  public void close() {
    opened.close();
  }
}
