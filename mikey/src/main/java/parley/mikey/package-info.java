/// parley mikey: a MIKEY message read, verified, its key unwrapped. It does not know SRTP.
///
/// In the order in which a message meets them:
///
/// 1. [parley.mikey.transport] takes a message out of what carried it, where that was no datagram:
///    SDP (RFC 4567), short messages (3GPP TS 23.040), HTTP
/// 2. [parley.mikey.message] reads octets into payloads and writes them (RFC 3830, 6043, 6509)
/// 3. [parley.mikey.identity] who signed, and in which key period (RFC 6509, 3.2; TS 33.180, F.2)
/// 4. [parley.mikey.prf] the keys of MAC and encryption from a pre-shared key (RFC 3830, 4.1)
/// 5. [parley.mikey.eccsi] the talker's or manager's signature (RFC 6507)
/// 6. [parley.mikey.sakke] a key encrypted to an identity (RFC 6508)
/// 7. [parley.mikey.group] the two messages of a group, and the rules of their receivers
/// 8. [parley.mikey.secret] where every secret octet lives on the way
///
/// Keys and points that fail their check are an [InvalidKey] or an [InvalidPoint].
@NullMarked
package parley.mikey;

import org.jspecify.annotations.NullMarked;
