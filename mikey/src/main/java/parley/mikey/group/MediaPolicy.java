package parley.mikey.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;

/// How the packets of a burst are protected: one of the parameter sets that a group may allow.
///
/// `rccm3` says that every packet carries its rollover counter (RFC 4771, mode 3).
///
/// A policy on the wire is one of these sets, octet for octet, or none of ours; so no algorithm
/// NULL, no short tag and no switched-off protection has to be looked for.
public record MediaPolicy(MediaSuite suite, boolean rccm3) {
  /// Every policy there is, the default first.
  public static final List<MediaPolicy> ALL =
      List.of(
          new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false),
          new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, true),
          new MediaPolicy(MediaSuite.AEAD_AES_256_GCM, false),
          new MediaPolicy(MediaSuite.AEAD_AES_256_GCM, true),
          new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, false));

  /// @throws IllegalArgumentException for mode 3 without an AEAD: such packets would carry no MAC
  ///   at all
  public MediaPolicy {
    if (rccm3 && !suite.isAead()) {
      throw new IllegalArgumentException(
          "RCCm3 would switch the authentication of " + suite + " off (RFC 4771, mode 3)");
    }
  }

  /// The policy that an SP payload states, if it is one of ours.
  public static Optional<MediaPolicy> of(Payload.SecurityPolicy payload) {
    return ALL.stream().filter(policy -> policy.payload().equals(payload)).findFirst();
  }

  /// Policy number 0 for SRTP: the parameters of RFC 3830, 6.10.1, RFC 4771, 4 and RFC 7714, 14.3,
  /// in ascending order.
  public Payload.SecurityPolicy payload() {
    List<Payload.SecurityPolicy.Parameter> parameters =
        suite.isAead() ? aeadParameters() : hmacParameters();
    return new Payload.SecurityPolicy(0, CsIdMap.GenericIdEntry.SRTP, parameters);
  }

  private List<Payload.SecurityPolicy.Parameter> aeadParameters() {
    var parameters = new ArrayList<Payload.SecurityPolicy.Parameter>();
    parameters.add(octet(0, 6)); // encryption: AES-GCM
    parameters.add(octet(1, suite.masterKeyOctets()));
    if (rccm3) {
      parameters.add(octet(2, 4)); // authentication: RCCm3
    }
    parameters.add(octet(4, suite.masterSaltOctets()));
    parameters.add(octet(5, 0)); // SRTP PRF: AES-CM
    parameters.add(octet(6, 0)); // key derivation rate
    if (rccm3) {
      parameters.add(parameter(13, 0, 1)); // the ROC in every packet
      parameters.add(octet(18, 4)); // SRTP tag: the ROC alone
      parameters.add(octet(19, 0)); // SRTCP tag: none beside the AEAD
    }
    parameters.add(octet(20, 16)); // AEAD tag
    return parameters;
  }

  private List<Payload.SecurityPolicy.Parameter> hmacParameters() {
    return List.of(
        octet(0, 1), // encryption: AES-CM
        octet(1, suite.masterKeyOctets()),
        octet(2, 1), // authentication: HMAC-SHA-1
        octet(3, 20),
        octet(4, suite.masterSaltOctets()),
        octet(5, 0), // SRTP PRF: AES-CM
        octet(6, 0), // key derivation rate
        octet(11, 10)); // tag
  }

  private static Payload.SecurityPolicy.Parameter octet(int type, int value) {
    return parameter(type, value);
  }

  private static Payload.SecurityPolicy.Parameter parameter(int type, int... values) {
    var octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return new Payload.SecurityPolicy.Parameter(type, Octets.of(octets));
  }

  @Override
  public String toString() {
    return rccm3 ? suite + " with RCCm3" : suite.toString();
  }
}
