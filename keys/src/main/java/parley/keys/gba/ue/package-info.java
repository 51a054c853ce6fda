/// What a UE with a SIM does: bootstrap when a server asks for it, and use the key.
///
/// 1. [parley.keys.gba.ue.UaHttp] asks a server, and does first what it wants, with a
///    [parley.keys.gba.ue.UaKey] of the SIM or of a push, from [parley.keys.gba.ue.UaKeys]
/// 2. [parley.keys.gba.ue.UaDigestClient] sees that a server wants a bootstrapped key, and answers
///    with one
/// 3. [parley.keys.gba.ue.Bootstrap] the key of now, from [parley.keys.gba.ue.BootstrapMemory] or
///    new
/// 4. [parley.keys.gba.ue.UbClient] asks the BSF, by the SIM; reads
///    [parley.keys.gba.ue.BootstrappingInfo]
/// 5. [parley.keys.gba.ue.SimCard] the SIM in a member's vault, with its SQN, which all of this
///    begins with; [parley.keys.gba.ue.SimFile] brings it there
///
/// A failure is a [parley.keys.gba.ue.BootstrapFailed]: one sentence for the user.
@NullMarked
package parley.keys.gba.ue;

import org.jspecify.annotations.NullMarked;
