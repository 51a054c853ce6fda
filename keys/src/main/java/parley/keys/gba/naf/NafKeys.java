package parley.keys.gba.naf;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.gba.Fqdn;
import parley.keys.gba.KsNaf;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.ZnClient;
import parley.mikey.secret.SecretBytes;

/// The keys of one server, asked from the BSF and kept until their lifetime ends: 10,000 of them,
/// those used last. Safe for use by many threads.
public final class NafKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NafKeys.class);
  private static final int MOST_KEYS = 10_000;

  private final Fqdn own;
  private final ZnClient zn;
  private final InstantSource clock;
  private final SecureRandom random;
  private final SequencedMap<Name, NafKey> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Name(Tid tid, UaProtocol ua) {}

  /// @param own the server's name, as its configuration says
  public NafKeys(Fqdn own, ZnClient zn, InstantSource clock, SecureRandom random) {
    this.own = own;
    this.zn = zn;
    this.clock = clock;
    this.random = random;
  }

  Fqdn own() {
    return own;
  }

  /// What a TLS server proves a pre-shared key with, of the identity `3GPP-bootstrapping;B-TID`;
  /// the caller closes it. For an identity that nobody has, and when the BSF cannot be asked, a key
  /// that nobody has, so that the handshake fails as with a wrong key.
  ///
  /// @param ua [UaProtocol#tls(int)] with TLS 1.2, [UaProtocol#SHARED_KEY_TLS_13] with TLS 1.3
  public SecretBytes pskFor(String pskIdentity, UaProtocol ua) {
    Optional<Tid> tid = PskIdentity.parse(pskIdentity);
    try {
      Optional<NafKey> found =
          tid.isEmpty() ? Optional.empty() : keyFor(tid.get(), psk(tid.get(), ua));
      if (found.isPresent()) {
        try (NafKey key = found.get()) {
          return key.key().duplicate();
        }
      }
    } catch (IOException e) {
      LOG.atWarn()
          .setMessage("no pre-shared key")
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log();
    }
    return SecretBytes.random(KsNaf.OCTETS, random, "key of nobody");
  }

  /// A pushed key was made before anybody knew the suite.
  private static UaProtocol psk(Tid tid, UaProtocol ua) {
    return tid.isPushed() ? UaProtocol.SHARED_KEY_TLS_13 : ua;
  }

  /// The key of this name and use, kept or asked for; the caller closes it.
  ///
  /// @throws IOException if the BSF cannot be asked
  public Optional<NafKey> keyFor(Tid tid, UaProtocol ua) throws IOException {
    Optional<NafKey> known = kept(tid, ua);
    return known.isPresent() ? known : asked(tid, ua);
  }

  /// One that is kept and good; the caller closes it.
  Optional<NafKey> kept(Tid tid, UaProtocol ua) {
    synchronized (kept) {
      NafKey key = kept.get(new Name(tid, ua));
      return key != null && key.isGood(clock.instant())
          ? Optional.of(key.copy())
          : Optional.empty();
    }
  }

  /// What the BSF says now; the caller closes it.
  Optional<NafKey> asked(Tid tid, UaProtocol ua) throws IOException {
    Optional<NafKey> answer =
        zn.nafKey(tid, new NafId(own, ua)).filter(key -> key.isGood(clock.instant()));
    answer.ifPresent(this::keep);
    return answer;
  }

  /// Keeps a copy; for a key that is about to be pushed.
  public void keep(NafKey key) {
    synchronized (kept) {
      dropOver(clock.instant());
      NafKey before = kept.put(new Name(key.tid(), key.naf().ua()), key.copy());
      if (before != null) {
        before.close();
      }
      if (kept.size() > MOST_KEYS) {
        kept.pollFirstEntry().getValue().close();
      }
    }
  }

  private void dropOver(Instant now) {
    kept.values()
        .removeIf(key -> {
          boolean over = !key.isGood(now);
          if (over) {
            key.close();
          }
          return over;
        });
  }

  int size() {
    synchronized (kept) {
      return kept.size();
    }
  }

  @Override
  public void close() {
    synchronized (kept) {
      kept.values().forEach(NafKey::close);
      kept.clear();
    }
  }
}
