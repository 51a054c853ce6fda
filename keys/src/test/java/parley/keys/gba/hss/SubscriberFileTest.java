package parley.keys.gba.hss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.keys.Secrets;
import parley.keys.gba.aka.AuthenticationVector;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.store.Database;
import parley.mikey.identity.Identity;

/// The import of subscribers: exact about what is wrong, silent about keys.
class SubscriberFileTest {
  private static final String OP = "cdc202d5123e20f62b6d676ac72cb318";
  private static final String GOOD = "%s,%s,%s,sip:alice@home1.net";

  @TempDir Path directory;
  private Database database;
  private Hss hss;

  @BeforeEach
  void open() throws Exception {
    database = Database.sqlite(directory.resolve("hss.db"), List.of(Hss.TABLES));
    hss = new Hss(database, Subscribers.master(), InstantSource.system(), Secrets.RANDOM);
  }

  @AfterEach
  void close() {
    hss.close();
    database.close();
  }

  @Test
  void importsManyAndTellsHowFarItIs() throws Exception {
    var text = new StringBuilder("impi,k,opc,identities\r\n");
    for (int i = 0; i < 1234; i++) {
      text.append(
          "u%d@home1.net,%s,%s,sip:u%d@home1.net tel:+%d\r\n"
              .formatted(i, Subscribers.K, Subscribers.OPC, i, i + 1000));
    }
    List<Long> progress = new ArrayList<>();

    assertThat(file(text.toString()).importTo(hss, (done, _) -> progress.add(done)))
        .isEqualTo(1234);
    assertThat(progress).containsExactly(500L, 1000L, 1234L);
    assertThat(hss.impiOf(new Identity("tel:+2233"))).hasValue("u1233@home1.net");
    assertThat(file(text.toString()).importTo(hss, (_, _) -> {})).isEqualTo(1234);
  }

  @Test
  void computesOpcFromOp() throws Exception {
    String line =
        GOOD.formatted(Subscribers.ALICE, Subscribers.K.toUpperCase(java.util.Locale.ROOT), OP);
    assertThat(file("impi,k,op,identities\n" + line).importTo(hss, (_, _) -> {})).isEqualTo(1);
    try (AuthenticationVector vector = hss.vector(Subscribers.ALICE).orElseThrow();
        Usim usim = Subscribers.usim()) {
      assertThat(usim.authenticate(vector.rand(), vector.autn()))
          .isInstanceOf(UsimAnswer.Agreed.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alice,K,O,|the private identity is not user@realm",
        "a b@home1.net,K,O,|the private identity is not user@realm",
        "@home1.net,K,O,|the private identity is not user@realm",
        "a@home1.net,K,O|3 fields instead of four",
        "a@home1.net,K,O,sip:a@b.c,sip:d@e.f|more than four fields; identities have spaces between",
        "a@home1.net,K0,O,|K has 33 characters; it needs 32 hex digits",
        "a@home1.net,,O,|K has 0 characters; it needs 32 hex digits",
        "a@home1.net,K,g1f2f3f4f5f6f7f8f1f2f3f4f5f6f7f8,|OPc is not all hex digits",
        "a@home1.net,K,O,SIP:a@b.c|identity \"SIP:a@b.c\" is not canonical; write \"sip:a@b.c\"",
        "''|1 fields instead of four",
        "ok@home1.net,K,O,|this private identity stands in the file twice"
      })
  void saysInWhichLineWhatIsWrongAndStoresNothing(String line, String complaint) throws Exception {
    String lines = "impi,k,opc,identities\nok@home1.net,K,O,\n" + line + "\n";
    String text = lines.replace(",K", "," + Subscribers.K).replace(",O", "," + Subscribers.OPC);

    assertThatThrownBy(() -> file(text).importTo(hss, (_, _) -> {}))
        .isInstanceOf(WrongSubscriberFile.class)
        .hasMessage("%s, line 3: %s".formatted(directory.resolve("sims.csv"), complaint));
    assertThat(hss.vector("ok@home1.net")).isEmpty();
  }

  @Test
  void wantsItsHeadLine() {
    for (String head : List.of("", "\n", "impi;k;opc;identities\n", "impi,k\n")) {
      assertThatThrownBy(() -> file(head).importTo(hss, (_, _) -> {}))
          .isInstanceOf(WrongSubscriberFile.class)
          .hasMessageContaining("line")
          .hasMessageContaining("the first line must be impi,k,opc,identities");
    }
    assertThatThrownBy(() -> file("x".repeat(3000)).importTo(hss, (_, _) -> {}))
        .hasMessageContaining("line 1: over 2048 octets long");
  }

  @Test
  void namesTheLineOfOneWhoHasAnotherKey() throws Exception {
    try (NewSubscriber alice = Subscribers.alice()) {
      assertThat(hss.add(alice)).isTrue();
    }
    String good = GOOD.formatted("b@home1.net", Subscribers.K, Subscribers.OPC);
    String other = GOOD.formatted(Subscribers.ALICE, Subscribers.OPC, Subscribers.OPC);

    assertThatThrownBy(
            () -> file("impi,k,opc,identities\n" + good + "\n" + other).importTo(hss, (_, _) -> {}))
        .hasMessageContaining("line 3: this subscriber is there already with another key")
        .hasMessageNotContaining(Subscribers.OPC);
    assertThat(hss.vector("b@home1.net")).isEmpty();
  }

  private SubscriberFile file(String text) throws Exception {
    return new SubscriberFile(Files.writeString(directory.resolve("sims.csv"), text));
  }
}
