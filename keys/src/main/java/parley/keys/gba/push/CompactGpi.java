package parley.keys.gba.push;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.keys.gba.Fqdn;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.AuthenticationVector;
import parley.mikey.prf.Kdf33220;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Our own form of GBA push information, with the content of TS 33.223, 5.2.1:
///
/// `1 | RAND 16 | AUTN 16 | sealed: P-TID's 16 octets, end in Unix seconds 4, Ua protocol 5, FQDN |
/// tag 16`
///
/// Sealed by AES-256-GCM under KDF(Ks, 0x01, "parley-gpi", RAND, IMPI) with what stands in front as
/// associated data. The nonce is zero: the key is of one message, as Ks is of one push.
public final class CompactGpi implements GpiCodec {
  private static final byte VERSION = 1;
  private static final int FC = 0x01;
  private static final byte[] LABEL = "parley-gpi".getBytes(UTF_8);
  private static final int CLEAR_OCTETS =
      1 + AuthenticationVector.RAND_OCTETS + AuthenticationVector.AUTN_OCTETS;
  private static final int FIXED_OCTETS = Tid.LOCAL_OCTETS + Integer.BYTES + UaProtocol.OCTETS;
  private static final int TAG_OCTETS = 16;
  private static final int MOST_NAME_OCTETS =
      MOST_OCTETS - CLEAR_OCTETS - FIXED_OCTETS - TAG_OCTETS;
  private static final int NONCE_OCTETS = 12;

  private final Fqdn bsf;

  /// @param bsf the name behind each P-TID, which is not sent
  public CompactGpi(Fqdn bsf) {
    this.bsf = bsf;
  }

  @Override
  public boolean fits(NafId naf) {
    return naf.fqdn().name().length() <= MOST_NAME_OCTETS;
  }

  @Override
  public byte[] seal(AuthenticationVector vector, String impi, Tid ptid, NafId naf, Instant until) {
    if (!fits(naf) || !ptid.isOf(bsf)) {
      throw new IllegalArgumentException(
          "a push names a server of at most %d characters".formatted(MOST_NAME_OCTETS));
    }
    byte[] name = naf.fqdn().name().getBytes(US_ASCII);
    ByteBuffer said =
        ByteBuffer.allocate(FIXED_OCTETS + name.length)
            .put(ptid.localOctets())
            .putInt((int) until.getEpochSecond())
            .put(naf.ua().octets())
            .put(name);
    ByteBuffer gpi =
        ByteBuffer.allocate(CLEAR_OCTETS + FIXED_OCTETS + name.length + TAG_OCTETS)
            .put(VERSION)
            .put(vector.rand())
            .put(vector.autn());
    byte[] clear = Arrays.copyOf(gpi.array(), CLEAR_OCTETS);
    try (SecretBytes key = key(vector.keys().ks(), vector.rand(), impi)) {
      return gpi.put(cipher(Cipher.ENCRYPT_MODE, key, clear).doFinal(said.array())).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM failed to seal", e);
    }
  }

  @Override
  public PushedChallenge challenge(byte[] gpi) throws MalformedGpi {
    if (gpi.length > MOST_OCTETS || gpi.length <= CLEAR_OCTETS + FIXED_OCTETS + TAG_OCTETS) {
      throw new MalformedGpi("of another length than GBA push information");
    } else if (gpi[0] != VERSION) {
      throw new MalformedGpi("GBA push information of an unknown version");
    }
    int autn = 1 + AuthenticationVector.RAND_OCTETS;
    return new PushedChallenge(
        Arrays.copyOfRange(gpi, 1, autn), Arrays.copyOfRange(gpi, autn, CLEAR_OCTETS));
  }

  @Override
  public Gpi open(byte[] gpi, SecretBytes ks, String impi) throws MalformedGpi {
    byte[] rand = challenge(gpi).rand();
    byte[] clear = Arrays.copyOf(gpi, CLEAR_OCTETS);
    try (SecretBytes key = key(ks, rand, impi)) {
      byte[] said =
          cipher(Cipher.DECRYPT_MODE, key, clear)
              .doFinal(gpi, CLEAR_OCTETS, gpi.length - CLEAR_OCTETS);
      return read(ByteBuffer.wrap(said));
    } catch (AEADBadTagException _) {
      throw new MalformedGpi("altered on its way, or for another subscriber");
    } catch (IllegalArgumentException _) {
      throw new MalformedGpi("names no server");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM failed to open", e);
    }
  }

  private Gpi read(ByteBuffer said) {
    byte[] local = new byte[Tid.LOCAL_OCTETS];
    byte[] ua = new byte[UaProtocol.OCTETS];
    said.get(local);
    Instant until = Instant.ofEpochSecond(Integer.toUnsignedLong(said.getInt()));
    said.get(ua);
    byte[] name = new byte[said.remaining()];
    said.get(name);
    NafId naf = new NafId(new Fqdn(new String(name, US_ASCII)), UaProtocol.of(ua));
    return new Gpi(Tid.pushed(local, bsf), naf, until);
  }

  private static SecretBytes key(SecretBytes ks, byte[] rand, String impi) {
    byte[] user = impi.getBytes(UTF_8);
    return ks.lend(
        SecretAccess.token(),
        octets ->
            SecretBytes.take(Kdf33220.derive(octets, FC, LABEL, rand, user), "key of a push"));
  }

  private static Cipher cipher(int mode, SecretBytes key, byte[] clear)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec spec = key.lend(SecretAccess.token(), octets -> new SecretKeySpec(octets, "AES"));
    cipher.init(mode, spec, new GCMParameterSpec(8 * TAG_OCTETS, new byte[NONCE_OCTETS]));
    cipher.updateAAD(clear);
    return cipher;
  }
}
