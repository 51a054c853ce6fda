package parley.keys.gba.push;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import parley.keys.gba.Fqdn;
import parley.keys.gba.KsNaf;
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.gba.push.GpiCodec.Gpi;
import parley.keys.gba.push.GpiOutcome.Called;
import parley.keys.gba.push.GpiOutcome.Reason;
import parley.keys.gba.push.GpiOutcome.Refused;
import parley.keys.gba.zn.NafKey;
import parley.keys.http.RequestLimits;

/// Takes pushes in the UE. Limits and form come before the USIM, the USIM before the rest.
///
/// A push that is real does one thing: it makes the UE connect to the server of its own
/// configuration, with a key that only that server has. Where the UE connects to is never taken
/// from a push.
public final class GpiReceiver {
  private static final int BURST = 10;
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final String EVERYBODY = "";

  private final Usim usim;
  private final String impi;
  private final GpiCodec codec;
  private final Fqdn server;
  private final InstantSource clock;
  private final RequestLimits limits;

  /// @param usim stays the caller's
  /// @param server the KMS of this UE's configuration
  public GpiReceiver(Usim usim, String impi, GpiCodec codec, Fqdn server, InstantSource clock) {
    this.usim = usim;
    this.impi = impi;
    this.codec = codec;
    this.server = server;
    this.clock = clock;
    this.limits = new RequestLimits(BURST, INTERVAL, clock);
  }

  /// Judges one message, whoever sent it.
  ///
  /// @throws IOException if the USIM's memory cannot be written
  public GpiOutcome receive(byte[] gpi) throws IOException {
    PushedChallenge challenge;
    try {
      challenge = codec.challenge(gpi);
    } catch (MalformedGpi _) {
      return new Refused(Reason.MALFORMED);
    }
    if (!limits.admits(EVERYBODY)) {
      return new Refused(Reason.TOO_MANY);
    }
    return switch (usim.authenticate(challenge.rand(), challenge.autn())) {
      case UsimAnswer.WrongMac _ -> new Refused(Reason.NOT_OF_THE_HOME_NETWORK);
      case UsimAnswer.SynchronisationFailure _ -> new Refused(Reason.REPLAYED);
      case UsimAnswer.Agreed agreed -> judge(gpi, challenge, agreed);
    };
  }

  private GpiOutcome judge(byte[] gpi, PushedChallenge challenge, UsimAnswer.Agreed agreed) {
    try (AgreedKeys keys = agreed.keys()) {
      Gpi said = codec.open(gpi, keys.ks(), impi);
      if (!said.naf().fqdn().equals(server)) {
        return new Refused(Reason.OTHER_SERVER);
      } else if (!clock.instant().isBefore(said.until())) {
        return new Refused(Reason.EXPIRED);
      }
      return new Called(
          new NafKey(
              said.ptid(),
              said.naf(),
              impi,
              List.of(),
              said.until(),
              KsNaf.derive(keys.ks(), challenge.rand(), impi, said.naf())));
    } catch (MalformedGpi _) {
      return new Refused(Reason.ALTERED);
    }
  }
}
