package parley.gateway.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.AccessRefused;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.DrainStatus;
import parley.gateway.admin.GatewayControl;
import parley.gateway.admin.GroupView;
import parley.gateway.admin.LiveAccess;
import parley.gateway.admin.ReloadReport;
import parley.gateway.config.ConfigError;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigSource;
import parley.mikey.identity.Identity;

/// A gateway's control whose reload renews the certificates and tokens of the admin server as well:
/// both, or neither.
final class RenewingControl implements GatewayControl {
  private static final Logger LOG = LoggerFactory.getLogger(RenewingControl.class);

  private final GatewayControl gateway;
  private final Path file;
  private final ConfigSource source;
  private final LiveAccess access;

  RenewingControl(GatewayControl gateway, Path file, LiveAccess access) {
    this.gateway = gateway;
    this.file = file;
    this.source = ConfigSource.file(file);
    this.access = access;
  }

  @Override
  public synchronized ReloadReport reload() throws ControlRefused {
    LiveAccess.Renewal renewal = renewal();
    ReloadReport report = gateway.reload();
    List<String> changes = new ArrayList<>(report.changes());
    List<String> renewed = renewal.commit();
    renewed.forEach(change -> LOG.info("reload: {}", change));
    changes.addAll(renewed);
    return new ReloadReport(
        report.added(), report.removed(), report.changed(), report.unchanged(), changes);
  }

  private LiveAccess.Renewal renewal() throws ControlRefused {
    try {
      return access.prepare(source.read().admin());
    } catch (ConfigException e) {
      throw invalid(e.errors().stream().map(ConfigError::toString).toList(), e);
    } catch (AccessRefused e) {
      throw invalid(List.of(String.valueOf(e.getMessage())), e);
    }
  }

  private ControlRefused invalid(List<String> findings, Exception cause) {
    String sentence =
        "%s is refused, and nothing has changed: %s".formatted(file, findings.getFirst());
    LOG.atWarn().addKeyValue("findings", findings).log("not reloaded: {}", sentence);
    return new ControlRefused(ControlRefused.Kind.INVALID, sentence, findings, cause);
  }

  @Override
  public List<GroupView> groups() throws ControlRefused {
    return gateway.groups();
  }

  @Override
  public GroupView group(Identity id) throws ControlRefused {
    return gateway.group(id);
  }

  @Override
  public DrainStatus drain(Duration deadline) throws ControlRefused {
    return gateway.drain(deadline);
  }

  @Override
  public DrainStatus resume() throws ControlRefused {
    return gateway.resume();
  }

  @Override
  public DrainStatus drainStatus() {
    return gateway.drainStatus();
  }

  @Override
  public void mute(Identity group, Identity talker) throws ControlRefused {
    gateway.mute(group, talker);
  }

  @Override
  public void unmute(Identity group, Identity talker) throws ControlRefused {
    gateway.unmute(group, talker);
  }

  @Override
  public void addReceiver(Identity group, InetSocketAddress address) throws ControlRefused {
    gateway.addReceiver(group, address);
  }

  @Override
  public void removeReceiver(Identity group, InetSocketAddress address) throws ControlRefused {
    gateway.removeReceiver(group, address);
  }
}
