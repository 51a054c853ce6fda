package parley.bench.kms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parley.bench.CProgram;
import parley.bench.relay.Testbed;
import parley.keys.kms.IssueRefused;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.KeyPeriod;

/// Key sets a second of the issuer alone, on one thread, and of wolfSSL for the same two keys.
final class Issuing {
  private final Testbed bed;
  private final Path home;

  /// @param home the bench folder of the source tree
  Issuing(Testbed bed, Path home) {
    this.bed = bed;
    this.home = home;
  }

  /// RSK, SSK and PVT of a new identity each time.
  List<Double> ours(int rounds, double seconds) throws IOException, VaultException, IssueRefused {
    byte[] key = new byte[32];
    SecureRandom random = new SecureRandom();
    random.nextBytes(key);
    Path keyFile = Files.write(bed.file("issuer.key"), key);
    List<Double> rates = new ArrayList<>();
    try (VaultKey opens = VaultKey.keyFile(keyFile);
        Vault vault = Vault.create(bed.file("issuer.vault"), opens);
        KmsIssuer issuer = KmsIssuer.create(KmsSettings.monthly(KmsHost.KMS_URI), vault, random)) {
      double _ = round(issuer, seconds);
      for (int round = 0; round < rounds; round++) {
        rates.add(round(issuer, seconds));
      }
    }
    return rates;
  }

  private static double round(KmsIssuer issuer, double seconds) throws IssueRefused {
    Instant now = Instant.now();
    KeyPeriod period = issuer.certificate().periodAt(now);
    long began = System.nanoTime();
    long end = began + (long) (seconds * 1e9);
    int issued = 0;
    while (System.nanoTime() < end) {
      try (MemberKeys keys = issuer.issue(KmsHost.user(issued), period, KmsHost.DEVICE, now)) {
        issued += keys.pvt().length == 0 ? 0 : 1;
      }
    }
    return issued / ((System.nanoTime() - began) / 1e9);
  }

  /// Empty where it cannot be compiled.
  List<Double> wolfSsl(int rounds, double seconds) throws IOException, InterruptedException {
    Path folder = Files.createDirectory(bed.file("wolfssl"));
    Optional<CProgram> program =
        CProgram.compile(home.resolve("src/main/c/wolfssl_issue.c"), folder, "-lwolfssl");
    return program.isEmpty()
        ? List.of()
        : program
            .get()
            .lines(Integer.toString(rounds), Long.toString((long) (seconds * 1000)))
            .stream()
            .map(Double::valueOf)
            .toList();
  }
}
