/// Keys from keys: the pseudo-random functions of MIKEY (RFC 3830, 4.1; RFC 6043, 6.1).
///
/// [parley.mikey.prf.MikeyPrf] is the function that the common header names;
/// [parley.mikey.prf.MikeyKeys] puts the labels on it: SRTP master key and salt from a TGK, and the
/// keys of a KEMAC payload from a pre-shared key. [parley.mikey.prf.Kdf33220] is the one of 3GPP,
/// which hides key ids, makes UIDs, and derives Ks_NAF.
@NullMarked
package parley.mikey.prf;

import org.jspecify.annotations.NullMarked;
