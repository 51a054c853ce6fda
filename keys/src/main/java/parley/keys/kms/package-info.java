/// The Key Management Service: master secrets in, members' keys out to those who may have them.
///
/// 1. [parley.keys.kms.KmsSettings] the KMS's URI, the form of identifiers, the length of a key
///    period
/// 2. [parley.keys.kms.KmsIssuer] holds the master secrets in a vault, issues for the present and
///    the next period; the same question gets the same answer, also after a restart
/// 3. [parley.keys.kms.MemberKeys] RSK, SSK and PVT of one identity, period and device;
///    [parley.keys.kms.IssueRefused] why not; [parley.keys.kms.Succession] another KMS takes its
///    place
/// 4. [parley.keys.kms.Issuer] all that a front end sees of it; `remote` puts a process between
/// 5. `front` who may have which keys, and the HTTPS site; `message` its XML; `client` the other
///    end; `ceremony` making, renewing and restoring a KMS
///
/// Nobody's keys are stored here: whoever steals the vault file gets nothing, whoever opens it can
/// derive every user's keys.
@NullMarked
package parley.keys.kms;

import org.jspecify.annotations.NullMarked;
