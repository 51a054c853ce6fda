/// Who somebody is, and when: identities, key periods, and the KMS that certifies them.
///
/// [parley.mikey.identity.Identity] is a URI in its one canonical form;
/// [parley.mikey.identity.NtpTimestamp] is the T of a message, and T alone decides the
/// [parley.mikey.identity.KeyPeriod]. The [parley.mikey.identity.KmsCertificate] turns both into
/// the octets that ECCSI signs with and SAKKE encrypts to, in the
/// [parley.mikey.identity.UserIdFormat] of its KMS; [parley.mikey.identity.Identifiers] has the two
/// forms.
@NullMarked
package parley.mikey.identity;

import org.jspecify.annotations.NullMarked;
