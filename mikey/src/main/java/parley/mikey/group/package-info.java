/// The two messages of the group, their keys, and what a receiver checks, in travel order:
///
/// 1. [GmkOffer], sealed by [GmkDistribution], brings a [GroupMasterKey] to one member;
/// 2. [UnverifiedGmkDistribution] is the member's side, [GmkReceipt] its answer, [GmkBook] where
///    the key stays;
/// 3. [GskAnnouncement] is a talker's burst: a [GroupSessionKey], its [CryptoSession]s and
///    [MediaPolicy], made ahead as an [AnnouncementTemplate] and [DerivedKeys];
/// 4. [UnverifiedAnnouncement] is what arrives: octets of the right grammar, nothing more;
/// 5. [AnnouncementGate] makes the cheap checks up to the MAC, in the order that keeps outsiders
///    cheap, by its [GateRules] and its [ReplayCache], and answers with an [Admission];
/// 6. [AnnouncementVerifier] checks the signature, unwraps the key and makes the
/// 7. [VerifiedAnnouncement], the only thing media keys may come from; everything else is a
///    [Refusal].
///
/// A receiver of a unicast relay: [Joining] seals what it says, [UnverifiedJoin] is what arrives,
/// [JoinGate] and [JoinVerifier] check it, [JoinAnswer] goes back; everything else is a
/// [JoinRefusal].
///
/// A UE and its group's manager: [Registration] seals where the UE is to be reached,
/// [UnverifiedRegistration] is what arrives, [RegistrationAnswer] goes back.
///
/// Keys of one user for another, or for a server (TS 33.180): [KeyTransport] seals a
/// [TransportedKey], [UnverifiedKeyTransport] reads what others seal.
///
/// [BridgeOrigin] names the talker behind a gateway; [AnnouncementProfile] the algorithms of a
/// message.
@NullMarked
package parley.mikey.group;

import org.jspecify.annotations.NullMarked;
