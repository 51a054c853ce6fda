package parley.srtp;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.conscrypt.Conscrypt;

/// The engine `jce` over each provider that people use.
final class Providers {
  private Providers() {}

  static List<CipherEngine> engines() {
    List<CipherEngine> engines = new ArrayList<>();
    engines.add(CipherEngines.jce(Security.getProvider("SunJCE")));
    engines.add(CipherEngines.jce(new BouncyCastleProvider()));
    if (Conscrypt.isAvailable()) {
      engines.add(CipherEngines.jce(Conscrypt.newProvider()));
    } else {
      leaveOut("Conscrypt");
    }
    Provider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
    if (AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null) {
      engines.add(CipherEngines.jce(corretto));
    } else {
      leaveOut(corretto.getName());
    }
    return engines;
  }

  private static void leaveOut(String provider) {
    System.err.println("SKIPPED: " + provider + " has no library for this platform");
  }
}
