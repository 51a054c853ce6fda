package parley.mikey.message;

import java.util.List;

/// One payload of a MIKEY message, as it stands on the wire without its "next payload" octet.
///
/// The family is closed: a new payload does not compile until reader, writer and every `switch`
/// know it. None holds a secret; the key data in [Kemac] and [Sakke] is encrypted.
public sealed interface Payload {

  /// Encrypted key data and its MAC (RFC 3830, 6.2).
  record Kemac(
      EncryptionAlgorithm encryption, Octets encryptedData, MacAlgorithm macAlgorithm, Octets mac)
      implements Payload {
    public Kemac {
      requireLength("MAC", macAlgorithm.octets(), mac);
    }
  }

  /// An encrypted envelope key (RFC 3830, 6.3); `cacheIndicator` in 0..3.
  record Pke(int cacheIndicator, Octets data) implements Payload {
    public Pke {
      requireRange("C", cacheIndicator, 3);
      requireRange("PKE data length", data.length(), 0x3fff);
    }
  }

  /// A Diffie-Hellman value and how long it holds (RFC 3830, 6.4).
  record Dh(DhGroup group, Octets value, KeyValidity validity) implements Payload {
    public Dh {
      requireLength("DH value", group.octets(), value);
    }
  }

  /// The signature over everything before it and its own first two octets (RFC 3830, 6.5). Always
  /// last.
  record Sign(SignatureType type, Octets signature) implements Payload {
    public Sign {
      requireRange("signature length", signature.length(), 0xfff);
    }
  }

  /// T: when the message was made (RFC 3830, 6.6).
  record Timestamp(TimestampType type, Octets value) implements Payload {
    public Timestamp {
      requireLength("timestamp", type.octets(), value);
    }
  }

  /// ID: an identity whose role follows from its place (RFC 3830, 6.7).
  record Id(IdType type, Octets value) implements Payload {}

  /// CERT: a certificate (RFC 3830, 6.7).
  record Cert(CertType type, Octets value) implements Payload {}

  /// CHASH: which certificate was used (RFC 3830, 6.8).
  record CertHash(HashFunction function, Octets hash) implements Payload {
    public CertHash {
      requireLength("hash", function.octets(), hash);
    }
  }

  /// V: the responder's proof (RFC 3830, 6.9).
  record Verification(MacAlgorithm algorithm, Octets data) implements Payload {
    public Verification {
      requireLength("verification data", algorithm.octets(), data);
    }
  }

  /// SP: a security policy (RFC 3830, 6.10); policy number and protocol in 0..255, parameters in
  /// wire order.
  record SecurityPolicy(int number, int protocol, List<Parameter> parameters) implements Payload {
    public SecurityPolicy {
      requireRange("policy number", number, 0xff);
      requireRange("protocol type", protocol, 0xff);
      parameters = List.copyOf(parameters);
    }

    /// One type, length, value of a policy; `type` in 0..255.
    public record Parameter(int type, Octets value) {
      public Parameter {
        requireRange("parameter type", type, 0xff);
        requireRange("parameter length", value.length(), 0xff);
      }
    }
  }

  /// RAND: the freshness of the derived keys (RFC 3830, 6.11), at most 255 octets.
  record Rand(Octets value) implements Payload {
    public Rand {
      requireRange("RAND length", value.length(), 0xff);
    }
  }

  /// ERR: what the other side did not like (RFC 3830, 6.12); `number` in 0..255.
  record ErrorReport(int number) implements Payload {
    public ErrorReport {
      requireRange("error number", number, 0xff);
    }
  }

  /// IDR: an identity with its role (RFC 6043, 6.6).
  record Idr(IdrRole role, IdType type, Octets value) implements Payload {}

  /// General extension (RFC 3830, 6.15); `type` in 0..255, its data not interpreted here.
  record GeneralExtension(int type, Octets data) implements Payload {
    public static final int VENDOR_ID = 0;
    public static final int KEY_ID = 3;
    public static final int SAKKE_TO_SELF = 6;
    public static final int KEY_PARAMETERS = 7;

    public GeneralExtension {
      requireRange("extension type", type, 0xff);
    }
  }

  /// Key data under an identity (RFC 6509, 4.2); parameter set and identifier scheme in 0..255.
  record Sakke(int parameterSet, int idScheme, Octets data) implements Payload {
    public Sakke {
      requireRange("SAKKE parameter set", parameterSet, 0xff);
      requireRange("identifier scheme", idScheme, 0xff);
    }
  }

  private static void requireLength(String what, int octets, Octets value) {
    if (value.length() != octets) {
      throw new IllegalArgumentException(
          what + " has " + value.length() + " octets, must have " + octets);
    }
  }

  private static void requireRange(String what, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(what + " " + value + " is not in 0.." + max);
    }
  }
}
