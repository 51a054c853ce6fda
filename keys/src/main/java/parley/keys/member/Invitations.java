package parley.keys.member;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parley.keys.vault.VaultException;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.identity.Identity;

/// The invitations that wait for the user's word, and those that had a no: one of each creator, in
/// the vault, a limited number.
///
/// A declined one stays so that the creator's repeats of it are not shown again; a newer one of the
/// same creator is.
final class Invitations {
  private static final int MOST = 32;

  private final MemberStore store;
  private final Map<Identity, StoredInvitation> byCreator = new TreeMap<>();

  Invitations(MemberStore store) {
    this.store = store;
    store.invitations().forEach(stored -> byCreator.put(stored.creator(), stored));
  }

  /// What waits, in the order of the creators.
  synchronized List<Invitation> waiting() {
    return byCreator.values().stream()
        .filter(stored -> !stored.isDeclined())
        .map(StoredInvitation::invitation)
        .toList();
  }

  /// The message of the one that waits.
  synchronized Optional<byte[]> message(Identity creator) {
    return Optional.ofNullable(byCreator.get(creator))
        .filter(stored -> !stored.isDeclined())
        .map(StoredInvitation::message);
  }

  /// Keeps a verified invitation; durable on return.
  GmkAcceptance keep(UnverifiedGmkDistribution message, byte[] octets, Instant now) {
    var offered = StoredInvitation.of(message, octets, now);
    synchronized (this) {
      StoredInvitation known = byCreator.get(offered.creator());
      if (known != null && !offered.isNewerThan(known)) {
        boolean repeats = known.isOf(octets) && !known.isDeclined();
        return repeats
            ? new GmkAcceptance.Invited(known.invitation())
            : new GmkAcceptance.Refused(
                GmkRefusal.DECLINED, "a newer one was there, or this one was declined");
      }
      if (known == null && byCreator.size() >= MOST && !makeRoom()) {
        return new GmkAcceptance.Refused(
            GmkRefusal.TOO_MANY_INVITATIONS, MOST + " wait; accept or decline some");
      }
      return stored(offered);
    }
  }

  private GmkAcceptance stored(StoredInvitation offered) {
    try {
      store.putInvitation(offered);
    } catch (VaultException e) {
      return new GmkAcceptance.Refused(GmkRefusal.NOT_STORED, String.valueOf(e.getMessage()));
    }
    byCreator.put(offered.creator(), offered);
    return new GmkAcceptance.Invited(offered.invitation());
  }

  /// Forgets the declined one that came first; those that wait stay.
  private boolean makeRoom() {
    Optional<StoredInvitation> first =
        byCreator.values().stream()
            .filter(StoredInvitation::isDeclined)
            .min(Comparator.comparing(stored -> stored.invitation().received()));
    try {
      if (first.isPresent()) {
        remove(first.get().creator());
      }
      return first.isPresent();
    } catch (VaultException _) {
      return false;
    }
  }

  /// Declines what waits; false where nothing does. Durable on return.
  synchronized boolean decline(Identity creator) throws VaultException {
    StoredInvitation known = byCreator.get(creator);
    if (known == null || known.isDeclined()) {
      return false;
    }
    StoredInvitation declined = known.declined();
    store.putInvitation(declined);
    byCreator.put(creator, declined);
    return true;
  }

  /// It was accepted, or its group has ended. Durable on return.
  synchronized void remove(Identity creator) throws VaultException {
    if (byCreator.containsKey(creator)) {
      store.removeInvitation(creator);
      byCreator.remove(creator);
    }
  }
}
