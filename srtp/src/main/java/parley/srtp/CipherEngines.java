package parley.srtp;

import java.security.Provider;
import java.security.Security;

/// Where cipher engines come from. Each passes a self-test on known packets before it is handed
/// out.
public final class CipherEngines {
  private static final String JCE = "jce";
  private static final String NATIVE = "native";
  private static final String PROVIDER_PREFIX = "jce:";

  private CipherEngines() {}

  /// The engine over the JVM's installed providers, in their order.
  public static CipherEngine jce() {
    return EngineSelfTest.check(new JceEngine(null));
  }

  /// The engine over one provider, installed or not.
  ///
  /// @throws IllegalStateException where it lacks an algorithm or computes wrongly
  public static CipherEngine jce(Provider provider) {
    return EngineSelfTest.check(new JceEngine(provider));
  }

  /// The engine that a configuration names: `auto` (the fastest there is), `jce`, or `jce:` and the
  /// name of an installed provider.
  ///
  /// @throws IllegalArgumentException in one sentence, where there is no such engine
  public static CipherEngine select(String name) {
    if (name.equals("auto") && NativeLibrary.MISSING == null) {
      return EngineSelfTest.check(NativeEngine.best());
    }
    if (name.equals(NATIVE)) {
      return EngineSelfTest.check(NativeEngine.best());
    }
    for (NativeEngine.Tier tier : NativeEngine.Tier.values()) {
      if (name.equalsIgnoreCase("native:" + tier)) {
        return EngineSelfTest.check(new NativeEngine(tier));
      }
    }
    if (name.equals("auto") || name.equals(JCE)) {
      return jce();
    }
    if (!name.startsWith(PROVIDER_PREFIX)) {
      throw new IllegalArgumentException(
          "there is no cipher engine '%s'; use auto, jce, or jce:<provider>".formatted(name));
    }
    Provider provider = Security.getProvider(name.substring(PROVIDER_PREFIX.length()));
    if (provider == null) {
      throw new IllegalArgumentException(
          "cipher engine '%s' names a provider that is not installed".formatted(name));
    }
    return jce(provider);
  }
}
