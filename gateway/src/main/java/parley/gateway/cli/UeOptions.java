package parley.gateway.cli;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Leg;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `talk` and `listen` share: whose keys, which group, which interface.
final class UeOptions {
  @Mixin OwnVault vault = new OwnVault();

  @Option(
      names = "--identity",
      required = true,
      paramLabel = "IDENTITY",
      converter = IdentityConverter.class,
      description = "Whose terminal this is, for example sip:alice@example.org.")
  Identity identity = new Identity("sip:unset@example.org");

  @Option(
      names = "--group",
      required = true,
      paramLabel = "IDENTITY",
      converter = IdentityConverter.class,
      description = "The group, for example sip:fire-ops@example.org.")
  Identity group = identity;

  @Option(
      names = "--interface",
      paramLabel = "NAME",
      description =
          "The interface for a multicast address, for example eth0; for another address the only one to use.")
  @Nullable String interfaceName;

  @Option(
      names = "--ttl",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many routers a multicast packet may pass (default: ${DEFAULT-VALUE}).")
  int ttl;

  /// The leg at `address`, over the interface that multicast needs.
  Leg leg(InetSocketAddress address) throws CommandFailed {
    if (!address.getAddress().isMulticastAddress()) {
      Leg unicast = Leg.unicast(address);
      return interfaceName == null ? unicast : unicast.withInterface(interfaceName);
    }
    if (interfaceName == null) {
      throw new CommandFailed(
          ExitCode.USAGE,
          address.getHostString() + " is a multicast address; add --interface, for example eth0");
    }
    if (ttl < 0 || ttl > 255) {
      throw new CommandFailed(ExitCode.USAGE, "--ttl is 0 to 255, not " + ttl);
    }
    return Leg.multicast(address, interfaceName, ttl);
  }

  /// Opens the vault; the caller closes it.
  Vault openVault() throws VaultException, CommandFailed {
    return vault.access().open();
  }

  /// Opens the terminal's own keys; the caller closes them before the vault.
  Member openMember(Vault open, InstantSource clock) throws KeysMissing {
    return Member.open(open, identity, clock);
  }
}
