package parley.keys.kms.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.Issuer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.front.Decision.Granted;
import parley.keys.kms.message.GroupEntry;
import parley.keys.kms.message.KeySet;
import parley.keys.kms.message.KmsKeyProv;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.HeldKeys;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;

/// Fetches what was granted from the issuer and wraps it, with the user's groups and the GMK
/// messages that wait for it.
final class Provisioning {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);
  private static final int MOST_GROUPS = 128;
  private static final int MOST_MESSAGES = 16;

  /// What groups and messages may take of a response, which has 64 KiB at most.
  private static final int MOST_OCTETS = 40 << 10;

  private static final int GROUP_TAGS = 250;
  private static final int MESSAGE_TAGS = 30;

  private final Issuer issuer;
  private final KmsRegistry registry;
  private final KmsFrontSettings settings;

  Provisioning(Issuer issuer, KmsRegistry registry, KmsFrontSettings settings) {
    this.issuer = issuer;
    this.registry = registry;
    this.settings = settings;
  }

  /// The caller closes it.
  KmsKeyProv provide(Granted granted, KnownRequest request, Identity user, Instant now)
      throws Refused, StoreException {
    TransportKeys under = request.keys();
    if (under == null && !settings.allowClear()) {
      throw new Refused(
          Denial.NO_TRANSPORT_KEY,
          "this KMS shares no transport key with the device, and sends no keys without; enrol it by"
              + " a ticket or its SIM");
    }
    List<KeySet> sets = new ArrayList<>();
    boolean isDone = false;
    try {
      for (KeyPeriod period : granted.periods()) {
        sets.add(set(granted, period, under));
      }
      KmsKeyProv provision = withGroups(sets, user);
      KmsKeyProv renewed = renewed(provision, request.held(), now);
      isDone = true;
      return renewed;
    } finally {
      if (!isDone) {
        sets.forEach(KeySet::close);
      }
    }
  }

  private KeySet set(Granted granted, KeyPeriod period, @Nullable TransportKeys under)
      throws Refused {
    try (MemberKeys keys = issuer.issue(granted.who(), period, granted.device())) {
      return under == null
          ? KeySet.unsafeClear(issuer.certificate(), keys, settings.userIdForm())
          : KeySet.wrapped(issuer.certificate(), keys, under, settings.userIdForm());
    } catch (IssueRefused e) {
      throw new Refused(Denial.BY_ISSUER, String.valueOf(e.getMessage()));
    } catch (IssuerUnreachable e) {
      LOG.atError().addKeyValue("reason", e.getMessage()).log("no keys can be issued");
      throw new Refused(
          Denial.ISSUER_UNREACHABLE, "this KMS cannot issue keys at the moment; ask again later");
    }
  }

  private KmsKeyProv withGroups(List<KeySet> sets, Identity user) throws StoreException {
    List<GroupEntry> groups = new ArrayList<>();
    List<byte[]> messages = new ArrayList<>();
    int octets = 0;
    for (GroupEntry group : registry.groups().of(user, MOST_GROUPS + 1)) {
      octets += octets(group);
      if (groups.size() == MOST_GROUPS || octets > MOST_OCTETS) {
        LOG.atWarn()
            .addKeyValue("user", user.uri())
            .log("a user belongs to too many groups to list");
        break;
      }
      groups.add(group);
    }
    for (byte[] message : registry.pending().waiting(user, MOST_MESSAGES)) {
      octets += 4 * message.length / 3 + MESSAGE_TAGS;
      if (octets <= MOST_OCTETS) {
        messages.add(message);
      }
    }
    return KmsKeyProv.of(sets, groups, messages);
  }

  private static int octets(GroupEntry group) {
    String text =
        group.group().uri() + group.manager().uri() + group.managerAddress() + group.kmsUri();
    return text.getBytes(UTF_8).length + GROUP_TAGS;
  }

  /// Keys of the registry that have grown old are replaced; the client that shows that it has new
  /// ones loses the older.
  private KmsKeyProv renewed(KmsKeyProv provision, @Nullable HeldKeys held, Instant now)
      throws StoreException {
    if (held == null || now.isBefore(held.made().plus(settings.transportKeyAge()))) {
      return provision;
    }
    try (HeldKeys next = registry.transportKeys().successor(held)) {
      return provision.replacing(held.keys(), next.keys());
    }
  }
}
