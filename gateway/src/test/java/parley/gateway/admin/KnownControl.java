package parley.gateway.admin;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// A gateway that does what it is told and remembers it; or refuses, as a test wants.
final class KnownControl implements GatewayControl {
  static final Identity ALICE = new Identity("sip:alice@example.org");

  final List<String> done = new CopyOnWriteArrayList<>();
  private final List<Identity> muted = new CopyOnWriteArrayList<>();
  volatile @Nullable ControlRefused refusal;
  volatile @Nullable RuntimeException fault;
  private volatile DrainStatus drain =
      new DrainStatus(DrainStatus.State.RUNNING, KnownStatus.NOW, null, 1);

  private void take(String what) throws ControlRefused {
    if (fault != null) {
      throw fault;
    }
    if (refusal != null) {
      throw refusal;
    }
    done.add(what);
  }

  @Override
  public List<GroupView> groups() throws ControlRefused {
    if (refusal != null && refusal.kind() == ControlRefused.Kind.UNAVAILABLE) {
      throw refusal;
    }
    return List.of(
        new GroupView(
            KnownStatus.FIRE,
            List.of(
                new GroupView.LegView("239.10.0.1:5004%eth0", "in", 10, 1000, 7, null),
                new GroupView.LegView("10.0.0.7:5004", "out", 9, 900, 0, "nobody listens there")),
            List.of(new Identity("sip:joint@example.org")),
            List.of(
                new GroupView.BurstView(
                    0xcafe,
                    "sip:alice@example.org",
                    ALICE,
                    false,
                    "AEAD_AES_128_GCM",
                    KnownStatus.NOW,
                    KnownStatus.NOW.plusSeconds(1),
                    10,
                    1000,
                    false,
                    muted.contains(ALICE))),
            List.of(
                new GroupView.GmkView(
                    0x0123_4567, KnownStatus.NOW, Instant.MIN, Instant.MAX, "current")),
            new ArrayList<>(muted),
            List.of(
                new GroupView.ReceiverView("10.0.0.7:5004", "configuration", null, null),
                new GroupView.ReceiverView("10.0.0.8:40000", "joined", ALICE, KnownStatus.NOW))));
  }

  @Override
  public GroupView group(Identity id) throws ControlRefused {
    GroupView known = groups().getFirst();
    if (!known.id().equals(id)) {
      throw ControlRefused.unknownGroup(id.uri());
    }
    return known;
  }

  @Override
  public ReloadReport reload() throws ControlRefused {
    take("reload");
    return new ReloadReport(
        List.of(), List.of(), List.of(KnownStatus.FIRE), List.of(), List.of("fire: leg added"));
  }

  @Override
  public DrainStatus drain(Duration deadline) throws ControlRefused {
    take("drain " + deadline);
    Instant until = KnownStatus.NOW.plus(deadline);
    drain = new DrainStatus(DrainStatus.State.DRAINING, KnownStatus.NOW, until, 1);
    return drain;
  }

  @Override
  public DrainStatus resume() throws ControlRefused {
    take("resume");
    drain = new DrainStatus(DrainStatus.State.RUNNING, KnownStatus.NOW, null, 1);
    return drain;
  }

  @Override
  public DrainStatus drainStatus() {
    return drain;
  }

  @Override
  public void mute(Identity group, Identity talker) throws ControlRefused {
    take("mute " + talker + " in " + group);
    muted.add(talker);
  }

  @Override
  public void unmute(Identity group, Identity talker) throws ControlRefused {
    take("unmute " + talker + " in " + group);
    muted.remove(talker);
  }

  @Override
  public void addReceiver(Identity group, InetSocketAddress address) throws ControlRefused {
    take("add " + address + " to " + group);
  }

  @Override
  public void removeReceiver(Identity group, InetSocketAddress address) throws ControlRefused {
    take("remove " + address + " from " + group);
  }
}
