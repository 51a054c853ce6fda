package parley.keys.gba;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.AuthenticationVector;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.gba.hss.NewSubscriber;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.naf.NafAuthenticator;
import parley.keys.gba.naf.NafKeys;
import parley.keys.gba.push.CompactGpi;
import parley.keys.gba.push.GpiOutcome;
import parley.keys.gba.push.GpiReceiver;
import parley.keys.gba.ue.UaDigestClient;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.PushInfo;
import parley.keys.gba.zn.ZnClient;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// No secret of GBA shows in a text, and each is zero when its owner has closed it.
class GbaSecretsTest {
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.HTTP_DIGEST);

  @TempDir Path directory;
  private final List<byte[]> secrets = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<SecretBytes> mustBeZero = new ArrayList<>();

  @Test
  void showsNoSecretAnywhere() throws Exception {
    try (GbaWorld world = new GbaWorld(directory)) {
      say(world.bsf(), world.hss());
      useAka(world);
      useUa(world);
      usePush(world);
    }
    assertThat(secrets).hasSize(7);
    assertThat(mustBeZero).isNotEmpty().allMatch(SecretBytes::isClosed);
    texts.forEach(this::requireClean);
  }

  private void useAka(GbaWorld world) throws Exception {
    try (SubscriberKey key = Subscribers.key();
        SecretBytes encoded = key.encode();
        NewSubscriber alice = Subscribers.alice();
        Usim usim = Subscribers.usim();
        AuthenticationVector vector = world.hss().vector(Subscribers.ALICE).orElseThrow()) {
      remember(encoded);
      remember(vector.keys().res());
      remember(vector.keys().ks());
      UsimAnswer answer = usim.authenticate(vector.rand(), vector.autn());
      UsimAnswer again = usim.authenticate(vector.rand(), vector.autn());
      try (AgreedKeys keys = ((UsimAnswer.Agreed) answer).keys()) {
        mustBeZero.addAll(List.of(keys.res(), keys.ks()));
        say(key, encoded, alice, usim, vector, answer, again, keys);
      }
    }
  }

  private void useUa(GbaWorld world) throws Exception {
    ZnClient zn = world.bsf().direct(GbaWorld.KMS);
    try (BootstrappedKey ue = world.bootstrapped();
        SecretBytes ksNaf = ue.ksNaf(NAF);
        SecretBytes password = KsNaf.password(ksNaf);
        UaDigestClient client = new UaDigestClient(ue.btid(), GbaWorld.KMS, ksNaf, Secrets.RANDOM);
        NafKeys keys = new NafKeys(GbaWorld.KMS, zn, world.clock(), Secrets.RANDOM);
        NafAuthenticator naf = new NafAuthenticator(keys, world.clock(), Secrets.RANDOM);
        NafKey key = keys.keyFor(ue.btid(), NAF.ua()).orElseThrow()) {
      remember(ue.ks());
      remember(ksNaf);
      remember(password);
      mustBeZero.addAll(List.of(ue.ks(), key.key()));
      say(ue, ksNaf, password, client, naf, key);
    }
  }

  private void usePush(GbaWorld world) throws Exception {
    ZnClient zn = world.bsf().direct(GbaWorld.KMS);
    try (PushInfo push = zn.push(Subscribers.ALICE_PUBLIC, NAF).orElseThrow();
        Usim usim = Subscribers.usim()) {
      var receiver =
          new GpiReceiver(
              usim, Subscribers.ALICE, new CompactGpi(GbaWorld.BSF), GbaWorld.KMS, world.clock());
      GpiOutcome outcome = receiver.receive(push.gpi());
      remember(push.key().key());
      mustBeZero.add(push.key().key());
      say(push, outcome, receiver.receive(push.gpi()));
      ((GpiOutcome.Called) outcome).key().close();
    }
  }

  private void say(Object... things) {
    for (Object thing : things) {
      texts.add(thing.toString());
    }
  }

  private void remember(SecretBytes secret) {
    secrets.add(secret.lend(SecretAccess.token(), byte[]::clone));
  }

  private void requireClean(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (byte[] secret : secrets) {
      for (int at = 0; at + 8 <= secret.length; at++) {
        assertThat(lower).doesNotContain(HexFormat.of().formatHex(secret, at, at + 8));
        assertThat(text).doesNotContain(new String(secret, at, 8, ISO_8859_1));
      }
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(secret);
      assertThat(text).doesNotContain(base64.substring(0, 10));
    }
  }
}
