/// The Key Management Service's issuer: master secrets in, members' keys out.
///
/// 1. [parley.keys.kms.KmsSettings] the KMS's URI, the form of identifiers, the length of a key
///    period
/// 2. [parley.keys.kms.KmsIssuer] holds the master secrets in a vault, issues for the present and
///    the next period; the same question gets the same answer, also after a restart
/// 3. [parley.keys.kms.MemberKeys] RSK, SSK and PVT of one identity, period and device
/// 4. [parley.keys.kms.IssueRefused] why not
///
/// Nobody's keys are stored here: whoever steals the vault file gets nothing, whoever opens it can
/// derive every user's keys.
@NullMarked
package parley.keys.kms;

import org.jspecify.annotations.NullMarked;
