package parley.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.manager.GroupManager;
import parley.keys.manager.GroupMember;
import parley.keys.manager.GroupSettings;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// No secret of the key plane shows in a text or in a file: no eight octets of it, in hex, Base64
/// or plain.
class KeysSecretsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final String PASSPHRASE = "correct horse battery staple";

  @TempDir Path directory;
  private final List<byte[]> secrets = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<SecretBytes> mustBeZero = new ArrayList<>();

  @Test
  void showsNoSecretAnywhere() throws Exception {
    secrets.add(PASSPHRASE.getBytes(StandardCharsets.UTF_8));
    try (VaultKey key = VaultKey.passphrase(PASSPHRASE.toCharArray())) {
      say(key);
      try (Vault vault = Vault.create(directory.resolve("vault"), key)) {
        useEverything(vault);
        say(vault);
        assertThatThrownBy(() -> Vault.open(directory.resolve("vault"), key)).satisfies(this::say);
      }
      try (VaultKey wrong = VaultKey.passphrase((PASSPHRASE + "!").toCharArray())) {
        assertThatThrownBy(() -> Vault.open(directory.resolve("vault"), wrong))
            .satisfies(this::say);
      }
    }
    assertThat(secrets).hasSizeGreaterThan(6);
    texts.forEach(this::requireClean);
    requireClean(Files.readAllBytes(directory.resolve("vault")));
    requireClean(Files.readAllBytes(directory.resolve("vault.lock")));
    assertThat(mustBeZero).allMatch(SecretBytes::isClosed);
  }

  private void useEverything(Vault vault) throws Exception {
    var clock = new FakeClock(NOW);
    try (KmsIssuer kms = KmsIssuer.create(KmsSettings.monthly("kms"), vault, Secrets.RANDOM)) {
      say(kms);
      remember(vault.read("kms", "z").orElseThrow());
      remember(vault.read("kms", "ksak").orElseThrow());
      enrol(kms, vault, FIRE);
      enrol(kms, vault, ALICE);
    }
    var members = MemberList.of(List.of(GroupMember.of(ALICE, Permission.TALK)));
    texts.add(members.toYaml());
    try (GroupManager manager =
            GroupManager.create(vault, GroupSettings.of(FIRE), members, clock, Secrets.RANDOM);
        Member alice = Member.open(vault, ALICE, clock)) {
      GroupMasterKey gmk = manager.newGmk(NOW, Instant.MAX);
      remember(gmk.key().duplicate());
      mustBeZero.add(gmk.key());
      alice.joinGroup(GroupMembership.of(FIRE, "kms"));
      manager.distribute(gmk, NOW).forEach(message -> accept(alice, message.octets()));
      manager.deliveries().forEach(this::say);
      say(manager);
      say(alice);
      say(alice.signer(gmk.issued()));
      mustBeZero.add(alice.sendingGmk(FIRE).orElseThrow().key());
    }
    useRecordingKey(vault.recordingKey(), vault);
  }

  private void enrol(KmsIssuer kms, Vault vault, Identity who) throws Exception {
    try (MemberKeys keys = kms.issue(who, kms.certificate().periodAt(NOW), "device", NOW)) {
      say(keys);
      remember(keys.rsk().duplicate());
      remember(keys.ssk().duplicate());
      mustBeZero.add(keys.rsk());
      mustBeZero.add(keys.ssk());
      Member.install(vault, kms.certificate(), keys);
      try (MemberKeys wrong =
          MemberKeys.of(
              new Identity("sip:x@example.org"),
              keys.period(),
              "device",
              keys.rsk().duplicate(),
              keys.ssk().duplicate(),
              keys.pvt())) {
        assertThatThrownBy(() -> Member.install(vault, kms.certificate(), wrong))
            .satisfies(this::say);
      }
    }
  }

  private void accept(Member member, byte[] message) {
    GmkAcceptance acceptance = member.accept(message);
    assertThat(acceptance).isInstanceOf(GmkAcceptance.Accepted.class);
    say(acceptance);
    say(member.accept(message));
    say(((GmkAcceptance.Accepted) acceptance).gmk());
    byte[] flipped = message.clone();
    flipped[message.length - 1] ^= 1;
    say(member.accept(flipped));
  }

  private void useRecordingKey(RecordingKey key, Vault vault) {
    remember(vault.read("recording-key", "current").orElseThrow());
    say(key);
    texts.add(HexFormat.of().formatHex(key.keyId()));
    assertThatThrownBy(() -> key.unwrap(new byte[24])).satisfies(this::say);
  }

  private void say(Object thing) {
    texts.add(thing.toString());
  }

  private void say(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      texts.add(t.toString());
    }
  }

  private void remember(SecretBytes secret) {
    try (secret) {
      say(secret);
      secrets.add(secret.lend(SecretAccess.token(), byte[]::clone));
    }
  }

  private void requireClean(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (byte[] secret : secrets) {
      for (int at = 0; at + 8 <= secret.length; at++) {
        String hex = HexFormat.of().formatHex(secret, at, at + 8);
        assertThat(lower).doesNotContain(hex);
      }
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(secret);
      assertThat(text).doesNotContain(base64.substring(0, 10));
    }
    requireClean(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void requireClean(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    for (byte[] secret : secrets) {
      for (int at = 0; at + 8 <= secret.length; at++) {
        assertThat(text.contains(new String(secret, at, 8, StandardCharsets.ISO_8859_1))).isFalse();
      }
    }
  }
}
