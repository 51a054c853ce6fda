package parley.gateway.campaign;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// What the caller of a campaign may choose, as system properties.
///
/// `campaign.seed` repeats the choices of an earlier run; what the threads make of them differs.
final class Terms {
  private static final String GENERATOR = "L64X128MixRandom";

  private Terms() {}

  /// `-Dcampaign.kills=N`.
  static int kills(int otherwise) {
    return Integer.getInteger("campaign.kills", otherwise);
  }

  /// `-Dcampaign.minutes=N`.
  static int minutes(int otherwise) {
    return Integer.getInteger("campaign.minutes", otherwise);
  }

  /// `-Dcampaign.seed=N`, else another one each time.
  static long seed() {
    return Long.getLong("campaign.seed", System.nanoTime() & 0xffff_ffffL);
  }

  static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of(GENERATOR).create(seed);
  }
}
