/// What people do with a KMS, together and on record (threats, row 32).
///
/// 1. [parley.keys.kms.ceremony.Transcript] who did what and when, with a hash of everything public
/// 2. [parley.keys.kms.ceremony.KmsBackup] a copy of the issuer's vault, verified; and its way back
/// 3. [parley.keys.kms.ceremony.KmsRotation] a KMS with new master secrets that succeeds an older
///    one, with a time in which both are good
/// 4. [parley.keys.kms.ceremony.CertificateFile] a KMS certificate as a file of the standard's XML
///
/// How a vault is opened (passphrase, shares, a PKCS#11 key) is the vault's matter.
@NullMarked
package parley.keys.kms.ceremony;

import org.jspecify.annotations.NullMarked;
