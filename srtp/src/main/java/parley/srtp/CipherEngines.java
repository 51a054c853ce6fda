package parley.srtp;

import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Where cipher engines come from. Each passes a self-test before it is handed out: known packets,
/// and random ones in comparison with the JVM's own providers.
public final class CipherEngines {
  private static final String AUTO = "auto";
  private static final String JCE = "jce";
  private static final String OPENSSL = "openssl";
  private static final String NATIVE = "native";
  private static final String PROVIDER_PREFIX = "jce:";

  /// What was chosen, and why the faster ones were not: one sentence each.
  public record Selection(CipherEngine engine, List<String> passedOver) {
    public Selection {
      passedOver = List.copyOf(passedOver);
    }
  }

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

  /// The engine that a configuration names: `auto` (the fastest there is), `native`, `openssl`,
  /// `jce`, or `jce:` and the name of an installed provider; `native:aesni`, `native:vaes` and
  /// `native:avx512` hold the kernel to less than the processor offers.
  ///
  /// @throws IllegalArgumentException in one sentence, where there is no such engine
  /// @throws IllegalStateException in one sentence, where it cannot be used here
  public static CipherEngine select(String name) {
    return selection(name).engine();
  }

  /// As [#select], and what `auto` passed over.
  public static Selection selection(String name) {
    return name.equals(AUTO) ? fastest() : new Selection(named(name), List.of());
  }

  private static Selection fastest() {
    List<String> passedOver = new ArrayList<>();
    for (Supplier<CipherEngine> engine :
        List.<Supplier<CipherEngine>>of(NativeEngine::best, OpenSslEngine::new)) {
      try {
        return new Selection(EngineSelfTest.check(engine.get()), passedOver);
      } catch (IllegalStateException e) {
        passedOver.add(String.valueOf(e.getMessage()));
      }
    }
    return new Selection(jce(), passedOver);
  }

  private static CipherEngine named(String name) {
    return switch (name) {
      case JCE -> jce();
      case OPENSSL -> EngineSelfTest.check(new OpenSslEngine());
      case NATIVE -> EngineSelfTest.check(NativeEngine.best());
      default -> name.startsWith(PROVIDER_PREFIX) ? provider(name) : kernel(name);
    };
  }

  private static CipherEngine kernel(String name) {
    for (NativeEngine.Tier tier : NativeEngine.Tier.values()) {
      if (name.equals(NATIVE + ":" + tier.name().toLowerCase(Locale.ROOT))) {
        return EngineSelfTest.check(new NativeEngine(tier));
      }
    }
    throw new IllegalArgumentException(
        "there is no cipher engine '%s'; use auto, native, openssl, jce, or jce:<provider>"
            .formatted(name));
  }

  private static CipherEngine provider(String name) {
    Provider provider = Security.getProvider(name.substring(PROVIDER_PREFIX.length()));
    if (provider == null) {
      throw new IllegalArgumentException(
          "cipher engine '%s' names a provider that is not installed".formatted(name));
    }
    return jce(provider);
  }
}
