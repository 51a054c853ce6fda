package parley.keys.gba.hss;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import parley.keys.Secrets;
import parley.keys.gba.aka.SqnMemory;
import parley.keys.gba.aka.SubscriberKey;
import parley.keys.gba.aka.Usim;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// Subscribers for tests, on both sides.
public final class Subscribers {
  public static final String ALICE = "alice_private@home1.net";
  public static final Identity ALICE_PUBLIC = new Identity("sip:alice@home1.net");
  public static final String K = "465b5ce8b199b49faa5f0a2ee238a6bc";
  public static final String OPC = "cd63cb71954a9f4e48a5994e37a02baf";

  private Subscribers() {}

  public static SecretBytes master() {
    return Secrets.hex("5a".repeat(32));
  }

  public static NewSubscriber alice() {
    return of(ALICE, ALICE_PUBLIC.uri());
  }

  public static NewSubscriber of(String impi, String... identities) {
    return new NewSubscriber(impi, Stream.of(identities).map(Identity::new).toList(), key());
  }

  public static SubscriberKey key() {
    return SubscriberKey.of(Secrets.hex(K), Secrets.hex(OPC));
  }

  /// Alice's SIM, with a memory that ends with the test.
  public static Usim usim() {
    return usim(new Memory());
  }

  public static Usim usim(SqnMemory memory) {
    try {
      return Usim.open(key(), memory);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// In memory.
  public static final class Memory implements SqnMemory {
    private long[] seqs = new long[32];

    /// As if the SIM had been used so far elsewhere.
    public Memory usedUntil(long seq) {
      Arrays.fill(seqs, seq);
      return this;
    }

    public List<Long> seqs() {
      return Arrays.stream(seqs).boxed().toList();
    }

    @Override
    public long[] load() {
      return seqs.clone();
    }

    @Override
    public void store(long[] next) {
      seqs = next.clone();
    }
  }
}
