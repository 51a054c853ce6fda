package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.identity.Identity;

class BridgedTwinsTest {
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity GROUP = new Identity("sip:fire-ops@example.org");
  private static final Identity LOWER = new Identity("sip:gpe1@example.org");
  private static final Identity HIGHER = new Identity("sip:gpe2@example.org");

  private final BridgedTwins twins = new BridgedTwins();

  @Test
  void theLowerGatewayIsHeardWhicheverComesFirst() {
    assertThat(twins.begins(origin(1, LOWER), LOWER)).isTrue();
    assertThat(twins.begins(origin(1, HIGHER), HIGHER)).isFalse();
    assertThat(twins.isHeard(origin(1, HIGHER), HIGHER)).isFalse();
    assertThat(twins.isHeard(origin(1, LOWER), LOWER)).isTrue();

    assertThat(twins.begins(origin(2, HIGHER), HIGHER)).isTrue();
    assertThat(twins.begins(origin(2, LOWER), LOWER)).isTrue();
    assertThat(twins.isHeard(origin(2, HIGHER), HIGHER)).isFalse();
    assertThat(twins.isHeard(origin(2, LOWER), LOWER)).isTrue();
  }

  @Test
  void otherBurstsOfTheSameTalkerAreNoTwins() {
    assertThat(twins.begins(origin(1, LOWER), LOWER)).isTrue();
    assertThat(twins.begins(origin(2, HIGHER), HIGHER)).isTrue();
    assertThat(twins.isHeard(origin(2, HIGHER), HIGHER)).isTrue();
  }

  @Test
  void whatNobodyBridgedIsAlwaysHeard() {
    assertThat(twins.begins(null, ALICE)).isTrue();
    assertThat(twins.isHeard(null, ALICE)).isTrue();
  }

  private static BridgeOrigin origin(int csbId, Identity gateway) {
    return new BridgeOrigin(ALICE, GROUP, csbId, List.of(gateway));
  }
}
