package parley.srtp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// An engine that does what another does and writes down every (key, initialisation vector) it
/// seals under; fails with an `AssertionError` at the first pair that comes twice.
///
/// Keys are told apart by their octets, not by their objects, so that two sessions of one master
/// key, or a sender before and after a restart, share one line of the ledger. One ledger may serve
/// all transforms of a test.
public final class IvLedger implements CipherEngine {
  private final CipherEngine engine;
  private final Map<EngineKey, String> keyHashes =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  public IvLedger(CipherEngine engine) {
    this.engine = engine;
  }

  /// How many distinct pairs were sealed under.
  public int size() {
    return used.size();
  }

  @Override
  public String name() {
    return "ledger:" + engine.name();
  }

  @Override
  public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
    EngineKey key = engine.key(profile, encryptionKey, authenticationKey);
    keyHashes.put(key, hash(encryptionKey));
    return key;
  }

  @Override
  public EngineKey streamKey(byte[] octets) {
    EngineKey key = engine.streamKey(octets);
    keyHashes.put(key, hash(octets));
    return key;
  }

  @Override
  public void seal(CipherBatch descriptors) {
    for (int i = 0; i < descriptors.size(); i++) {
      String line =
          "%s %016x%016x"
              .formatted(
                  keyHashes.get(descriptors.key(i)), descriptors.ivHigh(i), descriptors.ivLow(i));
      if (!used.add(line)) {
        throw new AssertionError("a second use of (key hash, IV) " + line);
      }
    }
    engine.seal(descriptors);
  }

  @Override
  public void open(CipherBatch descriptors) {
    engine.open(descriptors);
  }

  private static String hash(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
