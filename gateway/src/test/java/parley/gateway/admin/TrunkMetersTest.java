package parley.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import parley.gateway.media.GroupTag;
import parley.gateway.media.Leg;
import parley.gateway.media.NettyTransport;
import parley.mikey.identity.Identity;

/// A trunk is shown from when it was opened, in each direction, however many groups share it.
class TrunkMetersTest {
  @Test
  void showsEachDirectionOfATrunkOnce() throws Exception {
    try (NettyTransport transport = NettyTransport.select("auto", 1)) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      TrunkMeters meters = new TrunkMeters(registry);
      meters.refresh(transport.trunks());
      assertThat(registry.getMeters()).isEmpty();
      for (String group : new String[] {"sip:fire@example.org", "sip:police@example.org"}) {
        InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5010);
        transport.sender(Leg.trunk(at, GroupTag.of(new Identity(group))), transport.nextLoop());
        meters.refresh(transport.trunks());
      }
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      transport.bind(
          Leg.trunk(any, GroupTag.of(new Identity("sip:fire@example.org"))), transport.nextLoop());
      meters.refresh(transport.trunks());

      assertThat(registry.getMeters().stream().map(Meter::getId).map(Meter.Id::getName))
          .filteredOn(name -> !name.endsWith("dropped"))
          .containsExactlyInAnyOrder(
              "parley.trunk.frames",
              "parley.trunk.frames",
              "parley.trunk.messages",
              "parley.trunk.messages");
      assertThat(
              registry
                  .get("parley.trunk.frames")
                  .tags("trunk", "127.0.0.1:5010", "direction", "out")
                  .functionCounter()
                  .count())
          .isZero();
      assertThat(registry.find("parley.trunk.frames.dropped").meters())
          .extracting(meter -> meter.getId().getTag("reason"))
          .containsExactlyInAnyOrder("too_short", "wrong_version", "unknown_tag", "receive_full");
    }
  }
}
