package parley.mikey.sample;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.Registration;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MalformedMessage;

/// A UE that tells its group's manager where it is, the answer, and its withdrawal.
final class RegistrationSamples {
  private static final byte[] HOST = {(byte) 192, 0, 2, 7};
  private static final int PORT = 2269;
  private static final Duration KEPT = Duration.ofHours(1);

  private final SampleWorld world;
  private final SampleRandom random;
  private final List<Sample> samples = new ArrayList<>();

  RegistrationSamples(SampleWorld world) {
    this.world = world;
    this.random = new SampleRandom("registration-" + world.suffix());
  }

  List<Sample> all() {
    try (EccsiSigner bob = world.signer(SampleWorld.BOB);
        EccsiSigner group = world.signer(SampleWorld.GROUP)) {
      Registration registration =
          Registration.prepare(SampleWorld.BOB, SampleWorld.GROUP, world.kms().kmsUri(), random);
      byte[] request = say("register", registration, RegistrationVerb.REGISTER, 10, bob);
      answer("registered", request, group);
      var _ = say("withdraw", registration, RegistrationVerb.WITHDRAW, 40, bob);
    }
    return List.copyOf(samples);
  }

  private byte[] say(
      String name,
      Registration registration,
      RegistrationVerb verb,
      int seconds,
      EccsiSigner signer) {
    NtpTimestamp t = SampleWorld.t(seconds);
    byte[] message = registration.seal(verb, address(), t, signer, random);
    samples.add(
        Facts.of(name + "-" + world.suffix(), verb + " at a group's manager")
            .with("ue", SampleWorld.BOB.uri())
            .with("group", SampleWorld.GROUP.uri())
            .with("kms", world.kms().kmsUri())
            .t(t)
            .id("csbId", registration.csbId())
            .with("address", "192.0.2.7:" + PORT)
            .sample(message, random.given()));
    return message;
  }

  private static InetSocketAddress address() {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(HOST), PORT);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }

  private void answer(String name, byte[] request, EccsiSigner group) {
    try {
      byte[] message =
          RegistrationAnswer.seal(UnverifiedRegistration.read(request), KEPT, group, random);
      samples.add(
          Facts.of(name + "-" + world.suffix(), "answer to " + samples.getLast().name())
              .with("ue", SampleWorld.BOB.uri())
              .with("signer", SampleWorld.GROUP.uri())
              .with("kms", world.kms().kmsUri())
              .with("seconds", Long.toString(KEPT.toSeconds()))
              .sample(message, random.given()));
    } catch (MalformedMessage e) {
      throw new IllegalStateException("our own message", e);
    }
  }
}
