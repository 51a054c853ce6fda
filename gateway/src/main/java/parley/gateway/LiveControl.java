package parley.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.ControlRefused.Kind;
import parley.gateway.admin.DrainStatus;
import parley.gateway.admin.GatewayControl;
import parley.gateway.admin.GroupView;
import parley.gateway.admin.ReloadReport;
import parley.gateway.config.ConfigError;
import parley.gateway.config.ConfigException;
import parley.gateway.config.GatewayConfig;
import parley.gateway.media.PortUnavailable;
import parley.keys.manager.HeldMemberList;
import parley.keys.manager.MemberList;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// A running gateway in the hands of its operator. What changes something takes turns.
final class LiveControl implements GatewayControl {
  private static final Logger LOG = LoggerFactory.getLogger(LiveControl.class);

  private final Gateway gateway;
  private final Planes planes;
  private final Drain drain;
  private final Operations operations;
  private final GroupViews views;
  private boolean closed;

  LiveControl(Gateway gateway, Planes planes, Drain drain, Operations operations) {
    this.gateway = gateway;
    this.planes = planes;
    this.drain = drain;
    this.operations = operations;
    this.views = new GroupViews(gateway.member());
  }

  @Override
  public List<GroupView> groups() throws ControlRefused {
    Instant now = gateway.clock().instant();
    return planes.look(planes.served(), group -> views.view(group, now));
  }

  @Override
  public GroupView group(Identity id) throws ControlRefused {
    Instant now = gateway.clock().instant();
    return planes.look(List.of(served(id)), group -> views.view(group, now)).getFirst();
  }

  @Override
  public synchronized ReloadReport reload() throws ControlRefused {
    try {
      requireOpen();
      ReloadReport report = change(read());
      operations.reload.increment();
      LOG.atInfo()
          .addKeyValue("added", report.added().size())
          .addKeyValue("removed", report.removed().size())
          .addKeyValue("changed", report.changed().size())
          .addKeyValue("unchanged", report.unchanged().size())
          .log("configuration reloaded");
      report.changes().forEach(change -> LOG.info("reload: {}", change));
      return report;
    } catch (ControlRefused e) {
      operations.refusedReload.increment();
      LOG.atWarn()
          .addKeyValue("findings", e.findings())
          .log("configuration not reloaded, nothing has changed: {}", e.getMessage());
      throw e;
    }
  }

  /// A manager has signed a newer list of members: what runs becomes what it says. The file is not
  /// read for that.
  synchronized void membersChanged() {
    try {
      requireOpen();
      ReloadReport report = change(WholeConfig.of(gateway.config(), this::heldList));
      report.changes().forEach(change -> LOG.info("signed list: {}", change));
    } catch (ControlRefused | WholeConfig.WrongMembers e) {
      LOG.atWarn()
          .addKeyValue("detail", e.getMessage())
          .log("a newer list of members waits for the next reload");
    }
  }

  private WholeConfig read() throws ControlRefused {
    try {
      return WholeConfig.of(gateway.source().read(), this::heldList);
    } catch (ConfigException e) {
      List<String> findings = e.errors().stream().map(ConfigError::toString).toList();
      throw new ControlRefused(Kind.INVALID, firstLine(e), findings, e);
    } catch (WholeConfig.WrongMembers e) {
      throw new ControlRefused(
          Kind.INVALID, "a members list is wrong: " + e.getMessage(), e.findings(), e);
    }
  }

  private Optional<MemberList> heldList(Identity group) {
    return gateway.managers().held(group).map(HeldMemberList::members);
  }

  private static String firstLine(ConfigException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("the configuration is wrong");
  }

  private ReloadReport change(WholeConfig after) throws ControlRefused {
    boolean isRecording = gateway.recordings() != null;
    refuse(
        "only a restart can bring this about",
        ReloadLimits.restarts(gateway.config(), after.gateway(), isRecording));
    refuse(
        "a port would have to change hands between two groups",
        ReloadLimits.portsOfOurOwn(planes.served(), after.groups()));
    planes.settle();
    try {
      return gateway.become(after, () -> {});
    } catch (PortUnavailable e) {
      throw new ControlRefused(Kind.UNAVAILABLE, String.valueOf(e.getMessage()), List.of(), e);
    } catch (VaultException e) {
      throw new ControlRefused(Kind.UNAVAILABLE, String.valueOf(e.getMessage()), List.of(), e);
    } catch (IOException e) {
      throw new ControlRefused(
          Kind.UNAVAILABLE, "recordings cannot be begun: " + e.getMessage(), List.of(), e);
    }
  }

  private static void refuse(String sentence, List<String> findings) throws ControlRefused {
    if (!findings.isEmpty()) {
      throw new ControlRefused(
          Kind.CONFLICT, sentence + ": " + String.join("; ", findings), findings, null);
    }
  }

  @Override
  public synchronized DrainStatus drain(Duration deadline) throws ControlRefused {
    requireOpen();
    if (deadline.isNegative() || deadline.compareTo(GatewayConfig.LONGEST_DRAIN) > 0) {
      throw new ControlRefused(Kind.INVALID, "a deadline lies between 0 s and 24 h from now");
    }
    drain.begin(deadline);
    operations.drain.increment();
    LOG.atInfo().addKeyValue("within", deadline).log("draining, no new burst is taken");
    planes.settle(); // what a loop was about to accept is counted now
    drain.look();
    return drain.status();
  }

  @Override
  public synchronized DrainStatus resume() throws ControlRefused {
    requireOpen();
    drain.resume();
    operations.resume.increment();
    return drain.status();
  }

  @Override
  public DrainStatus drainStatus() {
    return drain.status();
  }

  @Override
  public synchronized void mute(Identity group, Identity talker) throws ControlRefused {
    requireOpen();
    GroupPlane plane = served(group).plane();
    planes.settle();
    planes.mute(plane, talker);
    operations.mute.increment();
    LOG.atInfo()
        .addKeyValue("group", group.uri())
        .addKeyValue("talker", talker.uri())
        .log("talker muted");
  }

  @Override
  public synchronized void unmute(Identity group, Identity talker) throws ControlRefused {
    requireOpen();
    GroupPlane plane = served(group).plane();
    planes.settle();
    planes.unmute(plane, talker);
    operations.unmute.increment();
    LOG.atInfo()
        .addKeyValue("group", group.uri())
        .addKeyValue("talker", talker.uri())
        .log("talker unmuted");
  }

  @Override
  public synchronized void addReceiver(Identity group, InetSocketAddress address)
      throws ControlRefused {
    requireOpen();
    GroupPlane plane = served(group).plane();
    planes.settle();
    planes.addReceiver(plane, address);
    LOG.atInfo()
        .addKeyValue("group", group.uri())
        .addKeyValue("address", address)
        .log("receiver added");
  }

  @Override
  public synchronized void removeReceiver(Identity group, InetSocketAddress address)
      throws ControlRefused {
    requireOpen();
    GroupPlane plane = served(group).plane();
    planes.settle();
    planes.removeReceiver(plane, address, gateway.clock().instant());
    LOG.atInfo()
        .addKeyValue("group", group.uri())
        .addKeyValue("address", address)
        .log("receiver removed");
  }

  private ServedGroup served(Identity group) throws ControlRefused {
    ServedGroup served = planes.find(group);
    if (served == null) {
      throw ControlRefused.unknownGroup(group.uri());
    }
    return served;
  }

  private void requireOpen() throws ControlRefused {
    if (closed) {
      throw new ControlRefused(Kind.CONFLICT, "the gateway is stopping");
    }
  }

  /// Nothing is operated any more; waits for what is under way.
  synchronized void close() {
    closed = true;
  }
}
