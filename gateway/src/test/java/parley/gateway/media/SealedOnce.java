package parley.gateway.media;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import parley.srtp.CipherBatch;
import parley.srtp.CipherEngine;
import parley.srtp.EngineKey;
import parley.srtp.SrtpProfile;

/// An engine that fails when anything is sealed twice under one key and initialisation vector.
final class SealedOnce implements CipherEngine {
  private record Seal(int keyHash, long ivHigh, long ivLow) {}

  private final CipherEngine engine;
  private final Map<EngineKey, Integer> keyHashes =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Set<Seal> seals = Collections.synchronizedSet(new HashSet<>());

  SealedOnce(CipherEngine engine) {
    this.engine = engine;
  }

  int size() {
    return seals.size();
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey) {
    EngineKey key = engine.key(profile, encryptionKey, authenticationKey);
    keyHashes.put(key, Arrays.hashCode(encryptionKey));
    return key;
  }

  @Override
  public void seal(CipherBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      Integer keyHash = keyHashes.getOrDefault(batch.key(i), 0);
      if (!seals.add(new Seal(keyHash, batch.ivHigh(i), batch.ivLow(i)))) {
        throw new AssertionError("a second use of one key and IV");
      }
    }
    engine.seal(batch);
  }

  @Override
  public void open(CipherBatch batch) {
    engine.open(batch);
  }
}
