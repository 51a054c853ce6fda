package parley.keys.kms.front;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.keys.http.Request;
import parley.keys.kms.message.KmsRequest;
import parley.keys.kms.message.MalformedKmsMessage;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.message.UnverifiedKmsRequest;
import parley.keys.kms.message.WrongTransportKey;
import parley.keys.kms.registry.HeldKeys;
import parley.keys.kms.registry.TransportKeyShelf;
import parley.keys.store.StoreException;

/// A request of a client that is known, read and checked (TS 33.180, D.2.2): it is recent, meant
/// for this KMS and this resource, of this user, and signed by nobody else. Closes its keys.
final class KnownRequest implements AutoCloseable {
  private final KmsRequest content;
  private final boolean isSigned;
  private final @Nullable String device;
  private final @Nullable HeldKeys held;
  private final @Nullable TransportKeys keys;

  private KnownRequest(
      KmsRequest content,
      boolean isSigned,
      @Nullable String device,
      @Nullable HeldKeys held,
      @Nullable TransportKeys keys) {
    this.content = content;
    this.isSigned = isSigned;
    this.device = device;
    this.held = held;
    this.keys = keys;
  }

  /// Reads a request and finds the transport keys that it is answered under.
  static KnownRequest read(Request request, KmsClient client, TransportKeyShelf shelf)
      throws Refused, StoreException {
    UnverifiedKmsRequest read;
    try {
      read = UnverifiedKmsRequest.read(request.body());
    } catch (MalformedKmsMessage e) {
      throw new Refused(Denial.MALFORMED, "no KMS request: " + e.getMessage());
    }
    KmsRequest content = read.unverified();
    String device = agreed(content.deviceId(), client.device());
    Keys found = Keys.find(read, client, device, shelf);
    boolean isGood = false;
    try {
      if (read.signedUnder() != null) {
        found.requireSigned(read);
      }
      String deviceOfKeys = found.held == null ? null : found.held.device();
      KnownRequest known =
          new KnownRequest(
              content,
              read.signedUnder() != null,
              agreed(device, deviceOfKeys),
              found.held,
              found.keys);
      isGood = true;
      return known;
    } finally {
      if (!isGood) {
        found.close();
      }
    }
  }

  private static @Nullable String agreed(@Nullable String said, @Nullable String known)
      throws Refused {
    if (said != null && known != null && !said.equals(known)) {
      throw new Refused(
          Denial.OTHER_DEVICE,
          "the DeviceId is another than that of the ticket or keys it comes with; ask for a ticket"
              + " for this device");
    }
    return said == null ? known : said;
  }

  /// Refuses what is not meant for `kmsUri` at this moment and resource, or not of this user.
  void require(KmsClient client, String kmsUri, KmsFrontSettings settings, Request at, Instant now)
      throws Refused {
    Duration off = Duration.between(now, content.time());
    if (off.abs().compareTo(settings.window()) > 0) {
      throw new Refused(
          Denial.CLOCK_OFF,
          "your clock is off by %d seconds: it says %s, this KMS %s; set it and ask again"
              .formatted(off.abs().toSeconds(), content.time(), now));
    }
    if (!content.kmsUri().equals(kmsUri)) {
      throw new Refused(
          Denial.OTHER_KMS,
          "this is KMS %s; an identity of KMS %s asks there".formatted(kmsUri, content.kmsUri()));
    }
    boolean isHere =
        settings.bases().stream().anyMatch(base -> content.clientReqUrl().equals(base + at.path()));
    if (!isHere) {
      throw new Refused(
          Denial.WRONG_URL, "the ClientReqUrl is not the URL that the request was sent to");
    }
    if (!content.userUri().equals(client.user().uri())) {
      throw new Refused(
          Denial.WRONG_USER, "you are known as %s; write that as UserUri".formatted(client.user()));
    }
  }

  KmsRequest content() {
    return content;
  }

  /// Whether the client has shown that it holds the keys.
  boolean isSigned() {
    return isSigned;
  }

  @Nullable String device() {
    return device;
  }

  /// The registry's entry for the keys; null where they are not of the registry.
  @Nullable HeldKeys held() {
    return held;
  }

  /// What the answer is wrapped and signed under; null where the client has nothing.
  @Nullable TransportKeys keys() {
    return keys;
  }

  @Override
  public void close() {
    if (held != null) {
      held.close();
    }
  }

  /// The keys of a request: those that the authentication brought, or some of the registry.
  private record Keys(@Nullable HeldKeys held, @Nullable TransportKeys keys) {
    static Keys find(
        UnverifiedKmsRequest read,
        KmsClient client,
        @Nullable String device,
        TransportKeyShelf shelf)
        throws StoreException, Refused {
      String inkId = read.signedUnder();
      String trkId = read.unverified().trkId();
      TransportKeys brought = client.keys();
      boolean fits =
          brought != null
              && (inkId == null || inkId.equals(brought.signatureId()))
              && (trkId == null || trkId.equals(brought.trkId()));
      if (fits) {
        return new Keys(null, brought);
      }
      Optional<HeldKeys> found = Optional.empty();
      if (inkId != null) {
        found = shelf.signing(inkId);
      } else if (trkId != null) {
        found = shelf.wrapping(client.user(), trkId);
      } else if (device != null) {
        found = shelf.newest(client.user(), device);
      }
      Keys keys =
          found.map(held -> new Keys(held, held.keys())).orElseGet(() -> new Keys(null, null));
      keys.requireOf(client, inkId, trkId);
      return keys;
    }

    private void requireOf(KmsClient client, @Nullable String inkId, @Nullable String trkId)
        throws Refused {
      boolean isOthers = held != null && !held.identity().equals(client.user());
      boolean isMissing = held == null && (inkId != null || trkId != null);
      boolean isOther = held != null && trkId != null && !held.keys().trkId().equals(trkId);
      if (isOthers || isMissing || isOther) {
        close();
        throw new Refused(
            inkId == null ? Denial.WRONG_TRANSPORT_KEY : Denial.WRONG_SIGNATURE,
            "the request names a transport or integrity key that this KMS does not share with %s;"
                    .formatted(client.user())
                + " leave it out, or enrol again");
      }
    }

    void requireSigned(UnverifiedKmsRequest read) throws Refused {
      try {
        if (keys != null) {
          var _ = read.verified(keys);
          return;
        }
      } catch (WrongTransportKey _) {
        // one sentence for both
      }
      throw new Refused(
          Denial.WRONG_SIGNATURE,
          "the signature of the request does not hold; enrol again where it should");
    }

    void close() {
      if (held != null) {
        held.close();
      }
    }
  }
}
