package parley.keys.kms.remote;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import parley.keys.kms.KmsIssuer;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;

/// An issuer in a JVM of its own, until somebody kills it.
public final class IssuerChild {
  private IssuerChild() {}

  /// `VAULT KEYFILE SOCKET TIME`; prints `ready` when it serves.
  public static void main(String[] arguments) throws Exception {
    VaultKey key = VaultKey.keyFile(Path.of(arguments[1]));
    InstantSource clock = InstantSource.fixed(Instant.parse(arguments[3]));
    KmsIssuer kms;
    try (Vault vault = Vault.open(Path.of(arguments[0]), key)) {
      kms = KmsIssuer.open(vault);
    }
    try (IssuerServer _ =
        IssuerServer.start(Path.of(arguments[2]), kms, clock, SocketPeers.own())) {
      System.out.println("ready");
      Thread.currentThread().join();
    }
  }

  static Process start(Path vault, Path key, Path socket, Instant time) throws Exception {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "--enable-native-access=ALL-UNNAMED",
                    IssuerChild.class.getName(),
                    vault.toString(),
                    key.toString(),
                    socket.toString(),
                    time.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = child.inputReader().readLine();
    if (!"ready".equals(said)) {
      child.destroyForcibly().onExit().join();
      throw new IllegalStateException("the issuer's process said " + said);
    }
    return child;
  }
}
