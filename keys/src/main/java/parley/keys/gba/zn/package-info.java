/// Between NAF and BSF (TS 29.109): who has bootstrapped, and with which key for me.
///
/// 1. [parley.keys.gba.zn.ZnClient] what a NAF asks
/// 2. [parley.keys.gba.zn.HttpZnClient] asks over HTTPS with the NAF's certificate
/// 3. [parley.keys.gba.zn.ZnJson] the form on the wire, after `Nbsp_GBA`
/// 4. [parley.keys.gba.zn.NafKey] the answer: Ks_NAF, and whose it is
/// 5. [parley.keys.gba.zn.PushInfo] the answer to a NAF that wants to push
@NullMarked
package parley.keys.gba.zn;

import org.jspecify.annotations.NullMarked;
