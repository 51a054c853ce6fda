package parley.keys.vault;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// A JVM of its own in which a KMS issues, a manager distributes and a member accepts, all with one
/// vault, and which writes its heap into a file while manager and member hold their keys.
final class HeapDumpChild {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final Identity FIRE = new Identity("sip:fire@example.org");
  static final Identity ALICE = new Identity("sip:alice@example.org");

  /// What the search must find, or it proves nothing.
  static final String DECOY = "7f0b2c4d5e6a98";

  private static final byte[] ON_THE_HEAP = java.util.HexFormat.of().parseHex(DECOY + DECOY);

  private HeapDumpChild() {}

  /// `VAULT KEYFILE DUMP`.
  public static void main(String[] arguments) throws Exception {
    try (VaultKey key = VaultKey.keyFile(Path.of(arguments[1]));
        Vault vault = Vault.create(Path.of(arguments[0]), key)) {
      try (KmsIssuer kms = KmsIssuer.create(KmsSettings.monthly("kms"), vault, Secrets.RANDOM)) {
        enrol(kms, vault, FIRE);
        enrol(kms, vault, ALICE);
      }
      play(vault, Path.of(arguments[2]));
    }
  }

  private static void enrol(KmsIssuer kms, Vault vault, Identity who) throws Exception {
    try (MemberKeys keys = kms.issue(who, kms.certificate().periodAt(NOW), "device", NOW)) {
      Member.install(vault, kms.certificate(), keys);
    }
  }

  private static void play(Vault vault, Path dump) throws Exception {
    var clock = new FakeClock(NOW);
    var members = MemberList.of(List.of(GroupMember.of(ALICE, Permission.TALK)));
    try (GroupManager manager =
            GroupManager.create(vault, GroupSettings.of(FIRE), members, clock, Secrets.RANDOM);
        Member alice = Member.open(vault, ALICE, clock)) {
      GroupMasterKey gmk = manager.newGmk(NOW, Instant.MAX);
      alice.joinGroup(GroupMembership.of(FIRE, "kms"));
      manager.distribute(gmk, NOW).forEach(message -> alice.accept(message.octets()));
      byte[] signature = alice.signer(gmk.issued()).sign(new byte[100], 0, 100, Secrets.RANDOM);
      GroupMasterKey held = alice.sendingGmk(FIRE).orElseThrow();
      vault.recordingKey();
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(dump.toString(), true);
      if (held.key().isClosed() || signature.length == 0 || ON_THE_HEAP.length == 0) {
        throw new IllegalStateException("the keys were not held");
      }
    }
  }
}
