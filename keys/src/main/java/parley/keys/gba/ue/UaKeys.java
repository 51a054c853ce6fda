package parley.keys.gba.ue;

import java.security.SecureRandom;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Fqdn;
import parley.keys.gba.NafId;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.zn.NafKey;
import parley.keys.vault.VaultException;
import parley.mikey.secret.SecretBytes;

/// Where a UE's key for a server comes from.
public interface UaKeys {
  /// Answers challenges of this server with its key; the caller closes it.
  UaDigestClient digest(Fqdn server, UaProtocol ua, SecureRandom random)
      throws BootstrapFailed, VaultException;

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

  /// Derives from the bootstrap of now.
  record OfSim(Bootstrap bootstrap) implements UaKeys {
    @Override
    public UaDigestClient digest(Fqdn server, UaProtocol ua, SecureRandom random)
        throws BootstrapFailed, VaultException {
      try (BootstrappedKey key = bootstrap.current();
          SecretBytes ksNaf = key.ksNaf(new NafId(server, ua))) {
        return new UaDigestClient(key.btid(), server, ksNaf, random);
      }
    }

    @Override
    public void renew(Fqdn server) throws BootstrapFailed, VaultException {
      bootstrap.renewed().close();
    }
  }

  /// Has one key and no way to another.
  record OfPush(NafKey key) implements UaKeys {
    @Override
    public UaDigestClient digest(Fqdn server, UaProtocol ua, SecureRandom random)
        throws BootstrapFailed {
      if (!key.naf().equals(new NafId(server, UaProtocol.HTTP_DIGEST))) {
        throw new BootstrapFailed(
            "the pushed key is for %s, not for HTTP Digest at %s".formatted(key.naf(), server));
      }
      return new UaDigestClient(key.tid(), server, key.key(), random);
    }

    @Override
    public void renew(Fqdn server) throws BootstrapFailed {
      throw new BootstrapFailed(
          "server %s does not take the pushed key; bootstrap instead".formatted(server));
    }
  }
}
