package parley.keys.gba.aka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.keys.Secrets;
import tools.jackson.databind.JsonNode;

/// The scenarios of TS 33.102, Annex C; row 23 of the threats.
class UsimTest {
  private static final String K = "465b5ce8b199b49faa5f0a2ee238a6bc";
  private static final String OPC = "cd63cb71954a9f4e48a5994e37a02baf";

  @TempDir Path directory;
  private final MemoryOfTest memory = new MemoryOfTest();
  private final SubscriberKey home = SubscriberKey.of(Secrets.hex(K), Secrets.hex(OPC));
  private Usim usim;

  @BeforeEach
  void insert() throws IOException {
    usim = usim(memory);
  }

  private static Usim usim(SqnMemory memory) throws IOException {
    return Usim.open(SubscriberKey.of(Secrets.hex(K), Secrets.hex(OPC)), memory);
  }

  @Test
  void agreesWithItsHomeNetwork() throws IOException {
    byte[] rand = rand();
    try (AuthenticationVector vector = home.vector(rand, new Sqn(1, 0))) {
      var agreed = (UsimAnswer.Agreed) usim.authenticate(vector.rand(), vector.autn());
      try (AgreedKeys keys = agreed.keys()) {
        assertThat(keys.res()).isEqualTo(vector.keys().res());
        assertThat(keys.ks()).isEqualTo(vector.keys().ks());
        assertThat(keys.ks().length()).isEqualTo(32);
      }
    }
  }

  @Test
  void answersNoChallengeTwice() throws IOException {
    try (AuthenticationVector vector = home.vector(rand(), new Sqn(7, 3))) {
      assertThat(usim.authenticate(vector.rand(), vector.autn()))
          .isInstanceOf(UsimAnswer.Agreed.class);
      byte[] auts = failure(usim.authenticate(vector.rand(), vector.autn()));
      assertThat(home.verifiedAuts(vector.rand(), auts)).hasValue(new Sqn(7, 3));
      assertThat(failure(usim(memory).authenticate(vector.rand(), vector.autn()))).isEqualTo(auts);
    }
  }

  @Test
  void comparesOnlyWithItsInd() throws IOException {
    assertThat(offered(100, 4)).isInstanceOf(UsimAnswer.Agreed.class);
    assertThat(offered(99, 4)).isInstanceOf(UsimAnswer.SynchronisationFailure.class);
    assertThat(offered(100, 4)).isInstanceOf(UsimAnswer.SynchronisationFailure.class);
    assertThat(offered(50, 5)).isInstanceOf(UsimAnswer.Agreed.class);
    assertThat(offered(49, 5)).isInstanceOf(UsimAnswer.SynchronisationFailure.class);
    assertThat(offered(51, 5)).isInstanceOf(UsimAnswer.Agreed.class);
  }

  /// Nobody uses the counter up with one challenge: 2^28 ahead is the last step that is taken.
  @Test
  void refusesToJumpFurtherThanDelta() throws IOException {
    assertThat(offered(Sqn.DELTA + 1, 0)).isInstanceOf(UsimAnswer.SynchronisationFailure.class);
    assertThat(offered(Sqn.DELTA, 0)).isInstanceOf(UsimAnswer.Agreed.class);
    assertThat(offered(2 * Sqn.DELTA, 1)).isInstanceOf(UsimAnswer.Agreed.class);
    assertThat(offered(3 * Sqn.DELTA + 1, 1)).isInstanceOf(UsimAnswer.SynchronisationFailure.class);
  }

  @Test
  void saysNothingToAStranger() throws IOException {
    try (AuthenticationVector vector = home.vector(rand(), new Sqn(1, 0))) {
      for (int bit = 0; bit < 128; bit++) {
        byte[] autn = vector.autn();
        autn[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(usim.authenticate(vector.rand(), autn)).isEqualTo(new UsimAnswer.WrongMac());
        byte[] rand = vector.rand();
        rand[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(usim.authenticate(rand, vector.autn())).isEqualTo(new UsimAnswer.WrongMac());
      }
      assertThat(usim.authenticate(vector.rand(), new byte[15]))
          .isEqualTo(new UsimAnswer.WrongMac());
      assertThat(memory.stores).isZero();
    }
  }

  /// What the memory has not taken is not answered, and can be tried again.
  @Test
  void remembersBeforeItAnswers() throws IOException {
    memory.broken = true;
    assertThatThrownBy(() -> offered(1, 0)).isInstanceOf(IOException.class);
    memory.broken = false;
    assertThat(offered(1, 0)).isInstanceOf(UsimAnswer.Agreed.class);
    assertThat(memory.stores).isEqualTo(1);
  }

  @Test
  void givesAnAutsThatNobodyElseCanMakeOrUse() throws IOException {
    byte[] rand = rand();
    assertThat(offered(9, 0)).isInstanceOf(UsimAnswer.Agreed.class);
    byte[] auts;
    try (AuthenticationVector vector = home.vector(rand, new Sqn(9, 0))) {
      auts = failure(usim.authenticate(vector.rand(), vector.autn()));
    }
    assertThat(home.verifiedAuts(rand, auts)).hasValue(new Sqn(9, 0));
    assertThat(home.verifiedAuts(rand(), auts)).isEmpty();
    for (int bit = 0; bit < 8 * auts.length; bit++) {
      byte[] flipped = auts.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(home.verifiedAuts(rand, flipped)).isEmpty();
    }
    assertThat(home.verifiedAuts(rand, new byte[13])).isEmpty();
  }

  /// The f1* and f5* of the published sets, in the form of AUTS; those sets have an AMF of their
  /// own, so only AK* shows here.
  @ParameterizedTest
  @MethodSource("parley.keys.gba.aka.MilenageVectorTest#sets")
  void hidesSqnByThePublishedFunctions(JsonNode set) {
    byte[] rand = HexFormat.of().parseHex(set.required("RAND").stringValue());
    long sqn = HexFormat.fromHexDigitsToLong(set.required("SQN").stringValue());
    try (var key =
        SubscriberKey.of(
            Secrets.hex(set.required("K").stringValue()),
            Secrets.hex(set.required("OPc").stringValue()))) {
      var known = new Sqn(sqn >>> 5, (int) sqn & 31);
      try (AuthenticationVector vector = key.vector(rand, known)) {
        String autn = HexFormat.of().formatHex(vector.autn());
        assertThat(autn).startsWith(set.required("AUTN").stringValue().substring(0, 12));
        assertThat(Secrets.hex(vector.keys().ks())).isEqualTo(set.required("Ks").stringValue());
        assertThat(Secrets.hex(vector.keys().res())).isEqualTo(set.required("f2").stringValue());
        assertThat(key.verifiedAutn(rand, vector.autn())).hasValue(known);
      }
      assertThat(key.verifiedAuts(rand, key.auts(rand, known))).hasValue(known);
    }
  }

  @Test
  void keepsItsMemoryInAFile() throws IOException {
    Path file = directory.resolve("usim");
    try (SqnFile created = SqnFile.create(file)) {
      usim = usim(created);
      assertThat(offered(5, 2)).isInstanceOf(UsimAnswer.Agreed.class);
      assertThatThrownBy(() -> SqnFile.open(file)).hasMessageContaining("another process");
    }
    try (SqnFile opened = SqnFile.open(file)) {
      usim = usim(opened);
      assertThat(offered(5, 2)).isInstanceOf(UsimAnswer.SynchronisationFailure.class);
      assertThat(offered(6, 2)).isInstanceOf(UsimAnswer.Agreed.class);
    }
    assertThatThrownBy(() -> SqnFile.create(file)).hasMessageContaining("already");
  }

  @Test
  void refusesAFileThatIsMissingOrDamaged() throws IOException {
    Path file = directory.resolve("usim");
    assertThatThrownBy(() -> SqnFile.open(file)).hasMessageContaining("there is no USIM memory");
    SqnFile.create(file).close();
    byte[] octets = Files.readAllBytes(file);
    octets[20] ^= 1;
    Files.write(file, octets);
    try (SqnFile opened = SqnFile.open(file)) {
      assertThatThrownBy(() -> usim(opened)).hasMessageContaining("damaged");
    }
    Files.write(file, new byte[3]);
    try (SqnFile opened = SqnFile.open(file)) {
      assertThatThrownBy(() -> usim(opened)).hasMessageContaining("damaged");
    }
  }

  private UsimAnswer offered(long seq, int ind) throws IOException {
    try (AuthenticationVector vector = home.vector(rand(), new Sqn(seq, ind))) {
      return usim.authenticate(vector.rand(), vector.autn());
    }
  }

  private static byte[] failure(UsimAnswer answer) {
    return ((UsimAnswer.SynchronisationFailure) answer).auts();
  }

  private static byte[] rand() {
    byte[] rand = new byte[16];
    Secrets.RANDOM.nextBytes(rand);
    return rand;
  }

  /// Remembers, counts and fails on request.
  private static final class MemoryOfTest implements SqnMemory {
    private long[] seqs = new long[Sqn.INDS];
    private int stores;
    private boolean broken;

    @Override
    public long[] load() {
      return seqs.clone();
    }

    @Override
    public void store(long[] next) throws IOException {
      if (broken) {
        throw new IOException("no space");
      }
      seqs = next.clone();
      stores++;
    }
  }
}
