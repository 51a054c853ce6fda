/// The life of a key: from MIKEY octets to SRTP keys on the loop that owns the group.
///
/// 1. [MikeyPort], [MikeyHttpPort] and the media ports hand messages to the [MikeyInbox], which
///    forks by data type.
/// 2. A GMK for this member goes to the [GmkInbox], from the network or from a [GmkFolder] with its
///    messages, descriptions and [SmsFiles]: verified, stored, acknowledged ([MikeyAnswer]).
/// 3. A GSK announcement goes to the [GroupKeying] of its group: the gate and the path on the loop.
/// 4. The [VerifyPool] checks the signature, unwraps the GSK, and [SrtpKeying] derives the SRTP
///    keys.
/// 5. Back on the loop, [GroupRoster] and the burst book decide; one command installs the keys in
///    [parley.gateway.media.GroupMedia].
/// 6. A [Bridge] announces a key of the gateway's own in another group for each burst it carries;
///    the [Carrier] keeps those alive, the [BridgeCoordinator] says which gateway does it.
/// 7. Time, BYE, a newer burst or a newer GMK ([GmkWatch]) end a burst; the keys are zeroed.
///
/// A [Registrar] tells a group's manager where MIKEY is heard here.
///
/// A JOIN goes to the [JoinInbox] of its group: gate, [Cookies], pool, then the [Receivers], of
/// whom [JoinedReceivers] joined by themselves. [MessageVerdict] is for people who look at a
/// message, [MikeyHttpSender] for a manager that sends one.
@NullMarked
package parley.gateway.keying;

import org.jspecify.annotations.NullMarked;
