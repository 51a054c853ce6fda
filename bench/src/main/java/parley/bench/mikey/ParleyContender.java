package parley.bench.mikey;

import java.util.List;
import parley.mikey.InvalidKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.Admission;
import parley.mikey.group.AnnouncementVerifier;
import parley.mikey.sakke.SakkePublicKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;

/// This project.
final class ParleyContender implements MikeyContender {
  private static final int KNOWN_SIGNERS = 64;

  private final Keyring keys = new Keyring();
  private final EccsiSigner signer = keys.world.signer();
  private final byte[] signature = sign();
  private final EccsiVerifier knowing = new EccsiVerifier(KNOWN_SIGNERS);
  private final SakkePublicKey z = keys.world.sakke.publicKey();
  private final SakkeReceiver receiver = receiver();
  private final byte[] encapsulated = encapsulateAgain();

  private SakkeReceiver receiver() {
    try (SecretBytes rsk = keys.world.sakke.issue(keys.world.talkerId)) {
      return SakkeReceiver.of(z, keys.world.talkerId, rsk);
    } catch (InvalidKey e) {
      throw new IllegalStateException("the KMS issued a key that it refuses", e);
    }
  }

  @Override
  public byte[] sign() {
    return signer.sign(keys.message, 0, MESSAGE_OCTETS, keys.world.random);
  }

  @Override
  public void verifyKnown() {
    verify(knowing);
  }

  @Override
  public void verifyNew() {
    verify(new EccsiVerifier(KNOWN_SIGNERS));
  }

  private void verify(EccsiVerifier verifier) {
    Keyring.require(
        verifier.verify(
            keys.world.eccsi.publicKey(),
            keys.world.talkerId,
            keys.message,
            0,
            MESSAGE_OCTETS,
            signature));
  }

  @Override
  public byte[] encapsulate(int i) {
    return z.encapsulate(Keyring.id(i), keys.ssv);
  }

  @Override
  public byte[] encapsulateAgain() {
    return z.encapsulate(keys.world.talkerId, keys.ssv);
  }

  @Override
  public List<byte[]> encapsulateBatch(int i) {
    return z.encapsulate(Keyring.ids(i), keys.ssv);
  }

  @Override
  public void decapsulate() {
    try (SecretBytes opened = receiver.decapsulate(encapsulated).orElseThrow()) {
      Keyring.require(opened.equals(keys.ssv));
    }
  }

  @Override
  public void announcement() {
    Admission.Admitted admitted = keys.admit();
    AnnouncementVerifier.Outcome outcome =
        new AnnouncementVerifier(knowing, keys.clock)
            .verify(admitted, uri -> uri.equals(World.KMS_URI) ? keys.world.kms : null);
    keys.settle(admitted);
    if (outcome instanceof AnnouncementVerifier.Outcome.Verified(var announcement)) {
      announcement.gsk().close();
    } else {
      throw new IllegalStateException("a good announcement was not verified: " + outcome);
    }
  }
}
