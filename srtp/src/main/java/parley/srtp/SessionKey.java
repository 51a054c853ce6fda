package parley.srtp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import parley.srtp.KeyDerivation.Label;

/// What one master key gives for SRTP, or for SRTCP: an engine key, the session salt, and how many
/// packets it may still protect (2^48, or 2^31: RFC 3711, 9.2).
final class SessionKey implements AutoCloseable {
  private final EngineKey engineKey;
  private final boolean isAead;
  private long handle;
  private long saltHigh;
  private long saltLow;
  private long packetsLeft;

  /// @param salt the session salt, padded on the right to 16 octets; stays the caller's
  SessionKey(EngineKey engineKey, boolean isAead, byte[] salt, long packetsLeft) {
    ByteBuffer octets = ByteBuffer.wrap(salt);
    this.engineKey = engineKey;
    this.handle = engineKey.handle();
    this.isAead = isAead;
    this.saltHigh = octets.getLong();
    this.saltLow = octets.getLong();
    this.packetsLeft = packetsLeft;
  }

  static SessionKey srtp(MasterKey master, CipherEngine engine) {
    return derive(
        master,
        engine,
        PacketIndex.MAX_SRTP + 1,
        Label.SRTP_ENCRYPTION,
        Label.SRTP_AUTHENTICATION,
        Label.SRTP_SALT);
  }

  static SessionKey srtcp(MasterKey master, CipherEngine engine) {
    return derive(
        master,
        engine,
        PacketIndex.MAX_SRTCP + 1,
        Label.SRTCP_ENCRYPTION,
        Label.SRTCP_AUTHENTICATION,
        Label.SRTCP_SALT);
  }

  /// For header extensions (RFC 6904, 3): AES-CM with the IV of the payload, under an own key and
  /// salt, with AEAD profiles too (RFC 7714, 8.3). Its lifetime is the payload key's.
  static SessionKey headerExtensions(MasterKey master, CipherEngine engine) {
    SrtpProfile profile = master.profile();
    byte[] key = KeyDerivation.derive(master, Label.HEADER_ENCRYPTION, profile.masterKeyOctets());
    byte[] salt = KeyDerivation.derive(master, Label.HEADER_SALT, profile.masterSaltOctets());
    byte[] salt16 = Arrays.copyOf(salt, 16);
    try {
      return new SessionKey(engine.streamKey(key), false, salt16, PacketIndex.MAX_SRTP + 1);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(salt, (byte) 0);
      Arrays.fill(salt16, (byte) 0);
    }
  }

  private static SessionKey derive(
      MasterKey master,
      CipherEngine engine,
      long lifetimePackets,
      Label encryption,
      Label authentication,
      Label salting) {
    SrtpProfile profile = master.profile();
    byte[] key = KeyDerivation.derive(master, encryption, profile.masterKeyOctets());
    byte[] authKey = KeyDerivation.derive(master, authentication, profile.authKeyOctets());
    byte[] salt = KeyDerivation.derive(master, salting, profile.masterSaltOctets());
    byte[] salt16 = Arrays.copyOf(salt, 16);
    try {
      EngineKey engineKey = engine.key(profile, key, authKey);
      return new SessionKey(engineKey, profile.isAead(), salt16, lifetimePackets);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(authKey, (byte) 0);
      Arrays.fill(salt, (byte) 0);
      Arrays.fill(salt16, (byte) 0);
    }
  }

  EngineKey engineKey() {
    return engineKey;
  }

  /// [EngineKey#handle], at hand.
  long handle() {
    return handle;
  }

  /// The first half of the initialisation vector: salt xor SSRC, for GCM also the top of the index
  /// (RFC 3711, 4.1.1; RFC 7714, 8.1 and 9.1).
  long ivHigh(int ssrc, long index) {
    long unsignedSsrc = Integer.toUnsignedLong(ssrc);
    return saltHigh ^ (isAead ? unsignedSsrc << 16 | index >>> 32 : unsignedSsrc);
  }

  /// The second half: the index, for AES-CM shifted left of the 16-bit block counter.
  long ivLow(long index) {
    return saltLow ^ (isAead ? index << 32 : index << 16);
  }

  boolean isExpired() {
    return packetsLeft <= 0;
  }

  /// Counts a packet, sent or accepted, against the lifetime of the key.
  void spend() {
    packetsLeft--;
  }

  long packetsLeft() {
    return packetsLeft;
  }

  /// For tests of what happens at the end of a lifetime.
  void packetsLeft(long packets) {
    packetsLeft = packets;
  }

  @Override
  public void close() {
    packetsLeft = 0;
    handle = 0;
    saltHigh = 0;
    saltLow = 0;
    engineKey.close();
  }
}
