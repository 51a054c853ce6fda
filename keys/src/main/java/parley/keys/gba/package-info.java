/// Known by a SIM: the generic bootstrapping architecture (TS 33.220, 33.222, 33.223), both ends.
///
/// 1. [parley.keys.gba.aka] what USIM and HSS compute from K: Milenage, SQN, AUTN, AUTS
/// 2. [parley.keys.gba.digest] HTTP Digest with MD5 and with AKA
/// 3. [parley.keys.gba.ue] the UE bootstraps with its SIM (Ub)
/// 4. [parley.keys.gba.bsf] the BSF, over the list of subscribers in [parley.keys.gba.hss]
/// 5. [parley.keys.gba.BootstrappedKey] Ks under its name [parley.keys.gba.Tid], for some hours
/// 6. [parley.keys.gba.KsNaf] the key of one server and use, which [parley.keys.gba.NafId] names by
///    [parley.keys.gba.Fqdn] and [parley.keys.gba.UaProtocol]
/// 7. [parley.keys.gba.naf] the server that the UE wants, which gets that key by
///    [parley.keys.gba.zn] (Ua, Zn)
/// 8. [parley.keys.gba.push] the way round: the server calls the UE
///
/// [parley.keys.http.RequestLimits] come before every computation, [parley.keys.gba.Subkey] keeps
/// the uses of one key apart.
@NullMarked
package parley.keys.gba;

import org.jspecify.annotations.NullMarked;
