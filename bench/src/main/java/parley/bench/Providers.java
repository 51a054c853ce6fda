package parley.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.conscrypt.Conscrypt;

/// The providers of the Java Cryptography Architecture that are measured, by their usual names.
final class Providers {
  private Providers() {}

  static Provider named(String name) {
    return switch (name) {
      case "SunJCE" -> Security.getProvider("SunJCE");
      case "Conscrypt" -> Conscrypt.newProvider();
      case "BC" -> new BouncyCastleProvider();
      case "ACCP" -> AmazonCorrettoCryptoProvider.INSTANCE;
      default -> throw new IllegalArgumentException("there is no provider " + name);
    };
  }
}
