package parley.bench;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import parley.srtp.SrtpProfile;

/// jitsi-srtp with the cipher that it finds to be fastest, as the videobridge uses it: in place,
/// one packet a call. Copying a sealed packet into place, a few nanoseconds, is part of unprotect.
final class JitsiContender implements Contender {
  /// One packet with room for its tag.
  private static final class Packet implements ByteArrayBuffer {
    private final byte[] buffer;
    private int length;

    Packet(int capacity) {
      buffer = new byte[capacity];
    }

    @Override
    public byte[] getBuffer() {
      return buffer;
    }

    @Override
    public int getOffset() {
      return 0;
    }

    @Override
    public int getLength() {
      return length;
    }

    @Override
    public void setLength(int octets) {
      length = octets;
    }

    @Override
    public void setOffset(int offset) {
      throw new IllegalStateException("packets start at 0");
    }

    @Override
    public boolean isInvalid() {
      return false;
    }

    @Override
    public void readRegionToBuff(int offset, int octets, byte[] to) {
      System.arraycopy(buffer, offset, to, 0, octets);
    }

    @Override
    public void grow(int octets) {
      if (length + octets > buffer.length) {
        throw new IllegalStateException("a packet has no room for " + octets + " more");
      }
    }

    @Override
    public void append(byte[] octets, int count) {
      System.arraycopy(octets, 0, buffer, length, count);
      length += count;
    }

    @Override
    public void shrink(int octets) {
      length -= octets;
    }
  }

  private final Workload workload;
  private final SrtpContextFactory[] sending;
  private final SrtpContextFactory[] receiving;
  private final SrtpCryptoContext[] senders;
  private final SrtpCryptoContext[] receivers;
  private final int[] sequences;
  private final Packet[] plain;
  private final byte[][] sealed;
  private final Packet received;
  private int nextPlain;
  private int nextStream;
  private int nextSealed;
  private int receiver;
  private boolean isForged;

  JitsiContender(Workload workload) {
    this.workload = workload;
    int streams = workload.streams();
    sending = new SrtpContextFactory[streams];
    receiving = new SrtpContextFactory[streams];
    senders = new SrtpCryptoContext[streams];
    receivers = new SrtpCryptoContext[streams];
    sequences = new int[streams];
    for (int s = 0; s < streams; s++) {
      sending[s] = factory(true, s);
      receiving[s] = factory(false, s);
      senders[s] = derive(sending[s], s);
    }
    plain = new Packet[Workload.PLAIN];
    for (int i = 0; i < plain.length; i++) {
      byte[] packet = workload.packet(i % streams);
      plain[i] = new Packet(packet.length + 32);
      plain[i].append(packet, packet.length);
    }
    sealed = new byte[workload.sealedBatches() * BATCH][];
    for (int i = 0; i < sealed.length; i++) {
      Packet packet = protectNext();
      sealed[i] = Arrays.copyOf(packet.buffer, packet.length);
    }
    received = new Packet(workload.packetOctets() + 32);
    renew();
  }

  private SrtpContextFactory factory(boolean sender, int stream) {
    return new SrtpContextFactory(
        sender,
        workload.key(stream),
        workload.salt(stream),
        policy(),
        policy(),
        new LoggerImpl("srtp"));
  }

  private SrtpPolicy policy() {
    SrtpProfile profile = workload.profile();
    return profile.isAead()
        ? new SrtpPolicy(
            SrtpPolicy.AESGCM_ENCRYPTION,
            profile.masterKeyOctets(),
            SrtpPolicy.NULL_AUTHENTICATION,
            0,
            profile.srtpTagOctets(),
            profile.masterSaltOctets())
        : new SrtpPolicy(
            SrtpPolicy.AESCM_ENCRYPTION,
            profile.masterKeyOctets(),
            SrtpPolicy.HMACSHA1_AUTHENTICATION,
            20,
            profile.srtpTagOctets(),
            profile.masterSaltOctets());
  }

  private SrtpCryptoContext derive(SrtpContextFactory factory, int stream) {
    try {
      return factory.deriveContext(workload.ssrc(stream), 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// With receivers that have seen nothing.
  @Override
  public void renew() {
    for (int s = 0; s < receivers.length; s++) {
      receivers[s] = derive(receiving[s], s);
    }
    nextSealed = 0;
    receiver = 0;
  }

  @Override
  public void protect() {
    for (int i = 0; i < BATCH; i++) {
      protectNext();
    }
  }

  private Packet protectNext() {
    int s = nextStream;
    Packet packet = plain[nextPlain];
    nextStream = nextStream + 1 == senders.length ? 0 : nextStream + 1;
    nextPlain = nextPlain + 1 == plain.length ? 0 : nextPlain + 1;
    int sequence = sequences[s]++;
    packet.length = workload.packetOctets();
    packet.buffer[2] = (byte) (sequence >>> 8);
    packet.buffer[3] = (byte) sequence;
    try {
      require(SrtpErrorStatus.OK, senders[s].transformPacket(packet));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return packet;
  }

  @Override
  public void unprotect() {
    for (int i = 0; i < BATCH; i++) {
      require(SrtpErrorStatus.OK, unprotectNext());
    }
  }

  @Override
  public void refuseForged() {
    if (!isForged) {
      forge();
    }
    if (nextSealed == sealed.length) {
      nextSealed = 0;
      receiver = 0;
    }
    for (int i = 0; i < BATCH; i++) {
      require(SrtpErrorStatus.AUTH_FAIL, unprotectNext());
    }
  }

  private void forge() {
    isForged = true;
    for (int i = 0; i < sealed.length; i++) {
      sealed[i][sealed[i].length - workload.spoiltFromEnd(i)] ^= workload.spoiltBit(i);
    }
  }

  private SrtpErrorStatus unprotectNext() {
    byte[] packet = sealed[nextSealed];
    System.arraycopy(packet, 0, received.buffer, 0, packet.length);
    received.length = packet.length;
    try {
      return receivers[receiver].reverseTransformPacket(received, false);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      nextSealed++;
      receiver = receiver + 1 == receivers.length ? 0 : receiver + 1;
    }
  }

  private static void require(SrtpErrorStatus expected, SrtpErrorStatus status) {
    if (status != expected) {
      throw new IllegalStateException("jitsi-srtp says " + status);
    }
  }

  @Override
  public void close() {
    for (int s = 0; s < sending.length; s++) {
      sending[s].close();
      receiving[s].close();
    }
  }
}
