package parley.srtp;

/// How the packets of one master key look on the wire.
///
/// @param profile cipher, authentication and lengths
/// @param rccm3 whether each SRTP packet carries its rollover counter in the last four octets (RFC
///   4771, mode 3, rate 1); never applied to SRTCP, which carries its whole index anyway
/// @param mkiOctets length of the master key identifier in each packet, 0 to 128; 0 for none
/// @param encryptedExtensions which elements of header extensions are encrypted (RFC 6904); both
///   sides must know
public record SrtpPolicy(
    SrtpProfile profile, boolean rccm3, int mkiOctets, ExtensionIds encryptedExtensions) {
  static final int MAX_MKI_OCTETS = 128;
  static final int ROC_OCTETS = 4;
  static final int SRTCP_INDEX_OCTETS = 4;

  public SrtpPolicy {
    if (rccm3 && !profile.isAead()) {
      throw new IllegalArgumentException(
          "RCCm3 with %s would switch authentication off: in RFC 4771 mode 3 the counter takes the place of the HMAC; use an AEAD profile"
              .formatted(profile));
    }
    if (mkiOctets < 0 || mkiOctets > MAX_MKI_OCTETS) {
      throw new IllegalArgumentException(
          "an MKI has 0 to %d octets, not %d".formatted(MAX_MKI_OCTETS, mkiOctets));
    }
  }

  /// With header extensions in clear.
  public SrtpPolicy(SrtpProfile profile, boolean rccm3, int mkiOctets) {
    this(profile, rccm3, mkiOctets, ExtensionIds.NONE);
  }

  /// What protection adds to an RTP packet: tag, MKI and, with RCCm3, the rollover counter.
  public int srtpTrailerOctets() {
    return profile.srtpTagOctets() + mkiOctets + rocOctets();
  }

  /// What protection adds to an RTCP packet: tag, E flag with index, MKI.
  public int srtcpTrailerOctets() {
    return profile.srtcpTagOctets() + SRTCP_INDEX_OCTETS + mkiOctets;
  }

  int rocOctets() {
    return rccm3 ? ROC_OCTETS : 0;
  }

  /// Where the MKI lies, counted from the end of the SRTP packet: before the tag of an HMAC profile
  /// (RFC 3711, 3.1), behind the tag of an AEAD profile (RFC 7714, 7.1) and before the rollover
  /// counter.
  int srtpMkiFromEnd() {
    return mkiOctets + (profile.isAead() ? rocOctets() : profile.srtpTagOctets());
  }

  /// The same for SRTCP: before the HMAC (RFC 3711, 3.4), or last of all (RFC 7714, 9.2).
  int srtcpMkiFromEnd() {
    return mkiOctets + (profile.isAead() ? 0 : profile.srtcpTagOctets());
  }
}
