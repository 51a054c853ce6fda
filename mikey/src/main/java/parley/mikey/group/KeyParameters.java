package parley.mikey.group;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.message.KeyPurpose;
import parley.mikey.message.MalformedMessage;

/// The key parameters of a distributed key (TS 33.180, E.6), in clear: what it is for, its period
/// of use, and the groups it is for. Times are whole seconds; no end is [Instant#MAX].
///
/// On the wire: key type (1), status (4; lowest bit: not revoked), activation (5), expiry (5; 0 for
/// none), length of text (2), text, and for a GMK the length of the list of groups (2), their
/// number (1) and each as element identifier 0, length (2), URI. A list of none leaves the group to
/// the signer's identity.
record KeyParameters(
    int keyType, int status, Instant activation, Instant expiry, List<Identity> groups) {
  static final int GMK = KeyPurpose.GMK.code();
  static final String CLAUSE = "TS 33.180, E.6";

  private static final int NOT_REVOKED = 1;
  private static final int MAX_GROUPS = 64;
  private static final int GROUP_ELEMENT = 0;
  private static final int HEAD_OCTETS = 17;
  private static final long MAX_SECONDS = 0xff_ffff_ffffL;

  KeyParameters {
    groups = List.copyOf(groups);
  }

  static KeyParameters of(GroupMasterKey gmk, List<Identity> groups) {
    return new KeyParameters(
        GMK, gmk.isRevoked() ? 0 : NOT_REVOKED, gmk.activation(), gmk.expiry(), groups);
  }

  /// Those of a key that is for no group.
  static KeyParameters inForce(KeyPurpose purpose, Instant activation, Instant expiry) {
    return new KeyParameters(purpose.code(), NOT_REVOKED, activation, expiry, List.of());
  }

  boolean isRevoked() {
    return (status & NOT_REVOKED) == 0;
  }

  byte[] write() {
    byte[] list = keyType == GMK ? groupList() : new byte[0];
    var out = ByteBuffer.allocate(HEAD_OCTETS + list.length);
    out.put((byte) keyType).putInt(status);
    putSeconds(activation.getEpochSecond(), out);
    putSeconds(expiry.equals(Instant.MAX) ? 0 : expiry.getEpochSecond(), out);
    out.putShort((short) 0); // no text
    return out.put(list).array();
  }

  private byte[] groupList() {
    var list = new ByteArrayOutputStream();
    list.write(groups.size());
    for (Identity group : groups) {
      byte[] uri = group.octets();
      list.writeBytes(
          ByteBuffer.allocate(3).put((byte) GROUP_ELEMENT).putShort((short) uri.length).array());
      list.writeBytes(uri);
    }
    return ByteBuffer.allocate(Short.BYTES + list.size())
        .putShort((short) list.size())
        .put(list.toByteArray())
        .array();
  }

  static void putSeconds(long unixSeconds, ByteBuffer out) {
    if (unixSeconds < 0 || unixSeconds > MAX_SECONDS) {
      throw new IllegalArgumentException(unixSeconds + " s do not fit five octets");
    }
    out.put((byte) (unixSeconds >>> Integer.SIZE)).putInt((int) unixSeconds);
  }

  static KeyParameters read(byte[] plaintext) throws MalformedMessage {
    var in = ByteBuffer.wrap(plaintext);
    try {
      int keyType = in.get() & 0xff;
      int status = in.getInt();
      long activation = seconds(in);
      long expiry = seconds(in);
      in.get(new byte[in.getShort() & 0xffff]); // text
      List<Identity> groups = keyType == GMK ? groups(in) : List.of();
      require(!in.hasRemaining(), in, "octets after the key parameters");
      return new KeyParameters(
          keyType,
          status,
          Instant.ofEpochSecond(activation),
          expiry == 0 ? Instant.MAX : Instant.ofEpochSecond(expiry),
          groups);
    } catch (BufferUnderflowException _) {
      throw new MalformedMessage(CLAUSE, in.position(), "the key parameters are cut short");
    }
  }

  private static long seconds(ByteBuffer in) {
    return (in.get() & 0xffL) << Integer.SIZE | Integer.toUnsignedLong(in.getInt());
  }

  private static List<Identity> groups(ByteBuffer in) throws MalformedMessage {
    int octets = in.getShort() & 0xffff;
    require(octets == in.remaining(), in, "the list of groups has another length");
    int count = in.get() & 0xff;
    require(count <= MAX_GROUPS, in, count + " groups");
    var groups = new ArrayList<Identity>();
    for (int i = 0; i < count; i++) {
      require(in.get() == GROUP_ELEMENT, in, "not the identity of a group");
      groups.add(group(in));
    }
    return groups;
  }

  private static Identity group(ByteBuffer in) throws MalformedMessage {
    var uri = new byte[in.getShort() & 0xffff];
    in.get(uri);
    try {
      return new Identity(new String(uri, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException _) {
      throw new MalformedMessage(CLAUSE, in.position(), "a group is no canonical URI");
    }
  }

  private static void require(boolean holds, ByteBuffer in, String otherwise)
      throws MalformedMessage {
    if (!holds) {
      throw new MalformedMessage(CLAUSE, in.position(), otherwise);
    }
  }
}
