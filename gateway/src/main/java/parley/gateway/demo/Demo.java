package parley.gateway.demo;

import java.nio.file.Path;
import java.util.List;
import parley.gateway.Gateway;
import parley.keys.vault.Vault;

/// The whole system on loopback, act by act.
public final class Demo {
  private final Path workplace;
  private final Path exports;
  private final Terminal terminal;

  /// @param workplace an empty directory for vaults, configuration and recordings
  /// @param exports where WAV and Ogg files go
  public Demo(Path workplace, Path exports, Terminal terminal) {
    this.workplace = workplace;
    this.exports = exports;
    this.terminal = terminal;
  }

  /// Plays all acts; true when every listener and the recording have exactly what was said, and
  /// every attack was refused for the right reason.
  public boolean play() throws Exception {
    try (Stage stage = new Stage(workplace, terminal)) {
      Addresses addresses = Addresses.deal(stage);
      KeyPlane keys = KeyPlane.start(stage);
      ManagerStart manager = new ManagerStart(stage, keys, addresses);
      manager.announceGroups();
      Roles roles = new Enrolment(stage, keys).play();
      GatewayStart start = new GatewayStart(stage, keys, addresses);
      Turns turns;
      List<Spectator> audience;
      boolean delivered;
      stage.terminal().act("3. The group manager and the gateway");
      manager.play();
      try (Vault vault = stage.vault("gateway");
          Gateway gateway = start.play(vault)) {
        delivered = new GmkDelivery(stage, roles, keys, addresses).play();
        audience = new Audience(stage, roles, addresses).play();
        turns = new Turns(stage, roles, addresses, audience, new GatewayMeter(gateway.status()));
        turns.play();
      }
      List<Archived> archive = new Archive(stage, start.recordings(), exports).play(turns.turns());
      boolean right = new Verdict(terminal, audience, archive).play(turns.turns(), turns.attacks());
      return delivered && right;
    }
  }
}
