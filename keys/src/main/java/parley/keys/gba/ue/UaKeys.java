package parley.keys.gba.ue;

import parley.keys.gba.Fqdn;
import parley.keys.gba.zn.NafKey;
import parley.keys.vault.VaultException;

/// Where a UE's key for a server comes from.
public interface UaKeys {
  /// The key of now; the caller closes it.
  UaKey current() throws BootstrapFailed, VaultException;

  /// The server does not take the key.
  void renew(Fqdn server) throws BootstrapFailed, VaultException;

  /// The SIM's: bootstrapped when it is needed.
  static UaKeys of(Bootstrap bootstrap) {
    return new OfSim(bootstrap);
  }

  /// The one that a push has brought, for the server that it names.
  ///
  /// @param key stays the caller's
  static UaKeys of(NafKey key) {
    return new OfPush(key);
  }

  /// The bootstrap of now.
  record OfSim(Bootstrap bootstrap) implements UaKeys {
    @Override
    public UaKey current() throws BootstrapFailed, VaultException {
      return new UaKey.Bootstrapped(bootstrap.current());
    }

    @Override
    public void renew(Fqdn server) throws BootstrapFailed, VaultException {
      bootstrap.renewed().close();
    }
  }

  /// Has one key and no way to another.
  record OfPush(NafKey key) implements UaKeys {
    @Override
    public UaKey current() {
      return new UaKey.Pushed(key.copy());
    }

    @Override
    public void renew(Fqdn server) throws BootstrapFailed {
      throw new BootstrapFailed(
          BootstrapFailed.Kind.NOT_KNOWN,
          "server %s does not take the pushed key; bootstrap instead".formatted(server));
    }
  }
}
