package parley.keys.gba.aka;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// K and OPc of one subscriber, and what USIM and HSS compute from them. The owner closes it.
public final class SubscriberKey implements AutoCloseable {
  public static final int OCTETS = Milenage.KEY_OCTETS;
  public static final int AUTS_OCTETS = Milenage.SQN_OCTETS + Milenage.MAC_OCTETS;

  /// Zero for GBA, and always zero under MAC-S (TS 33.102, 6.3.3).
  private static final byte[] AMF = new byte[Milenage.AMF_OCTETS];

  private final Milenage milenage;

  private SubscriberKey(Milenage milenage) {
    this.milenage = milenage;
  }

  /// Takes both secrets, 16 octets each.
  public static SubscriberKey of(SecretBytes k, SecretBytes opc) {
    return new SubscriberKey(new Milenage(k, opc));
  }

  /// OPc from the operator's OP; both stay the caller's, who closes the result too.
  public static SecretBytes opc(SecretBytes k, SecretBytes op) {
    return Milenage.opc(k, op);
  }

  /// The HSS's side: a challenge of `rand` (16 octets) with this sequence number.
  public AuthenticationVector vector(byte[] rand, Sqn sqn) {
    byte[] octets = sqn.octets();
    ByteBuffer autn =
        ByteBuffer.allocate(AuthenticationVector.AUTN_OCTETS)
            .put(hidden(octets, milenage.f5(rand)))
            .put(AMF)
            .put(milenage.f1(rand, octets, AMF));
    return new AuthenticationVector(rand, autn.array(), agree(rand));
  }

  /// RES and Ks; the caller closes them.
  public AgreedKeys agree(byte[] rand) {
    byte[] ck = milenage.f3(rand);
    byte[] ik = milenage.f4(rand);
    byte[] ks = ByteBuffer.allocate(ck.length + ik.length).put(ck).put(ik).array();
    Arrays.fill(ck, (byte) 0);
    Arrays.fill(ik, (byte) 0);
    return new AgreedKeys(SecretBytes.take(milenage.f2(rand), "RES"), SecretBytes.take(ks, "Ks"));
  }

  /// SQN_MS of an AUTS whose MAC-S is right for this RAND; else nothing.
  public Optional<Sqn> verifiedAuts(byte[] rand, byte[] auts) {
    if (auts.length != AUTS_OCTETS) {
      return Optional.empty();
    }
    byte[] sqn = hidden(Arrays.copyOf(auts, Milenage.SQN_OCTETS), milenage.f5Star(rand));
    byte[] macS = Arrays.copyOfRange(auts, Milenage.SQN_OCTETS, auts.length);
    return MessageDigest.isEqual(macS, milenage.f1Star(rand, sqn, AMF))
        ? Optional.of(Sqn.of(sqn))
        : Optional.empty();
  }

  /// The USIM's side: the SQN of an AUTN whose MAC-A is right for this RAND; else nothing.
  Optional<Sqn> verifiedAutn(byte[] rand, byte[] autn) {
    if (autn.length != AuthenticationVector.AUTN_OCTETS) {
      return Optional.empty();
    }
    int amfEnd = Milenage.SQN_OCTETS + Milenage.AMF_OCTETS;
    byte[] sqn = hidden(Arrays.copyOf(autn, Milenage.SQN_OCTETS), milenage.f5(rand));
    byte[] amf = Arrays.copyOfRange(autn, Milenage.SQN_OCTETS, amfEnd);
    byte[] macA = Arrays.copyOfRange(autn, amfEnd, autn.length);
    return MessageDigest.isEqual(macA, milenage.f1(rand, sqn, amf))
        ? Optional.of(Sqn.of(sqn))
        : Optional.empty();
  }

  /// `(SQN_MS xor AK*) 6 | MAC-S 8`.
  byte[] auts(byte[] rand, Sqn sqnMs) {
    byte[] sqn = sqnMs.octets();
    return ByteBuffer.allocate(AUTS_OCTETS)
        .put(hidden(sqn, milenage.f5Star(rand)))
        .put(milenage.f1Star(rand, sqn, AMF))
        .array();
  }

  /// K then OPc, to be stored; the caller closes it.
  public SecretBytes encode() {
    return milenage.encode();
  }

  /// Reads what [#encode()] wrote, which stays the caller's.
  public static SubscriberKey decode(SecretBytes encoded) {
    if (encoded.length() != 2 * OCTETS) {
      throw new IllegalArgumentException("K and OPc have 32 octets together");
    }
    return encoded.lend(
        SecretAccess.token(),
        octets ->
            of(
                SecretBytes.take(Arrays.copyOf(octets, OCTETS), "K"),
                SecretBytes.take(Arrays.copyOfRange(octets, OCTETS, 2 * OCTETS), "OPc")));
  }

  /// `sqn xor ak`, both ways; `ak` is zeroed.
  private static byte[] hidden(byte[] sqn, byte[] ak) {
    byte[] hidden = new byte[sqn.length];
    for (int i = 0; i < sqn.length; i++) {
      hidden[i] = (byte) (sqn[i] ^ ak[i]);
    }
    Arrays.fill(ak, (byte) 0);
    return hidden;
  }

  @Override
  public void close() {
    milenage.close();
  }

  @Override
  public String toString() {
    return "SubscriberKey[]";
  }
}
