package parley.keys.kms.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The two keys that a client shares with its KMS (TS 33.180, D.1): TrK wraps keys, InK signs
/// messages. Without an InK the TrK signs as well, as the standard has it.
///
/// The secrets belong to this object and close with it. Safe for use by many threads.
public final class TransportKeys implements AutoCloseable {
  public static final int KEY_OCTETS = 32;
  private static final int MOST_ID = 200;

  private final String trkId;
  private final SecretBytes trk;
  private final @Nullable String inkId;
  private final @Nullable SecretBytes ink;

  private TransportKeys(
      String trkId, SecretBytes trk, @Nullable String inkId, @Nullable SecretBytes ink) {
    this.trkId = trkId;
    this.trk = trk;
    this.inkId = inkId;
    this.ink = ink;
  }

  /// Takes over both keys of 32 octets.
  public static TransportKeys of(String trkId, SecretBytes trk, String inkId, SecretBytes ink) {
    requireKey(trkId, trk);
    requireKey(inkId, ink);
    return new TransportKeys(trkId, trk, inkId, ink);
  }

  /// Takes over a TrK that signs as well.
  public static TransportKeys of(String trkId, SecretBytes trk) {
    requireKey(trkId, trk);
    return new TransportKeys(trkId, trk, null, null);
  }

  /// Both keys of a secret that client and KMS have already (Ks_NAF, an enrolment ticket): HKDF
  /// with SHA-256, the ids as `info`. `shared` stays the caller's.
  public static TransportKeys derived(SecretBytes shared, String trkId, String inkId) {
    return of(
        trkId,
        derive(shared, "parley KMS TrK " + trkId),
        inkId,
        derive(shared, "parley KMS InK " + inkId));
  }

  /// 32 octets of `shared` for one purpose; the caller closes them.
  public static SecretBytes derive(SecretBytes shared, String purpose) {
    return shared.lend(
        SecretAccess.token(),
        octets -> {
          try {
            return SecretBytes.take(
                KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                        HKDFParameterSpec.ofExtract()
                            .addIKM(octets)
                            .thenExpand(purpose.getBytes(UTF_8), KEY_OCTETS)),
                purpose);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
          }
        });
  }

  private static void requireKey(String id, SecretBytes key) {
    if (!id.matches("[\\x21-\\x7E]{1," + MOST_ID + "}") || key.length() != KEY_OCTETS) {
      throw new IllegalArgumentException(
          "a transport or integrity key has 32 octets and an id of 1 to 200 printable characters");
    }
  }

  public String trkId() {
    return trkId;
  }

  /// The key that signs: of the InK, else of the TrK.
  public String signatureId() {
    return inkId == null ? trkId : inkId;
  }

  /// For whoever stores both: the TrK itself.
  public SecretBytes trk() {
    return trk;
  }

  /// For whoever stores both: the InK, or the TrK where there is none.
  public SecretBytes ink() {
    return ink == null ? trk : ink;
  }

  /// Whether there is an InK of its own.
  public boolean hasInk() {
    return ink != null;
  }

  /// A second, independent pair; the caller closes it.
  public TransportKeys duplicate() {
    return new TransportKeys(trkId, trk.duplicate(), inkId, ink == null ? null : ink.duplicate());
  }

  /// A secret under the TrK.
  WrappedKey wrap(SecretBytes secret) {
    return WrappedKey.wrap(trk, trkId, secret);
  }

  /// HMAC-SHA-256 under the key that signs.
  byte[] mac(byte[] octets) {
    SecretBytes key = ink == null ? trk : ink;
    return key.lend(
        SecretAccess.token(),
        lent -> {
          try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(lent, "HmacSHA256"));
            return mac.doFinal(octets);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
          }
        });
  }

  @Override
  public void close() {
    trk.close();
    if (ink != null) {
      ink.close();
    }
  }

  @Override
  public String toString() {
    return "TransportKeys[" + trkId + ", " + signatureId() + "]";
  }
}
