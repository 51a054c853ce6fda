package parley.gateway.demo;

import java.util.function.LongSupplier;

/// Something hostile that is sent for real, and the gateway's counter that must rise by it.
///
/// @param what in words, for the table
/// @param packets how many are sent
/// @param reason the refusal's name, as metrics and logs spell it
record Attack(String what, int packets, String reason, LongSupplier counter, Sender sender) {
  /// Sends the `nth` message or packet of the attack.
  @FunctionalInterface
  interface Sender {
    void send(int nth) throws Exception;
  }
}
