/// Who gets which key: the provisioning plane, as libraries on files.
///
/// 1. [parley.keys.vault.Vault] every secret at rest: one sealed file, durable, for one process
/// 2. `parley.keys.kms` the KMS's issuer: master secrets in, a member's keys for one period and
///    device out
/// 3. `manager` who belongs to a group and may do what; the GMK, one I_MESSAGE for each UE
/// 4. `member` a UE's, a gateway's or a manager's own keys: verified, stored, used by period; the
///    rules of a GMK's receiver
///
/// Stands on `parley.mikey`; knows neither SRTP nor the network.
@NullMarked
package parley.keys;

import org.jspecify.annotations.NullMarked;
