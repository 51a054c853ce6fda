package parley.gateway.keying;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.gateway.keying.BridgeCoordinator.Role.CARRY;
import static parley.gateway.keying.BridgeCoordinator.Role.STAND_BY;

import org.junit.jupiter.api.Test;
import parley.mikey.identity.Identity;

class LowestUriCoordinatorTest {
  private final Identity low = new Identity("sip:gpe1@example.org");
  private final Identity mid = new Identity("sip:gpe2@example.org");
  private final Identity high = new Identity("sip:gpe3@example.org");
  private final Identity fire = new Identity("sip:fire@example.org");
  private final Identity police = new Identity("sip:police@example.org");
  private final LowestUriCoordinator coordinator = new LowestUriCoordinator(mid);

  @Test
  void carriesUntilALowerGatewayIsHeard() {
    assertThat(coordinator.role(fire, police)).isEqualTo(CARRY);
    assertThat(coordinator.heard(high, fire, police)).isEqualTo(CARRY);
    assertThat(coordinator.role(fire, police)).isEqualTo(CARRY);
    assertThat(coordinator.heard(low, fire, police)).isEqualTo(STAND_BY);
    assertThat(coordinator.role(fire, police)).isEqualTo(STAND_BY);
  }

  @Test
  void standsByOnlyForThePairThatTheOtherCarries() {
    coordinator.heard(low, fire, police);
    assertThat(coordinator.role(police, fire)).isEqualTo(CARRY);
  }

  @Test
  void carriesAgainWhenTheLowerGatewayStaysSilent() {
    coordinator.heard(low, fire, police);
    coordinator.missed(fire, police);
    assertThat(coordinator.role(fire, police)).isEqualTo(CARRY);
  }
}
