package parley.keys.enrol;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import parley.keys.kms.message.GroupEntry;
import parley.keys.manager.ManagerClient;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;

/// Brings receipts to managers where the KMS says that these are. Whoever is believed as the KMS is
/// believed as a manager as well; the receipt itself is worth nothing to anybody else. Any thread.
final class ReceiptPost {
  /// For one manager's answer.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SSLContext tls;
  private final InstantSource clock;

  ReceiptPost(SSLContext tls, InstantSource clock) {
    this.tls = tls;
    this.clock = clock;
  }

  /// A receipt, and the group whose manager it is for.
  static final class Owed {
    private final GroupEntry group;
    private final byte[] receipt;

    Owed(GroupEntry group, byte[] receipt) {
      this.group = group;
      this.receipt = receipt.clone();
    }
  }

  /// One after the other; a manager that did not answer is not asked again. Managers that are
  /// reached in another way are passed over.
  List<ReceiptOutcome> hand(List<Owed> owed, Member member) {
    List<ReceiptOutcome> outcomes = new ArrayList<>();
    Map<URI, String> silent = new HashMap<>();
    for (Owed one : owed) {
      URI manager = https(one.group.managerAddress());
      if (manager != null) {
        String problem = silent.get(manager);
        if (problem == null) {
          problem = handed(one, manager, member);
        }
        if (problem != null) {
          silent.put(manager, problem);
        }
        outcomes.add(new ReceiptOutcome(one.group.group(), problem));
      }
    }
    return outcomes;
  }

  private static @Nullable URI https(String address) {
    try {
      URI url = new URI(address);
      return "https".equals(url.getScheme()) && url.getHost() != null ? url : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }

  /// Why the manager does not have it; null where it has.
  private @Nullable String handed(Owed one, URI manager, Member member) {
    Identity group = one.group.group();
    try (var client =
        new ManagerClient(
            manager,
            tls,
            PATIENCE,
            member,
            Enrolled.membership(one.group),
            clock,
            new SecureRandom())) {
      client.receipt(one.receipt);
      return null;
    } catch (IOException e) {
      return "the manager of %s has no receipt yet (%s); it sends its message again"
          .formatted(group, e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "the manager of %s has no receipt yet, as this process ends".formatted(group);
    }
  }
}
