package parley.gateway.cli;

import parley.mikey.identity.Identity;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of a UE that has a group of its own, or answers others.
final class OwnGroup {
  @Mixin OwnVault vault = new OwnVault();

  @Option(
      names = "--identity",
      required = true,
      paramLabel = "IDENTITY",
      converter = IdentityConverter.class,
      description = "Whose terminal this is, and whose group.")
  Identity identity = new Identity("sip:unset@example.org");
}
