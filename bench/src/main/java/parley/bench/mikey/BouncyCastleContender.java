package parley.bench.mikey;

import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECCSIKeyPairGenerator;
import org.bouncycastle.crypto.kems.SAKKEKEMExtractor;
import org.bouncycastle.crypto.kems.SAKKEKEMSGenerator;
import org.bouncycastle.crypto.params.ECCSIKeyGenerationParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.SAKKEPrivateKeyParameters;
import org.bouncycastle.crypto.params.SAKKEPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECCSISigner;
import org.bouncycastle.util.BigIntegers;
import parley.mikey.group.Admission;
import parley.mikey.message.MalformedMessage;

/// Bouncy Castle's ECCSI and SAKKE, on keys of its own, as it hashes numbers of another length than
/// others do.
///
/// It does not remember signers or identities, knows no batches, and decrypts with the KMS's master
/// secret. Its curve is the custom one, its fastest.
final class BouncyCastleContender implements MikeyContender {
  private static final X9ECParameters P256 = CustomNamedCurves.getByName("secp256r1");

  private final Keyring keys = new Keyring();
  private final ECCSIKeyGenerationParameters kms =
      new ECCSIKeyGenerationParameters(
          keys.world.random, P256, new SHA256Digest(), keys.world.talkerId);
  private final AsymmetricCipherKeyPair pair = pair();
  private final byte[] signature = sign();
  private final SAKKEPrivateKeyParameters master = new SAKKEPrivateKeyParameters(keys.world.random);
  private final SAKKEKEMSGenerator generator = new SAKKEKEMSGenerator(keys.world.random);
  private final SAKKEKEMExtractor extractor = new SAKKEKEMExtractor(master);
  private final byte[] encapsulated =
      generator.generateEncapsulated(master.getPublicParams()).getEncapsulation();

  private AsymmetricCipherKeyPair pair() {
    var maker = new ECCSIKeyPairGenerator();
    maker.init(kms);
    return maker.generateKeyPair();
  }

  private ECCSISigner signer(boolean signing, CipherParameters key) {
    var signer = new ECCSISigner(kms.getKPAK(), P256, new SHA256Digest(), keys.world.talkerId);
    signer.init(signing, key);
    signer.update(keys.message, 0, MESSAGE_OCTETS);
    return signer;
  }

  @Override
  public byte[] sign() {
    try {
      return signer(true, new ParametersWithRandom(pair.getPrivate(), keys.world.random))
          .generateSignature();
    } catch (CryptoException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void verifyKnown() {
    Keyring.require(signer(false, pair.getPublic()).verifySignature(signature));
  }

  @Override
  public void verifyNew() {
    verifyKnown();
  }

  @Override
  public byte[] encapsulate(int i) {
    var recipient =
        new SAKKEPublicKeyParameters(
            BigIntegers.fromUnsignedByteArray(Keyring.id(i)), master.getPublicParams().getZ());
    return generator.generateEncapsulated(recipient).getEncapsulation();
  }

  @Override
  public byte[] encapsulateAgain() {
    return generator.generateEncapsulated(master.getPublicParams()).getEncapsulation();
  }

  @Override
  public List<byte[]> encapsulateBatch(int i) {
    return IntStream.range(i, i + BATCH).mapToObj(this::encapsulate).toList();
  }

  @Override
  public void decapsulate() {
    Keyring.require(extractor.extractSecret(encapsulated).length == 16);
  }

  /// The gate and the unwrapping are ours, and the signature is one of its own over as many octets.
  @Override
  public void announcement() {
    Admission.Admitted admitted = keys.admit();
    verifyKnown();
    try {
      admitted.message().unwrap(admitted.gmk()).close();
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
    keys.settle(admitted);
  }
}
