package parley.keys.gba.aka;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// A USIM in software (TS 33.102, 6.3.3 and C.2): answers each challenge of its home network once.
///
/// What it accepts is in its memory before the answer leaves, so a crash makes it refuse a
/// challenge twice rather than answer it twice. Safe for use by many threads.
public final class Usim implements AutoCloseable {
  private final SubscriberKey key;
  private final SqnMemory memory;
  private long[] seqs;

  private Usim(SubscriberKey key, SqnMemory memory, long[] seqs) {
    this.key = key;
    this.memory = memory;
    this.seqs = seqs;
  }

  /// Takes the key; the memory stays the caller's.
  public static Usim open(SubscriberKey key, SqnMemory memory) throws IOException {
    long[] seqs = memory.load();
    if (seqs.length != Sqn.INDS) {
      throw new IOException("the memory of a USIM holds " + Sqn.INDS + " numbers");
    }
    return new Usim(key, memory, seqs.clone());
  }

  /// @param rand 16 octets
  /// @param autn 16 octets
  /// @throws IOException if the memory cannot be written; then the challenge was not accepted
  public synchronized UsimAnswer authenticate(byte[] rand, byte[] autn) throws IOException {
    Optional<Sqn> verified = key.verifiedAutn(rand, autn);
    if (verified.isEmpty()) {
      return new UsimAnswer.WrongMac();
    }
    Sqn sqn = verified.get();
    if (!isFresh(sqn)) {
      return new UsimAnswer.SynchronisationFailure(key.auts(rand, highest()));
    }
    remember(sqn);
    return new UsimAnswer.Agreed(key.agree(rand));
  }

  /// Newer than all with its IND, and not so far ahead that the counter would be used up.
  private boolean isFresh(Sqn sqn) {
    return sqn.seq() > seqs[sqn.ind()] && sqn.seq() - highest().seq() <= Sqn.DELTA;
  }

  private void remember(Sqn sqn) throws IOException {
    long[] next = seqs.clone();
    next[sqn.ind()] = sqn.seq();
    memory.store(next.clone());
    seqs = next;
  }

  private Sqn highest() {
    long most = Arrays.stream(seqs).max().orElseThrow();
    for (int ind = 0; ind < seqs.length; ind++) {
      if (seqs[ind] == most) {
        return new Sqn(most, ind);
      }
    }
    throw new IllegalStateException("no number is the highest");
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "Usim[]";
  }
}
