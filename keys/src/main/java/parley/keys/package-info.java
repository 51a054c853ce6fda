/// Who gets which key: the provisioning plane, as libraries on files.
///
/// 1. [parley.keys.vault.Vault] every secret at rest: one sealed file, durable, for one process
/// 2. [parley.keys.kms.KmsIssuer] master secrets in, a member's keys for one period and device out
/// 3. [parley.keys.member.Member] verifies and stores what the KMS issued, signs by the period of T
/// 4. [parley.keys.manager.MemberList] who belongs to a group and may do what
/// 5. [parley.keys.manager.GroupManager] the GMK, one I_MESSAGE for each UE, receipts, exclusion
/// 6. [parley.keys.member.GmkAcceptance] what a member makes of an I_MESSAGE
///
/// Stands on `parley.mikey`; knows neither SRTP nor the network.
@NullMarked
package parley.keys;

import org.jspecify.annotations.NullMarked;
