package parley.bench.relay;

import java.util.Locale;

/// What the gateway does with a packet.
enum GatewayMode {
  FORWARD("every packet verified, then forwarded as it is"),
  REKEY("every packet verified, decrypted, and encrypted under a key of another group"),
  RECORD("as forward, and recorded, encrypted, on the temporary folder");

  private final String settings;

  GatewayMode(String settings) {
    this.settings = settings;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  String settings() {
    return settings;
  }
}
