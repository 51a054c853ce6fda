/// Known by a SIM: the generic bootstrapping architecture (TS 33.220, 33.222, 33.223), both ends.
///
/// 1. [parley.keys.gba.aka] what USIM and HSS compute from K: Milenage, SQN, AUTN, AUTS
/// 2. [parley.keys.gba.digest] HTTP Digest with MD5 and with AKA
/// 3. [parley.keys.gba.BootstrappedKey] Ks under its name [parley.keys.gba.Tid], for some hours
/// 4. [parley.keys.gba.KsNaf] the key of one server and use, which [parley.keys.gba.NafId] names by
///    [parley.keys.gba.Fqdn] and [parley.keys.gba.UaProtocol]
@NullMarked
package parley.keys.gba;

import org.jspecify.annotations.NullMarked;
