package parley.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.kms.KmsRig.ALICE;
import static parley.gateway.kms.KmsRig.PHONE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.cli.Run;
import parley.keys.FreePort;
import parley.keys.kms.ceremony.CertificateFile;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.KmsCertificate;

/// A KMS that has a successor, as its operator and its users see it.
class KmsSuccessionTest {
  @TempDir Path folder;
  private KmsRig rig;
  private int port;

  @BeforeEach
  void makeASuccessor() throws Exception {
    rig = new KmsRig(folder);
    port = FreePort.tcp();
    ok("kms", "init", vault("kms2"), "--uri", "kms2.example.org");
    ok("kms", "export-certificate", vault("kms2"), "--out", rig.file("kms2.xml"));
  }

  private Object[] vault(String name) {
    return new Object[] {"--vault", rig.file(name + ".vault"), "--key-file", rig.file("key")};
  }

  private Run rotate(String overlap) {
    return run(
        "kms",
        "rotate",
        vault("kms"),
        "--successor",
        rig.file("kms2.xml"),
        "--overlap",
        overlap,
        "--transcript",
        rig.file("rotate.txt"),
        "--witness",
        "Ann");
  }

  private static Run run(Object... words) {
    return Run.of(
        Stream.of(words)
            .flatMap(word -> word instanceof Object[] some ? Stream.of(some) : Stream.of(word))
            .toArray());
  }

  private static String ok(Object... words) {
    Run run = run(words);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private Object[] enrol(Object... how) {
    return Stream.of(
            Stream.of("enrol", "--identity", ALICE, "--device", PHONE, "--kms-uri", KmsRig.URI),
            Stream.of("--kms", "https://localhost:" + port, "--ca", rig.file("ca.pem")),
            Stream.of(vault("alice")),
            Stream.of(how))
        .flatMap(part -> part)
        .toArray();
  }

  @Test
  void usersLearnOfItWithTheirKeys() throws Exception {
    assertThat(rotate("90d").out()).contains("KMS kms2.example.org succeeds", "transcript");
    assertThat(ok("kms", "status", vault("kms"))).contains("kms2.example.org");
    Path yaml = rig.configure("kms", port, "vouches-for: [kms2.xml]");
    try (KmsRig.Running kms = rig.start(yaml)) {
      kms.server().registry().users().add(ALICE, null);
      ok(
          "kms",
          "ticket",
          "--config",
          yaml,
          "--identity",
          ALICE,
          "--device",
          PHONE,
          "--out",
          rig.file("ticket"));

      assertThat(ok(enrol("--ticket", rig.file("ticket"))))
          .contains("KMS kms2.example.org is trusted, by the word of kms.example.org");
      assertThat(ok(enrol("--renew"))).doesNotContain("is trusted");
    }
    KmsCertificate successor = CertificateFile.read(rig.file("kms2.xml"));
    try (VaultKey key = VaultKey.keyFile(rig.file("key"));
        Vault vault = Vault.open(rig.file("alice.vault"), key);
        Member alice = Member.open(vault, ALICE, InstantSource.system())) {
      assertThat(alice.kms().find("kms2.example.org")).isEqualTo(successor);
      assertThat(alice.homeKms()).isEqualTo(rig.certificate());
    }
  }

  @Test
  void tooShortATimeForBothIsRefused() {
    assertThat(rotate("5d").err()).contains("both issue until").hasLineCount(1);
    assertThat(rotate("soon").err()).contains("write a number and ms, s, m, h or d");
    assertThat(rig.file("rotate.txt")).doesNotExist();
    assertThat(ok("kms", "status", vault("kms"))).doesNotContain("successor");
  }

  @Test
  void nothingIsDoneThatCannotBePutOnRecord() throws Exception {
    Files.writeString(rig.file("rotate.txt"), "of another day");
    Run refused = rotate("90d");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("rotate.txt exists already").hasLineCount(1);
    assertThat(ok("kms", "status", vault("kms"))).doesNotContain("successor");
  }

  @Test
  void aFileThatIsNoCertificateIsNamedBeforeTheStart() throws Exception {
    Files.writeString(rig.file("junk.xml"), "<KmsCertificate/>");
    Path yaml = rig.configure("kms", port, "vouches-for: [kms2.xml, junk.xml]");
    Run junk = run("kms", "run", "--check", yaml);
    assertThat(junk.exitCode()).isEqualTo(4);
    assertThat(junk.err()).contains("vouches-for[1]:", "junk.xml is no KMS certificate");

    Files.copy(rig.file("kms2.xml"), rig.file("again.xml"));
    yaml = rig.configure("kms", port, "vouches-for: [kms2.xml, again.xml]");
    assertThat(run("kms", "run", "--check", yaml).err())
        .contains("vouches-for[1]: KMS kms2.example.org is listed twice");
  }
}
