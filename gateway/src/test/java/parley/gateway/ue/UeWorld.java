package parley.gateway.ue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GmkOffer;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;

/// A KMS, a group with its GMK, and members that really hold it, each in a vault of its own.
final class UeWorld implements AutoCloseable {
  static final Identity GROUP = new Identity("sip:fire-ops@example.org");
  static final Identity ALICE = new Identity("sip:alice@example.org");
  static final Identity BOB = new Identity("sip:bob@example.org");

  final SecureRandom random = new SecureRandom();
  final InstantSource clock = InstantSource.system();
  final MediaTransport transport;
  private final Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Identity, Member> members = new HashMap<>();
  private final Map<Identity, Vault> vaults = new HashMap<>();
  private final KmsIssuer issuer;
  private GroupMasterKey gmk;
  private final Member manager;

  UeWorld(Path directory) throws Exception {
    this(directory, "auto");
  }

  /// @param io `media.io`
  UeWorld(Path directory, String io) throws Exception {
    this.directory = directory;
    transport = keep(NettyTransport.select(io, 2));
    issuer = keep(KmsIssuer.create(KmsSettings.monthly("kms.example.org"), vault("kms"), random));
    manager = enrolled(GROUP);
    gmk = newGmk(0x0123_4567);
  }

  private GroupMasterKey newGmk(int id) {
    Instant now = clock.instant();
    return keep(
        GroupMasterKey.of(
            GROUP,
            id,
            SecretBytes.random(GroupMasterKey.KEY_OCTETS, random, "GMK"),
            NtpTimestamp.of(now),
            now.minus(Duration.ofMinutes(1)),
            now.plus(Duration.ofHours(1)),
            false));
  }

  /// Another GMK, which every member holds when this returns.
  GroupMasterKey rekey() throws Exception {
    gmk = newGmk(gmk.gmkId() + 1);
    for (Member member : members.values()) {
      giveGmk(member);
    }
    return gmk;
  }

  GroupMasterKey gmk() {
    return gmk;
  }

  KmsCertificate kms() {
    return issuer.certificate();
  }

  /// The member of that name, enrolled and holding the GMK at the first call.
  Member member(Identity who) throws Exception {
    Member member = members.get(who);
    if (member == null) {
      member = enrolled(who);
      members.put(who, member);
      member.joinGroup(GroupMembership.of(GROUP, kms().kmsUri()));
      giveGmk(member);
    }
    return member;
  }

  private void giveGmk(Member member) throws Exception {
    NtpTimestamp t = NtpTimestamp.of(clock.instant());
    byte[] message =
        GmkDistribution.seal(
            GmkOffer.of(member.identity(), gmk), manager.signer(t), kms(), t, random);
    if (!(member.accept(message) instanceof GmkAcceptance.Accepted)) {
      throw new IllegalStateException("the GMK was not accepted");
    }
  }

  /// The member as it is after its process has ended and begun again.
  Member restarted(Identity who) throws Exception {
    member(who).close();
    Member again = keep(Member.open(Objects.requireNonNull(vaults.get(who)), who, clock));
    members.put(who, again);
    return again;
  }

  Talker talker(TalkerSettings settings) throws Exception {
    return talker(settings, transport, CipherEngines.jce());
  }

  Talker talker(TalkerSettings settings, MediaTransport by, CipherEngine engine) throws Exception {
    return Talker.open(member(ALICE), settings, by, engine, clock, random);
  }

  private Member enrolled(Identity who) throws Exception {
    Vault vault = vault(who.uri().replaceAll("\\W", "-"));
    vaults.put(who, vault);
    Instant now = clock.instant();
    try (MemberKeys keys = issuer.issue(who, kms().periodAt(now), "terminal", now)) {
      Member.install(vault, kms(), keys);
    }
    return keep(Member.open(vault, who, clock));
  }

  private Vault vault(String name) throws Exception {
    byte[] key = new byte[32];
    random.nextBytes(key);
    Path keyFile = Files.write(directory.resolve(name + ".key"), key);
    return keep(Vault.create(directory.resolve(name + ".vault"), VaultKey.keyFile(keyFile)));
  }

  <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
