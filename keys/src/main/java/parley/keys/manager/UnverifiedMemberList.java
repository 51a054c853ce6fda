package parley.keys.manager;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// A signed list of members of the right form; nothing in it is true until [#isSigned]. One list
/// has one form (wire profile, section 13), so every other octet breaks form or signature:
///
/// ```
/// "parleyl" 01   8   no MIKEY message begins so
/// version        8   NTP-UTC, when the list was last changed; rises with each change
/// T              8   NTP-UTC, when it was signed; its key period is that of the signature
/// not after      8   NTP-UTC
/// group          1 + n
/// members        4, then for each, in rising order of their URIs:
///                1 + n URI, 1 permissions: 1 talk, 2 listen, 4 relay, 8 manage
/// signature    129   ECCSI by whoever signs the group's GMKs, over everything before
/// ```
///
/// Immutable, thread-safe.
public final class UnverifiedMemberList {
  /// More than [#MOST_MEMBERS] of the longest names have.
  public static final int MAX_OCTETS = 16 << 20;

  private static final byte[] MAGIC = "parleyl\1".getBytes(US_ASCII);
  private static final String CLAUSE = "parley profile, 13";
  private static final int MOST_MEMBERS = 100_000;
  private static final int SIGNATURE = EccsiSigner.SIGNATURE_OCTETS;
  private static final int ALL_PERMISSIONS = 15;

  private final byte[] octets;
  private final NtpTimestamp version;
  private final NtpTimestamp timestamp;
  private final NtpTimestamp notAfter;
  private final Identity group;
  private final MemberList list;

  private UnverifiedMemberList(byte[] octets) throws MalformedMessage {
    this.octets = octets;
    var in = new Walk(octets);
    in.require(octets.length <= MAX_OCTETS, octets.length + " octets");
    in.require(Arrays.equals(in.take(MAGIC.length), MAGIC), "no signed list of members");
    version = in.timestamp();
    timestamp = in.timestamp();
    notAfter = in.timestamp();
    in.require(
        version.compareTo(timestamp) <= 0 && timestamp.compareTo(notAfter) < 0,
        "changed, signed and ended in another order");
    group = in.identity();
    list = members(in);
    var _ = in.take(SIGNATURE);
    in.require(in.left() == 0, "octets behind the signature");
  }

  private static MemberList members(Walk in) throws MalformedMessage {
    int count = in.number();
    in.require(count >= 0 && count <= MOST_MEMBERS, count + " members");
    List<GroupMember> members = new ArrayList<>();
    @Nullable Identity before = null;
    for (int i = 0; i < count; i++) {
      Identity who = in.identity();
      in.require(before == null || before.compareTo(who) < 0, "members not in rising order");
      before = who;
      members.add(new GroupMember(who, permissions(in)));
    }
    return MemberList.of(members);
  }

  private static Set<Permission> permissions(Walk in) throws MalformedMessage {
    int bits = in.octet();
    in.require(bits != 0 && bits <= ALL_PERMISSIONS, "permissions " + bits);
    var permissions = EnumSet.noneOf(Permission.class);
    for (Permission permission : Permission.values()) {
      if ((bits & bit(permission)) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  private static int bit(Permission permission) {
    return switch (permission) {
      case TALK -> 1;
      case LISTEN -> 2;
      case RELAY -> 4;
      case MANAGE -> 8;
    };
  }

  /// Copies the octets.
  public static UnverifiedMemberList read(byte[] octets) throws MalformedMessage {
    return new UnverifiedMemberList(octets.clone());
  }

  /// Makes one; `signer` is of the period of `t`.
  static UnverifiedMemberList seal(
      Identity group,
      NtpTimestamp version,
      NtpTimestamp t,
      Instant notAfter,
      MemberList list,
      EccsiSigner signer,
      SecureRandom random) {
    byte[] content = content(group, version, t, NtpTimestamp.of(notAfter), list);
    byte[] whole = Arrays.copyOf(content, content.length + SIGNATURE);
    byte[] signature = signer.sign(content, 0, content.length, random);
    System.arraycopy(signature, 0, whole, content.length, SIGNATURE);
    try {
      return new UnverifiedMemberList(whole);
    } catch (MalformedMessage e) {
      throw new IllegalStateException("a list of our own is malformed", e);
    }
  }

  private static byte[] content(
      Identity group,
      NtpTimestamp version,
      NtpTimestamp t,
      NtpTimestamp notAfter,
      MemberList list) {
    var octets = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(octets)) {
      out.write(MAGIC);
      out.writeLong(version.bits());
      out.writeLong(t.bits());
      out.writeLong(notAfter.bits());
      write(out, group);
      List<GroupMember> rising = new ArrayList<>(list.members());
      rising.sort((a, b) -> a.identity().compareTo(b.identity()));
      out.writeInt(rising.size());
      for (GroupMember member : rising) {
        write(out, member.identity());
        out.write(member.permissions().stream().mapToInt(UnverifiedMemberList::bit).sum());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return octets.toByteArray();
  }

  private static void write(DataOutputStream out, Identity identity) throws IOException {
    byte[] uri = identity.octets();
    out.write(uri.length);
    out.write(uri);
  }

  /// When the list was last changed.
  public NtpTimestamp version() {
    return version;
  }

  /// When it was signed.
  public NtpTimestamp timestamp() {
    return timestamp;
  }

  public Instant notAfter() {
    return notAfter.toInstant();
  }

  public Identity group() {
    return group;
  }

  /// The members in the order of their URIs.
  public MemberList list() {
    return list;
  }

  /// All of it; a copy.
  public byte[] octets() {
    return octets.clone();
  }

  int length() {
    return octets.length;
  }

  /// Whether `signer` signed this with keys of that KMS for the period of [#timestamp].
  public boolean isSigned(Identity signer, KmsCertificate kms, EccsiVerifier verifier) {
    int signed = octets.length - SIGNATURE;
    return verifier.verify(
        kms.authKey(),
        kms.identifier(signer, timestamp),
        octets,
        0,
        signed,
        Arrays.copyOfRange(octets, signed, octets.length));
  }

  @Override
  public String toString() {
    return "UnverifiedMemberList[%d members of %s, version %s]"
        .formatted(list.members().size(), group, version);
  }

  /// Walks the octets, and says where they end too early.
  private static final class Walk {
    private final ByteBuffer in;

    Walk(byte[] octets) {
      this.in = ByteBuffer.wrap(octets);
    }

    void require(boolean holds, String otherwise) throws MalformedMessage {
      if (!holds) {
        throw new MalformedMessage(CLAUSE, in.position(), otherwise);
      }
    }

    int left() {
      return in.remaining();
    }

    byte[] take(int length) throws MalformedMessage {
      require(length <= in.remaining(), "cut short");
      byte[] value = new byte[length];
      in.get(value);
      return value;
    }

    int octet() throws MalformedMessage {
      require(in.hasRemaining(), "cut short");
      return in.get() & 0xff;
    }

    int number() throws MalformedMessage {
      require(in.remaining() >= Integer.BYTES, "cut short");
      return in.getInt();
    }

    NtpTimestamp timestamp() throws MalformedMessage {
      require(in.remaining() >= Long.BYTES, "cut short");
      return new NtpTimestamp(in.getLong());
    }

    Identity identity() throws MalformedMessage {
      byte[] uri = take(octet());
      try {
        // what is not ASCII becomes a character that no identity has
        return new Identity(new String(uri, US_ASCII));
      } catch (IllegalArgumentException _) {
        throw new MalformedMessage(CLAUSE, in.position(), "no canonical identity");
      }
    }
  }
}
