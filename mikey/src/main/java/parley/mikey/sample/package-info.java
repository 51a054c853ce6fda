/// The published sample set: one message of each kind, with everything that went into it.
///
/// [parley.mikey.sample.SampleSet] makes the same octets at every run, by the code that makes
/// messages in earnest. **Its secrets are public on purpose**: the master secrets are those of the
/// examples in RFC 6507 and RFC 6508, every key and every random octet stands in `samples.json`.
/// None of it may protect anything.
///
/// `SampleWorld` holds identities, keys and times; `KeySamples`, `AnnouncementSamples` and
/// `JoinSamples` make the messages; `SampleRandom` gives and notes the random octets; `SampleJson`
/// writes what was noted.
@NullMarked
package parley.mikey.sample;

import org.jspecify.annotations.NullMarked;
