package parley.keys.gba;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import parley.mikey.prf.Kdf33220;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Ks_NAF: what UE and one NAF share (TS 33.220, B.3), for the mobile equipment's own use (GBA_ME).
public final class KsNaf {
  public static final int OCTETS = 32;

  private static final int FC = 0x01;
  private static final byte[] GBA_ME = "gba-me".getBytes(UTF_8);

  private KsNaf() {}

  /// @param ks CK then IK, 32 octets; stays the caller's
  /// @param rand 16 octets
  /// @return 32 octets, which the caller closes
  public static SecretBytes derive(SecretBytes ks, byte[] rand, String impi, NafId naf) {
    byte[] user = impi.getBytes(UTF_8);
    return ks.lend(
        SecretAccess.token(),
        octets ->
            SecretBytes.take(
                Kdf33220.derive(octets, FC, GBA_ME, rand, user, naf.octets()),
                "Ks_NAF " + naf.fqdn()));
  }

  /// The password that HTTP Digest takes: the key in base64 (TS 33.222, 5.3). The caller closes it.
  public static SecretBytes password(SecretBytes ksNaf) {
    return ksNaf.lend(
        SecretAccess.token(),
        octets -> SecretBytes.take(Base64.getEncoder().encode(octets), "Ks_NAF as password"));
  }
}
