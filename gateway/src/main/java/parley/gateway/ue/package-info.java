/// A user's terminal: what it says and what it hears, straight over multicast or through a gateway.
///
/// 1. [Speech][parley.gateway.ue.Speech] is read from a file: Opus packets out of Ogg, mu-law out
///    of WAV, each a [SpeechFrame][parley.gateway.ue.SpeechFrame] with the payload octets as they
///    travel.
@org.jspecify.annotations.NullMarked
package parley.gateway.ue;
