package parley.mikey.group;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.IdType;
import parley.mikey.message.IdrRole;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.TimestampType;

/// Walks the payloads of a message in the one order that a profile knows.
final class PayloadSequence {
  private final MikeyMessage message;
  private final List<Payload> payloads;
  private final String clause;
  private int index;

  /// `clause` is what a failure names.
  PayloadSequence(MikeyMessage message, String clause) {
    this(message, message.payloads(), clause);
  }

  /// Walks the payloads of `message` in another order than that in which they stand.
  PayloadSequence(MikeyMessage message, List<Payload> payloads, String clause) {
    this.message = message;
    this.payloads = payloads;
    this.clause = clause;
  }

  /// The next payload, which must be of that type.
  <P extends Payload> P next(Class<P> type) throws MalformedMessage {
    Optional<P> payload = nextIf(type);
    if (payload.isEmpty()) {
      throw malformed(type.getSimpleName() + " is missing here");
    }
    return payload.get();
  }

  /// The next payload if it is of that type; otherwise nothing is passed over.
  <P extends Payload> Optional<P> nextIf(Class<P> type) {
    if (index == payloads.size() || !type.isInstance(payloads.get(index))) {
      return Optional.empty();
    }
    return Optional.of(type.cast(payloads.get(index++)));
  }

  NtpTimestamp ntpUtc() throws MalformedMessage {
    var t = next(Payload.Timestamp.class);
    require(t.type() == TimestampType.NTP_UTC, "T counts as " + t.type());
    return new NtpTimestamp((long) t.value().intAt(0) << 32 | (t.value().intAt(4) & 0xffff_ffffL));
  }

  Octets idr(IdrRole role, IdType type) throws MalformedMessage {
    var idr = next(Payload.Idr.class);
    require(idr.role() == role && idr.type() == type, "IDR is not " + role + " as " + type);
    return idr.value();
  }

  /// Whether the next payload is the IDR of that role.
  boolean isIdr(IdrRole role) {
    return index < payloads.size()
        && payloads.get(index) instanceof Payload.Idr idr
        && idr.role() == role;
  }

  /// The next payload if it is the general extension of that type; otherwise nothing is passed
  /// over.
  Optional<Payload.GeneralExtension> extensionIf(int type) {
    boolean isHere =
        index < payloads.size()
            && payloads.get(index) instanceof Payload.GeneralExtension extension
            && extension.type() == type;
    return isHere ? nextIf(Payload.GeneralExtension.class) : Optional.empty();
  }

  /// Passes over all payloads of that type that come next.
  void skip(Class<? extends Payload> type) {
    while (nextIf(type).isPresent()) {
      // none of them is looked at
    }
  }

  Identity idrUri(IdrRole role) throws MalformedMessage {
    return identity(idr(role, IdType.URI), role.name());
  }

  Identity idUri(String what) throws MalformedMessage {
    var id = next(Payload.Id.class);
    require(id.type() == IdType.URI, what + " is no URI");
    return identity(id.value(), what);
  }

  /// The name of a KMS, or what else is only looked up or shown: printable ASCII.
  String printableUri(IdrRole role) throws MalformedMessage {
    byte[] octets = idr(role, IdType.URI).bytes();
    for (byte octet : octets) {
      require(octet > ' ' && octet < 0x7f, role + " is not printable ASCII");
    }
    require(octets.length > 0, role + " is empty");
    return new String(octets, StandardCharsets.US_ASCII);
  }

  Identity identity(Octets uri, String what) throws MalformedMessage {
    try {
      return new Identity(new String(uri.bytes(), StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException _) {
      throw malformed(what + " is no canonical URI");
    }
  }

  void end() throws MalformedMessage {
    require(index == payloads.size(), "a payload too many");
  }

  void require(boolean holds, String otherwise) throws MalformedMessage {
    if (!holds) {
      throw malformed(otherwise);
    }
  }

  MalformedMessage malformed(String text) {
    int place = index == payloads.size() ? index : message.payloads().indexOf(payloads.get(index));
    return new MalformedMessage(clause, message.offsetOf(place), text);
  }
}
