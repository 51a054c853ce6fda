package parley.bench;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import parley.srtp.SrtpProfile;

/// What most programs do with a provider: `Cipher.init` for every packet, on small arrays, and a
/// `Mac` that is kept. Keys are taken as session keys; a replay window of 64 packets is checked.
final class ProviderContender implements Contender {
  private static final int TAG_OCTETS = 10;

  /// One stream in both directions.
  private final class Stream {
    final Cipher cipher;
    final SecretKeySpec key;
    final byte[] salt;
    final Mac mac;
    int sequence;
    long highest = -1;
    long window;

    Stream(int number) throws GeneralSecurityException {
      boolean aead = workload.profile().isAead();
      cipher = aead ? Cipher.getInstance("AES/GCM/NoPadding", provider) : counterMode();
      key = new SecretKeySpec(workload.key(number), "AES");
      salt = Arrays.copyOf(workload.salt(number), aead ? 12 : 16);
      mac = Mac.getInstance("HmacSHA1", provider);
      mac.init(new SecretKeySpec(Arrays.copyOf(workload.key(number), 20), "HmacSHA1"));
    }

    /// Amazon Corretto's provider has none: the installed providers lend it theirs, as they do to a
    /// program that names no provider.
    private Cipher counterMode() throws GeneralSecurityException {
      try {
        return Cipher.getInstance("AES/CTR/NoPadding", provider);
      } catch (NoSuchAlgorithmException _) {
        return Cipher.getInstance("AES/CTR/NoPadding");
      }
    }

    byte[] iv(int ssrc, long index) {
      byte[] iv = salt.clone();
      int at = iv.length == 12 ? 2 : 4;
      for (int i = 0; i < 4; i++) {
        iv[at + i] ^= (byte) (ssrc >>> (24 - 8 * i));
      }
      for (int i = 0; i < 6; i++) {
        iv[at + 4 + i] ^= (byte) (index >>> (40 - 8 * i));
      }
      return iv;
    }

    /// True for an index that is new, which then is no more.
    boolean isFresh(long index) {
      if (index > highest) {
        window = index - highest > 63 ? 1 : window << (index - highest) | 1;
        highest = index;
        return true;
      }
      long bit = 1L << (highest - index);
      boolean fresh = highest - index < 64 && (window & bit) == 0;
      window |= bit;
      return fresh;
    }
  }

  private final Provider provider;
  private final Workload workload;
  private final Stream[] streams;
  private final byte[][] plain;
  private final byte[][] sealed;
  private final byte[] output;
  private int nextPlain;
  private int nextSealed;
  private boolean isForged;

  ProviderContender(Provider provider, Workload workload) {
    this.provider = provider;
    this.workload = workload;
    streams = new Stream[workload.streams()];
    plain = new byte[Workload.PLAIN][];
    output = new byte[workload.packetOctets() + 64];
    sealed = new byte[workload.sealedBatches() * BATCH][];
    try {
      for (int s = 0; s < streams.length; s++) {
        streams[s] = new Stream(s);
      }
      for (int i = 0; i < plain.length; i++) {
        plain[i] = workload.packet(i % streams.length);
      }
      for (int i = 0; i < sealed.length; i++) {
        int octets = protectNext();
        sealed[i] = Arrays.copyOf(output, octets);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(provider.getName() + ": " + e.getMessage(), e);
    }
  }

  private SrtpProfile profile() {
    return workload.profile();
  }

  @Override
  public void protect() {
    try {
      for (int i = 0; i < BATCH; i++) {
        protectNext();
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private int protectNext() throws GeneralSecurityException {
    int s = nextPlain % streams.length;
    byte[] packet = plain[nextPlain];
    nextPlain = nextPlain + 1 == plain.length ? 0 : nextPlain + 1;
    Stream stream = streams[s];
    long index = stream.sequence++;
    ByteBuffer.wrap(packet).putShort(2, (short) index);
    System.arraycopy(packet, 0, output, 0, HEADER_OCTETS);
    byte[] iv = stream.iv(workload.ssrc(s), index);
    if (profile().isAead()) {
      stream.cipher.init(Cipher.ENCRYPT_MODE, stream.key, new GCMParameterSpec(128, iv));
      stream.cipher.updateAAD(packet, 0, HEADER_OCTETS);
      return HEADER_OCTETS
          + stream.cipher.doFinal(
              packet, HEADER_OCTETS, workload.payloadOctets(), output, HEADER_OCTETS);
    }
    stream.cipher.init(Cipher.ENCRYPT_MODE, stream.key, new IvParameterSpec(iv));
    stream.cipher.doFinal(packet, HEADER_OCTETS, workload.payloadOctets(), output, HEADER_OCTETS);
    int octets = workload.packetOctets();
    byte[] tag = tag(stream, output, octets, index);
    System.arraycopy(tag, 0, output, octets, TAG_OCTETS);
    return octets + TAG_OCTETS;
  }

  private static byte[] tag(Stream stream, byte[] packet, int octets, long index) {
    stream.mac.update(packet, 0, octets);
    stream.mac.update(new byte[] {0, 0, (byte) (index >>> 24), (byte) (index >>> 16)});
    return stream.mac.doFinal();
  }

  @Override
  public void renew() {
    nextSealed = 0;
    for (Stream stream : streams) {
      stream.highest = -1;
      stream.window = 0;
    }
  }

  @Override
  public void unprotect() {
    for (int i = 0; i < BATCH; i++) {
      requireNext(true);
    }
  }

  @Override
  public void refuseForged() {
    if (!isForged) {
      forge();
    }
    if (nextSealed == sealed.length) {
      nextSealed = 0;
    }
    for (int i = 0; i < BATCH; i++) {
      requireNext(false);
    }
  }

  private void forge() {
    isForged = true;
    for (int i = 0; i < sealed.length; i++) {
      sealed[i][sealed[i].length - workload.spoiltFromEnd(i)] ^= workload.spoiltBit(i);
    }
  }

  private void requireNext(boolean authentic) {
    boolean verified;
    try {
      verified = unprotect(nextSealed % streams.length, sealed[nextSealed]);
    } catch (AEADBadTagException _) { // how a provider refuses is part of what it costs
      verified = false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    if (verified != authentic) {
      throw new IllegalStateException("packet " + nextSealed + " verifies: " + verified);
    }
    nextSealed++;
  }

  /// Whether the tag verifies; a provider's AEAD cipher says by an exception that it does not.
  private boolean unprotect(int s, byte[] packet) throws GeneralSecurityException {
    Stream stream = streams[s];
    int sequence = ByteBuffer.wrap(packet).getShort(2) & 0xFFFF;
    long base = nextSealed / streams.length;
    long index = base - (base & 0xFFFF) + sequence;
    byte[] iv = stream.iv(workload.ssrc(s), index);
    if (profile().isAead()) {
      stream.cipher.init(Cipher.DECRYPT_MODE, stream.key, new GCMParameterSpec(128, iv));
      stream.cipher.updateAAD(packet, 0, HEADER_OCTETS);
      stream.cipher.doFinal(
          packet, HEADER_OCTETS, packet.length - HEADER_OCTETS, output, HEADER_OCTETS);
    } else {
      int octets = packet.length - TAG_OCTETS;
      byte[] expected = Arrays.copyOf(tag(stream, packet, octets, index), TAG_OCTETS);
      if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(packet, octets, packet.length))) {
        return false;
      }
      stream.cipher.init(Cipher.DECRYPT_MODE, stream.key, new IvParameterSpec(iv));
      stream.cipher.doFinal(packet, HEADER_OCTETS, octets - HEADER_OCTETS, output, HEADER_OCTETS);
    }
    if (!stream.isFresh(index)) {
      throw new IllegalStateException("a fresh packet was taken for a replay");
    }
    return true;
  }

  @Override
  public void close() {}
}
