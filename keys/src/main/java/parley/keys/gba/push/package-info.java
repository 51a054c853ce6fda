/// GBA push (TS 33.223): the home network calls a UE that has not asked.
///
/// 1. [parley.keys.gba.push.PushNaf] asks the BSF and sends what it gets
/// 2. [parley.keys.gba.push.GpiCodec] the message: RAND, AUTN and a sealed part;
///    [parley.keys.gba.push.CompactGpi] our form of it
/// 3. [parley.keys.gba.push.PushTransport] over [parley.keys.gba.push.UdpPush] or
///    [parley.keys.gba.push.FilePush]
/// 4. [parley.keys.gba.push.PushEar] in the UE hears it: a [parley.keys.gba.push.PushPort] or a
///    [parley.keys.gba.push.PushFolder]
/// 5. [parley.keys.gba.push.GpiReceiver] judges it: a [parley.keys.gba.push.GpiOutcome], once
///
/// A push says "connect", and to nobody but the server that the UE has in its own configuration.
@NullMarked
package parley.keys.gba.push;

import org.jspecify.annotations.NullMarked;
