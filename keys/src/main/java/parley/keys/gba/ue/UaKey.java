package parley.keys.gba.ue;

import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.Fqdn;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.zn.NafKey;
import parley.mikey.secret.SecretBytes;

/// One key of a UE, bootstrapped or pushed, and what follows from it for a server.
public interface UaKey extends AutoCloseable {
  /// Under which the server asks the BSF for the same.
  Tid tid();

  /// Ks_NAF for HTTP Digest inside TLS; the caller closes it.
  ///
  /// @param tls of the connection's cipher suite; a pushed key was made before anybody knew one
  SecretBytes insideTls(Fqdn server, UaProtocol tls) throws BootstrapFailed;

  /// Ks_NAF for HTTP Digest whatever the connection, from which a server's own protocol derives
  /// what it protects its messages with; the caller closes it.
  SecretBytes digest(Fqdn server) throws BootstrapFailed;

  @Override
  void close();

  /// Of a bootstrap; closes `key`.
  record Bootstrapped(BootstrappedKey key) implements UaKey {
    @Override
    public Tid tid() {
      return key.btid();
    }

    @Override
    public SecretBytes insideTls(Fqdn server, UaProtocol tls) {
      return key.ksNaf(new NafId(server, tls));
    }

    @Override
    public SecretBytes digest(Fqdn server) {
      return key.ksNaf(new NafId(server, UaProtocol.HTTP_DIGEST));
    }

    @Override
    public void close() {
      key.close();
    }
  }

  /// Of a push, for one server and use; closes `key`.
  record Pushed(NafKey key) implements UaKey {
    @Override
    public Tid tid() {
      return key.tid();
    }

    @Override
    public SecretBytes insideTls(Fqdn server, UaProtocol tls) throws BootstrapFailed {
      return digest(server);
    }

    @Override
    public SecretBytes digest(Fqdn server) throws BootstrapFailed {
      if (!key.naf().equals(new NafId(server, UaProtocol.HTTP_DIGEST))) {
        throw new BootstrapFailed(
            BootstrapFailed.Kind.NOT_GOOD,
            "the pushed key is for %s, not for HTTP Digest at %s".formatted(key.naf(), server));
      }
      return key.key().duplicate();
    }

    @Override
    public void close() {
      key.close();
    }
  }
}
