package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.mikey.secret.SecretBytes;

/// A vault whose key stays in a PKCS#11 token.
class VaultTokenTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void prepare() {
    file = directory.resolve("vault");
  }

  @Test
  void opensWithTheTokensKeyAndItsPinFromAFile() throws Exception {
    try (VaultKey key = SoftHsm.key("first", "opens")) {
      Vault.create(file, key).close();
    }
    Path pin = Files.writeString(directory.resolve("pin"), SoftHsm.PIN + "\n");
    try (VaultKey key = VaultKey.token(SoftHsm.token("first", "not asked"), pin);
        Vault vault = Vault.open(file, key)) {
      vault.put("a", "b", Secrets.of("c"));
      assertThat(vault.unlocks())
          .containsExactly(new VaultUnlock("PKCS#11 key", "PKCS#11 key", "key opens"));
      assertThat(key.toString()).doesNotContain(SoftHsm.PIN);
    }
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .doesNotContain(SoftHsm.PIN);
  }

  @Test
  void keepsItsKeyInside() throws Exception {
    try (VaultKey key = SoftHsm.key("first", "inside")) {
      Vault.create(file, key).close();
    }
    try (Token token = Token.enter(SoftHsm.token("first", ""), SoftHsm.PIN.toCharArray())) {
      assertThat(token.find("inside").orElseThrow().getEncoded()).isNull();
      assertThat(token.find("inside").orElseThrow().toString())
          .contains("token object, sensitive, unextractable");
    }
  }

  @Test
  void usesAKeyThatIsThereAlready() throws Exception {
    try (Token token = Token.enter(SoftHsm.token("first", ""), SoftHsm.PIN.toCharArray())) {
      assertThat(token.findOrMake("shared")).isNotNull();
    }
    Path other = directory.resolve("other");
    try (VaultKey key = SoftHsm.key("first", "shared")) {
      Vault.create(file, key).close();
      Vault.create(other, key).close();
      Vault.open(file, key).close();
      Vault.open(other, key).close();
    }
  }

  @Test
  void refusesAKeyThatTheTokenWouldGiveOut() throws Exception {
    TokenSettings settings = SoftHsm.token("first", "given out");
    var provider =
        Security.getProvider("SunPKCS11")
            .configure(
                "--name=test\nlibrary=%s\nslotListIndex=%d\nattributes(*, CKO_SECRET_KEY, *) = {\n"
                        .formatted(settings.library(), settings.slotIndex())
                    + " CKA_SENSITIVE = false\n CKA_EXTRACTABLE = true\n}\n");
    KeyStore keys = KeyStore.getInstance("PKCS11", provider);
    keys.load(null, SoftHsm.PIN.toCharArray());
    var octets = new javax.crypto.spec.SecretKeySpec(new byte[32], "AES");
    keys.setKeyEntry("given out", octets, null, null);

    try (VaultKey key = SoftHsm.key("first", "given out")) {
      assertThatThrownBy(() -> Vault.create(file, key))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining("is not an AES key that stays there");
    }
  }

  @Test
  void namesAWrongPin() throws Exception {
    create("pins");
    try (VaultKey key = VaultKey.token(SoftHsm.token("first", "pins"), "4321".toCharArray())) {
      assertThatThrownBy(() -> Vault.open(file, key))
          .isInstanceOf(VaultException.class)
          .hasMessageStartingWith("wrong PIN for slot")
          .hasMessageNotContaining("4321");
    }
  }

  /// SoftHSM never locks a PIN, so this is what the JDK throws for a token that does.
  @Test
  void namesALockedPin() {
    var locked = new IOException("load failed", new IOException("CKR_PIN_LOCKED"));

    assertThat(Token.refused("slot 0 of hsm.so", locked))
        .hasMessage(
            "the PIN of slot 0 of hsm.so is locked; its security officer must set a new one");
  }

  @Test
  void namesAMissingModuleTokenAndKey() throws Exception {
    create("missing");
    var nowhere = new TokenSettings(directory.resolve("hsm.so"), 0, "missing");
    refuses(nowhere, "there is no PKCS#11 module at");
    refuses(
        new TokenSettings(SoftHsm.module(), 77, "missing"),
        "there is no initialised token in slot 77");
    refuses(SoftHsm.token("", "missing"), "there is no initialised token in slot");
    refuses(SoftHsm.token("second", "missing"), "is opened by key missing; put in its token");
    Path text = Files.writeString(directory.resolve("text.so"), "not a library");
    refuses(new TokenSettings(text, 0, "missing"), "check the token and its software");
  }

  @Test
  void refusesTheSameLabelInAnotherToken() throws Exception {
    create("same");
    try (Token token = Token.enter(SoftHsm.token("second", ""), SoftHsm.PIN.toCharArray())) {
      assertThat(token.findOrMake("same")).isNotNull();
    }
    refuses(SoftHsm.token("second", "same"), "no key in slot");
  }

  private void create(String keyLabel) throws Exception {
    try (VaultKey key = SoftHsm.key("first", keyLabel)) {
      Vault.create(file, key).close();
    }
  }

  private void refuses(TokenSettings settings, String why) {
    try (VaultKey key = VaultKey.token(settings, SoftHsm.PIN.toCharArray())) {
      assertThatThrownBy(() -> Vault.open(file, key))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining(why);
    }
  }

  @Test
  void refusesAnOlderCopyThatWasRestoredWithItsWitness() throws Exception {
    create("witness");
    byte[] old = Files.readAllBytes(file);
    byte[] oldWitness = Files.readAllBytes(directory.resolve("vault.lock"));
    try (VaultKey key = SoftHsm.key("first", "witness")) {
      try (Vault vault = Vault.open(file, key)) {
        vault.put("a", "b", Secrets.of("c"));
      }
      Vault.open(file, key).close();
    }
    byte[] newest = Files.readAllBytes(file);
    byte[] newestWitness = Files.readAllBytes(directory.resolve("vault.lock"));
    Files.write(file, old);
    Files.write(directory.resolve("vault.lock"), oldWitness);
    refuses(SoftHsm.token("first", ""), "has seen write 2); put the newest back");

    Files.write(file, newest);
    Files.write(directory.resolve("vault.lock"), newestWitness);
    try (VaultKey key = SoftHsm.key("first", "witness")) {
      Vault.open(file, key).close();
    }
  }

  @Test
  void keepsOneNoteForEachVaultAndTakesItsLossForAcceptance() throws Exception {
    create("notes");
    byte[] old = Files.readAllBytes(file);
    try (VaultKey key = SoftHsm.key("first", "notes")) {
      for (int i = 0; i < 3; i++) {
        try (Vault vault = Vault.open(file, key)) {
          vault.put("a", "b", Secrets.of("c"));
        }
        Vault.create(directory.resolve("other" + i), key).close();
        Vault.open(directory.resolve("other" + i), key).close();
      }
      Vault.open(file, key).close();
    }
    String label = label(old);
    KeyStore keys = keyStore();
    assertThat(java.util.Collections.list(keys.aliases()).stream().filter(a -> a.startsWith(label)))
        .containsExactly(label + " 4");
    Files.write(file, old);
    Files.delete(directory.resolve("vault.lock"));
    refuses(SoftHsm.token("first", ""), "delete the token's key '" + label + " 4'");
    keyStore().deleteEntry(label + " 4"); // entered anew: leaving a token concerns the process
    try (VaultKey key = SoftHsm.key("first", "notes")) {
      Vault.open(file, key).close();
    }
  }

  private static String label(byte[] vault) throws DamagedVault {
    VaultHeader header = VaultHeader.read(java.nio.ByteBuffer.wrap(vault));
    byte[] body = header.unlocks().getFirst().body();
    int sealed = body.length - Unlock.SEALED_OCTETS;
    return "parley vault " + java.util.HexFormat.of().formatHex(body, sealed, sealed + 8);
  }

  private static KeyStore keyStore() throws Exception {
    TokenSettings settings = SoftHsm.token("first", "");
    var provider =
        Security.getProvider("SunPKCS11")
            .configure(
                "--name=notes\nlibrary=%s\nslotListIndex=%d\n"
                    .formatted(settings.library(), settings.slotIndex()));
    KeyStore keys = KeyStore.getInstance("PKCS11", provider);
    keys.load(null, SoftHsm.PIN.toCharArray());
    return keys;
  }

  @Test
  void sealsWhatOnlyTheSameKeyAndAssociatedDataOpen() throws Exception {
    byte[] aad = {1};
    try (Token token = Token.enter(SoftHsm.token("first", ""), SoftHsm.PIN.toCharArray());
        SecretBytes value = Secrets.of("32 octets or any other number")) {
      var key = token.findOrMake("seal");
      byte[] sealed = token.seal(key, value, aad, Secrets.RANDOM);
      try (SecretBytes opened = token.open(key, sealed, aad, "x").orElseThrow()) {
        assertThat(opened).isEqualTo(value);
      }
      assertThat(token.open(key, sealed, new byte[] {2}, "x")).isEmpty();
      for (int at = 0; at < sealed.length; at++) {
        byte[] flipped = sealed.clone();
        flipped[at] ^= 1;
        assertThat(token.open(key, flipped, aad, "x")).isEmpty();
      }
      assertThat(token.open(token.findOrMake("other"), sealed, aad, "x")).isEmpty();
      assertThat(token.open(key, Arrays.copyOf(sealed, sealed.length - 1), aad, "x")).isEmpty();
    }
  }
}
