/// A user's terminal: what it says and what it hears, straight over multicast or through a gateway.
///
/// Saying:
/// 1. [Speech][parley.gateway.ue.Speech] is read from a file: Opus packets out of Ogg, mu-law out
///    of WAV, each a [SpeechFrame][parley.gateway.ue.SpeechFrame] with the payload as it travels
/// 2. [Talker][parley.gateway.ue.Talker] takes a burst with a session key of its own, a
///    [PreparedBurst][parley.gateway.ue.PreparedBurst] of its
///    [BurstSupply][parley.gateway.ue.BurstSupply], which makes the next one meanwhile
/// 3. [TalkBurst][parley.gateway.ue.TalkBurst] paces it; [Announcer][parley.gateway.ue.Announcer]
///    seals the announcement again and again, as
///    [AnnouncementSchedule][parley.gateway.ue.AnnouncementSchedule] says
/// 4. [OutgoingStream][parley.gateway.ue.OutgoingStream] protects and sends what
///    [RtpStream][parley.gateway.ue.RtpStream] and [SenderReport][parley.gateway.ue.SenderReport]
///    write
///
/// Hearing:
/// 1. [Listener][parley.gateway.ue.Listener] is a plane of the gateway that relays to nobody
/// 2. [Hearing][parley.gateway.ue.Hearing] collects a [HeardBurst][parley.gateway.ue.HeardBurst];
///    [BridgedTwins][parley.gateway.ue.BridgedTwins] drops what a second gateway brought
/// 3. a [Joiner][parley.gateway.ue.Joiner] has a gateway send the group's media here, where there
///    is no multicast; it speaks from the [JoinedSocket][parley.gateway.ue.JoinedSocket] that hears
/// 4. an [Ear][parley.gateway.ue.Ear] is told
///
/// In other programs:
/// 1. [EngineBurst][parley.gateway.ue.EngineBurst] announces a burst whose packets an
///    [EngineProcess][parley.gateway.ue.EngineProcess] sends, which it gives its
///    [EngineEnvironment][parley.gateway.ue.EngineEnvironment] once
/// 2. [Players][parley.gateway.ue.Players] hands each verified burst to a
///    [Player][parley.gateway.ue.Player], which decrypts by itself
@NullMarked
package parley.gateway.ue;

import org.jspecify.annotations.NullMarked;
