package parley.keys.gba.ue;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.gba.Fqdn;
import parley.keys.gba.KsNaf;
import parley.keys.gba.Tid;
import parley.keys.gba.digest.AuthenticationInfo;
import parley.keys.gba.digest.DigestAlgorithm;
import parley.keys.gba.digest.DigestChallenge;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.keys.gba.digest.MalformedDigest;
import parley.keys.gba.digest.Qop;
import parley.mikey.secret.SecretBytes;

/// Ua with HTTP Digest in the UE (TS 33.222, 5.3), for one key and one connection: B-TID as the
/// user, Ks_NAF in base64 as the password. Speaks no HTTP itself.
///
/// Used in turns: the server's challenge in, an `Authorization` out, the `Authentication-Info` in.
/// Confined to one thread.
public final class UaDigestClient implements AutoCloseable {
  private static final String REALM = "3GPP-bootstrapping@";
  private static final int CNONCE_OCTETS = 16;

  private final Tid tid;
  private final Fqdn server;
  private final SecretBytes password;
  private final SecureRandom random;
  private @Nullable DigestChallenge challenge;
  private int used;

  /// @param ksNaf of `server` and of the TLS connection's Ua protocol; stays the caller's
  public UaDigestClient(Tid tid, Fqdn server, SecretBytes ksNaf, SecureRandom random) {
    this.tid = tid;
    this.server = server;
    this.password = KsNaf.password(ksNaf);
    this.random = random;
  }

  /// The server for which this `WWW-Authenticate` says that bootstrapping is required, or required
  /// again (TS 24.109, 5.2.4 and 5.2.5); empty for a challenge of any other kind.
  public static Optional<Fqdn> wantsBootstrapping(String wwwAuthenticate) {
    try {
      String realm = DigestChallenge.parse(wwwAuthenticate).realm();
      return realm.startsWith(REALM)
          ? Optional.of(new Fqdn(realm.substring(REALM.length())))
          : Optional.empty();
    } catch (MalformedDigest | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Takes what the next requests answer.
  ///
  /// @return whether it is of this server and asks for MD5 with auth-int; otherwise nothing changed
  public boolean take(String wwwAuthenticate) {
    try {
      DigestChallenge next = DigestChallenge.parse(wwwAuthenticate);
      boolean good =
          next.realm().equals(REALM + server)
              && next.algorithm() == DigestAlgorithm.MD5
              && next.qop().contains(Qop.AUTH_INT);
      if (good) {
        challenge = next;
        used = 0;
      }
      return good;
    } catch (MalformedDigest _) {
      return false;
    }
  }

  /// Of the next request; its `header()` is the value of `Authorization`.
  ///
  /// @param uri path and query as they go out
  /// @throws IllegalStateException before the first challenge
  public DigestCredentials authorize(String method, String uri, byte[] body) {
    DigestChallenge taken = challenge;
    if (taken == null) {
      throw new IllegalStateException("no challenge to answer yet");
    }
    byte[] cnonce = new byte[CNONCE_OCTETS];
    random.nextBytes(cnonce);
    used++;
    var freshness = new Freshness(Qop.AUTH_INT, Base64.getEncoder().encodeToString(cnonce), used);
    return DigestCredentials.answer(taken, tid.text(), password, method, uri, body, freshness);
  }

  /// Whether the server that has this key answered `sent` with this body.
  ///
  /// @param authenticationInfo null where the header did not come exactly once
  public boolean isOfServer(
      @Nullable String authenticationInfo, DigestCredentials sent, byte[] body) {
    if (authenticationInfo == null) {
      return false;
    }
    try {
      return AuthenticationInfo.parse(authenticationInfo).isProvedBy(password, sent, body);
    } catch (MalformedDigest _) {
      return false;
    }
  }

  @Override
  public void close() {
    password.close();
  }

  @Override
  public String toString() {
    return "UaDigestClient[" + tid + " at " + server + "]";
  }
}
