package parley.gateway.kms;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.naf.NafAuthenticator;
import parley.keys.gba.naf.NafKeys;
import parley.keys.gba.naf.NafOutcome;
import parley.keys.gba.naf.PskIdentity;
import parley.keys.gba.zn.NafKey;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.Site;
import parley.keys.kms.front.KmsClient;
import parley.keys.kms.front.WayToBeKnown;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.KmsUsers;
import parley.keys.kms.registry.KnownBy;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;

/// The KMS as a NAF: whoever is known by no other way is told that bootstrapping is required, and
/// whoever has bootstrapped is known by its SIM (TS 33.222).
///
/// A site around the KMS's own, because the answer to a bootstrapped client is proved with its key
/// and only when it is whole. TrK and InK of such a client follow from its Ks_NAF for HTTP Digest,
/// whichever way it came, so that it knows them before it connects. Safe for use by many threads.
final class GbaDoor implements Site {
  private static final Logger LOG = LoggerFactory.getLogger(GbaDoor.class);
  private static final ScopedValue<NafOutcome> KNOWN = ScopedValue.newInstance();
  private static final String DIGEST = "Digest ";
  private static final String RETRY_SECONDS = "30";

  private final NafAuthenticator naf;
  private final NafKeys keys;
  private final KmsUsers users;
  private final Site kms;

  /// The KMS's site with this way among the others.
  interface SiteOf {
    Site with(WayToBeKnown gba);
  }

  GbaDoor(NafAuthenticator naf, NafKeys keys, KmsUsers users, SiteOf kms) {
    this.naf = naf;
    this.keys = keys;
    this.users = users;
    this.kms = kms.with(this::look);
  }

  @Override
  public Reply answer(Request request) throws Exception {
    if (!bringsProof(request)) {
      return kms.answer(request);
    }
    NafOutcome outcome;
    try {
      outcome = naf.authenticate(request);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log("a bootstrapped client cannot be verified");
      return Reply.text(503, "bootstraps cannot be verified at the moment; ask again later")
          .with("Retry-After", RETRY_SECONDS);
    }
    return switch (outcome) {
      case NafOutcome.Refused _ -> inside(outcome, request);
      case NafOutcome.Authenticated known -> {
        try (known) {
          yield known.prove(inside(known, request));
        }
      }
    };
  }

  private Reply inside(NafOutcome outcome, Request request) throws Exception {
    return ScopedValue.where(KNOWN, outcome).call(() -> kms.answer(request));
  }

  /// Whoever proves nothing is told what is required without a question to the BSF.
  private static boolean bringsProof(Request request) {
    String said = request.header("authorization");
    String psk = request.tls().pskIdentity();
    boolean isDigest = said != null && said.regionMatches(true, 0, DIGEST, 0, DIGEST.length());
    return isDigest || (psk != null && PskIdentity.parse(psk).isPresent());
  }

  private WayToBeKnown.Outcome look(Request request) throws StoreException {
    try {
      return switch (KNOWN.isBound() ? KNOWN.get() : naf.authenticate(request)) {
        case NafOutcome.Refused(Reply reply) -> new WayToBeKnown.Outcome.Challenge(reply);
        case NafOutcome.Authenticated known -> client(known);
      };
    } catch (IOException e) {
      throw new IllegalStateException("a request without a proof asks no BSF", e);
    }
  }

  private WayToBeKnown.Outcome client(NafOutcome.Authenticated known)
      throws StoreException, IOException {
    Optional<Identity> user = user(known);
    Optional<NafKey> key = keys.keyFor(known.tid(), UaProtocol.HTTP_DIGEST);
    if (user.isEmpty() || key.isEmpty()) {
      key.ifPresent(NafKey::close);
      return WayToBeKnown.notMine();
    }
    try (NafKey found = key.get()) {
      return new WayToBeKnown.Outcome.Authenticated(
          new KmsClient(KmsClient.Way.GBA, known.impi(), user.get(), null, transportKeys(found)));
    }
  }

  /// Named by the bootstrap, which both ends know.
  private static TransportKeys transportKeys(NafKey key) {
    return TransportKeys.derived(key.key(), "trk.gba." + key.tid(), "ink.gba." + key.tid());
  }

  /// By the IMPI in our own registry; else the one user among the identities that the BSF tells.
  private Optional<Identity> user(NafOutcome.Authenticated known) throws StoreException {
    Optional<Identity> registered = users.known(KnownBy.IMPI, List.of(known.impi()));
    if (registered.isPresent()) {
      return registered;
    }
    for (Identity identity : known.identities()) {
      if (users.find(identity).isPresent()) {
        return Optional.of(identity);
      }
    }
    return Optional.empty();
  }
}
