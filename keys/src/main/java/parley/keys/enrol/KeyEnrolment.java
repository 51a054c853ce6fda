package parley.keys.enrol;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import parley.keys.enrol.Introduction.Introduced;
import parley.keys.enrol.Introduction.Stranger;
import parley.keys.enrol.NotEnrolled.Kind;
import parley.keys.gba.ue.BootstrapFailed;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.TransportKeys;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;

/// Fetches keys from one KMS into one vault: for a UE, a gateway or a group manager.
///
/// The KMS's certificate is taken from TLS's word the first time and stored with the first keys;
/// another one under the same name is refused from then on. All that came is verified before any of
/// it is stored. New transport keys are stored first: the KMS may have forgotten the older ones,
/// and whoever has those of the device can ask for everything else again.
///
/// Blocks; one request at a time, because each may bring other transport keys. The vault stays the
/// caller's.
public final class KeyEnrolment {
  private static final long NO_LIST = -1;
  private static final String FORGOTTEN = "enrol it again, by a ticket, a certificate or its SIM";

  private final Vault vault;
  private final Stranger user;
  private final SSLContext tls;
  private final Introduction introduction;
  private final TransportKeyStore store;

  /// @param tls whom we believe, for a device that is known by its transport keys
  /// @param introduction for a device that has none
  public KeyEnrolment(
      Vault vault,
      Identity user,
      String device,
      KmsAddress kms,
      SSLContext tls,
      Introduction introduction,
      InstantSource clock) {
    this.vault = vault;
    this.user = new Stranger(kms, user, device, clock);
    this.tls = tls;
    this.introduction = introduction;
    this.store = new TransportKeyStore(vault, user, kms.kmsUri(), device);
  }

  Vault vault() {
    return vault;
  }

  KmsAddress kms() {
    return user.kms();
  }

  InstantSource clock() {
    return user.clock();
  }

  /// Fetches the user's keys as somebody new, by the introduction.
  public Enrolled enrol() throws NotEnrolled, InterruptedException {
    return enrol(user.user());
  }

  /// The same for the keys of a group that the user manages.
  public Enrolled enrol(Identity who) throws NotEnrolled, InterruptedException {
    return enrol(who, introduction);
  }

  /// The same by another introduction, that of a push for example.
  public synchronized Enrolled enrol(Identity who, Introduction by)
      throws NotEnrolled, InterruptedException {
    return explained(() -> {
      try (Introduced introduced = by.introduce(user)) {
        return fetch(introduced, who);
      }
    });
  }

  /// Fetches the user's keys by the transport keys that the vault holds; by the introduction where
  /// it holds none, or the KMS does not know them any more.
  public Enrolled renew() throws NotEnrolled, InterruptedException {
    return renew(user.user());
  }

  /// The same for the keys of a group that the user manages.
  public synchronized Enrolled renew(Identity who) throws NotEnrolled, InterruptedException {
    Optional<TransportKeys> held = store.read();
    if (held.isEmpty()) {
      return enrol(who);
    }
    try {
      return explained(() -> {
        try (Introduced known = Introduction.known(tls, Map.of(), user, held.get(), FORGOTTEN)) {
          return fetch(known, who);
        }
      });
    } catch (NotEnrolled e) {
      if (e.kind() != Kind.NOT_KNOWN) {
        throw e;
      }
      return again(who, e);
    }
  }

  /// Where the other way is not open either, the first sentence says more.
  private Enrolled again(Identity who, NotEnrolled first) throws NotEnrolled, InterruptedException {
    try {
      return enrol(who);
    } catch (NotEnrolled second) {
      first.addSuppressed(second);
      throw second.kind() == Kind.NOT_KNOWN ? first : second;
    }
  }

  private Enrolled fetch(Introduced introduced, Identity who)
      throws NotEnrolled,
          KmsRefusal,
          IOException,
          InterruptedException,
          InvalidKey,
          VaultException {
    try {
      KmsCertificate certificate = introduced.client().certificate();
      Member.verify(vault, certificate, who); // before a ticket is used up for it
      List<KmsCertificate> others = others(introduced.client());
      try (Provision provision = introduced.client().keys(who, certificate)) {
        return stored(provision, others);
      }
    } catch (KmsRefusal e) {
      if (e.kind() == KmsRefusal.Kind.NOT_KNOWN) {
        throw notKnown(introduced.advice(), e);
      }
      throw e;
    }
  }

  /// The KMSs that this one vouches for; none where it does not know the question.
  private static List<KmsCertificate> others(KeyProvisioning client)
      throws KmsRefusal, IOException, InterruptedException {
    try {
      return client.certificates(NO_LIST).certificates().stream()
          .filter(entry -> !entry.isRoot())
          .map(CertificateEntry::certificate)
          .toList();
    } catch (KmsRefusal e) {
      if (e.kind() == KmsRefusal.Kind.REFUSED) {
        return List.of();
      }
      throw e;
    }
  }

  /// What the KMS says, and what to do where it does not say.
  private NotEnrolled notKnown(String advice, KmsRefusal e) {
    return new NotEnrolled(
        Kind.NOT_KNOWN,
        "KMS %s does not know %s by what it was shown; %s (%s)"
            .formatted(kms().kmsUri(), user.user(), advice, e.getMessage()),
        e);
  }

  private Enrolled stored(Provision provision, List<KmsCertificate> others)
      throws InvalidKey, VaultException {
    for (MemberKeys keys : provision.keys()) {
      Member.verify(vault, provision.kms(), keys);
    }
    keep(provision.newTransportKeys());
    for (MemberKeys keys : provision.keys()) {
      Member.install(vault, provision.kms(), keys);
    }
    return new Enrolled(
        provision.kms(),
        provision.keys().stream().map(MemberKeys::period).toList(),
        provision.groups(),
        others,
        provision.gmkMessages(),
        new ReceiptPost(tls, clock()));
  }

  private void keep(@Nullable TransportKeys keys) throws VaultException {
    if (keys != null) {
      store.put(keys);
    }
  }

  /// What is done with a KMS.
  private interface Exchange {
    Enrolled run()
        throws NotEnrolled,
            KmsRefusal,
            IOException,
            InterruptedException,
            InvalidKey,
            VaultException;
  }

  private Enrolled explained(Exchange exchange) throws NotEnrolled, InterruptedException {
    try {
      return exchange.run();
    } catch (KmsRefusal e) {
      throw new NotEnrolled(kind(e.kind()), e.getMessage(), e);
    } catch (InvalidKey e) {
      throw new NotEnrolled(
          Kind.NOT_GOOD,
          "what came from KMS %s is not used: %s".formatted(kms().kmsUri(), e.getMessage()),
          e);
    } catch (VaultException e) {
      throw new NotEnrolled(Kind.VAULT, e.getMessage(), e);
    } catch (BootstrapFailed e) {
      throw new NotEnrolled(kind(e), e.getMessage(), e);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static Kind kind(KmsRefusal.Kind kind) {
    return switch (kind) {
      case NOT_KNOWN -> Kind.NOT_KNOWN;
      case REFUSED -> Kind.REFUSED;
      case LATER -> Kind.LATER;
      case NOT_GOOD -> Kind.NOT_GOOD;
    };
  }

  private static Kind kind(BootstrapFailed e) {
    if (isBecauseOf(VaultException.class, e)) {
      return Kind.VAULT;
    } else if (isBecauseOf(SSLException.class, e)) {
      return Kind.TLS;
    }
    return switch (e.kind()) {
      case LATER -> Kind.LATER;
      case NOT_KNOWN -> Kind.NOT_KNOWN;
      case NOT_GOOD -> Kind.NOT_GOOD;
    };
  }

  private static boolean isBecauseOf(Class<? extends Exception> type, Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private NotEnrolled unreachable(IOException e) {
    if (isBecauseOf(VaultException.class, e)) {
      return new NotEnrolled(Kind.VAULT, e.getMessage(), e);
    } else if (isBecauseOf(SSLException.class, e)) {
      return new NotEnrolled(
          Kind.TLS,
          "%s is not believed to be the KMS, or does not believe us (%s); see its certificate and our ca"
              .formatted(kms().base(), e.getMessage()),
          e);
    }
    return new NotEnrolled(
        Kind.LATER,
        "KMS at %s cannot be reached (%s); see that it runs, and its URL"
            .formatted(kms().base(), e.getMessage()),
        e);
  }
}
