package parley.mikey.message;

/// For how long, or under which name, a key holds (RFC 3830, 6.14).
public sealed interface KeyValidity {

  /// No rule of its own.
  record Unlimited() implements KeyValidity {}

  /// The key answers to this SPI; under SRTP, the MKI. At most 255 octets.
  record Spi(Octets value) implements KeyValidity {}

  /// The key holds from one index to another, both included; each at most 255 octets.
  record Interval(Octets from, Octets to) implements KeyValidity {}

  /// The number that stands for this form in the KV field.
  default int code() {
    return switch (this) {
      case Unlimited _ -> 0;
      case Spi _ -> 1;
      case Interval _ -> 2;
    };
  }
}
