package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import parley.gateway.admin.ControlRefused;
import parley.gateway.config.ConfigException;
import parley.gateway.config.ConfigFile;
import parley.gateway.config.KmsServerConfig.GbaConfig;
import parley.gateway.config.KmsServerConfig.PushConfig;
import parley.gateway.kms.KmsPush;
import parley.keys.gba.Tid;
import parley.keys.http.TlsRefused;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.KmsUser;
import parley.keys.store.StoreException;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `parley kms push`: calls a user's UE.
@Command(
    name = "push",
    description = "Calls a user by GBA push, so that its UE comes for new keys.",
    footer = {
      "",
      "The BSF makes the key and the message; the message goes out as 'gba.push' of kms.yaml says,",
      "and leads the UE to the KMS of its own configuration. No answer comes: whether the UE came is",
      "in the KMS's audit log. Noted in audit-cli.log beside that.",
      "",
      "Examples:",
      "  parley kms push --config kms.yaml --identity sip:alice@example.org"
    })
final class KmsPushCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE", description = "kms.yaml.")
  Path config = Path.of("");

  @Option(names = "--identity", required = true, description = "Who is called.")
  Identity identity = new Identity("sip:unset@example.org");

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call()
      throws CommandFailed, ConfigException, VaultException, TlsRefused, IOException {
    GbaConfig gba = ConfigFile.readKms(config).gba();
    PushConfig how = gba == null ? null : gba.push();
    if (gba == null || how == null) {
      throw new CommandFailed(
          ExitCode.CONFIGURATION_REFUSED,
          config + " says no way to call UEs; for example gba: {..., push: {folder: pushes}}");
    }
    try (KmsDesk desk = KmsDesk.open(config);
        KmsPush push = KmsPush.open(gba, how)) {
      Tid tid = desk.act("push", identity.uri(), registry -> call(push, registry));
      spec.commandLine().getOut().printf("called %s, which will come as %s%n", identity, tid);
    }
    return ExitCode.OK.code();
  }

  private Tid call(KmsPush push, KmsRegistry registry) throws CommandFailed, StoreException {
    KmsUser user =
        registry
            .users()
            .find(identity)
            .orElseThrow(() ->
                new CommandFailed(
                    ExitCode.KEYS,
                    identity + " is no user here; 'parley kms user add' makes it one"));
    try {
      return push.call(user);
    } catch (ControlRefused e) {
      throw new CommandFailed(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
