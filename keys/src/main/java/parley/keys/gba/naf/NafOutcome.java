package parley.keys.gba.naf;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.Tid;
import parley.keys.gba.digest.AuthenticationInfo;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.zn.NafKey;
import parley.keys.http.Reply;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// Who a request is from.
public sealed interface NafOutcome {
  /// Nobody known; this goes back instead of an answer.
  record Refused(Reply reply) implements NafOutcome {}

  /// A subscriber of the home network. Whoever asked closes it.
  final class Authenticated implements NafOutcome, AutoCloseable {
    private final Tid tid;
    private final String impi;
    private final List<Identity> identities;
    private final Instant until;
    private final @Nullable DigestCredentials said;
    private final @Nullable SecretBytes password;

    /// By Digest; takes the password.
    Authenticated(NafKey key, DigestCredentials said, SecretBytes password) {
      this(key, said, password, key.until());
    }

    /// By TLS with a pre-shared key.
    Authenticated(NafKey key) {
      this(key, null, null, key.until());
    }

    private Authenticated(
        NafKey key,
        @Nullable DigestCredentials said,
        @Nullable SecretBytes password,
        Instant until) {
      this.tid = key.tid();
      this.impi = key.impi();
      this.identities = key.identities();
      this.until = until;
      this.said = said;
      this.password = password;
    }

    public Tid tid() {
      return tid;
    }

    public String impi() {
      return impi;
    }

    /// The public identities for which this subscriber may act.
    public List<Identity> identities() {
      return identities;
    }

    /// When the key's lifetime ends.
    public Instant until() {
      return until;
    }

    /// The reply with the server's own proof over its body, which must not change any more.
    public Reply prove(Reply reply) {
      if (said == null || password == null) {
        return reply; // TLS proves it
      }
      return reply.with(
          "Authentication-Info", AuthenticationInfo.of(said, password, reply.body()).header());
    }

    @Override
    public void close() {
      if (password != null) {
        password.close();
      }
    }

    @Override
    public String toString() {
      return "Authenticated[" + impi + "]";
    }
  }
}
