package parley.gateway;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.BridgeCoordinator;
import parley.srtp.CipherEngine;

/// What a gateway takes from outside: time, randomness, and the parts that can be replaced.
///
/// `engine` and `coordinator` are null for what the configuration and the defaults choose.
public record GatewayServices(
    InstantSource clock,
    SecureRandom random,
    @Nullable CipherEngine engine,
    @Nullable BridgeCoordinator coordinator,
    ClockSync clockSync) {

  public GatewayServices(
      InstantSource clock,
      SecureRandom random,
      @Nullable CipherEngine engine,
      @Nullable BridgeCoordinator coordinator) {
    this(clock, random, engine, coordinator, ClockSync.kernel());
  }

  public static GatewayServices defaults() {
    return new GatewayServices(Clock.systemUTC(), new SecureRandom(), null, null);
  }
}
