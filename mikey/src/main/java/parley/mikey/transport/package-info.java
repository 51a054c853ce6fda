/// How a MIKEY message travels when it is no datagram: taken out of what carried it, and put into
/// it.
///
/// Octets and text in, octets and text out; no sockets, no files, no clock but a given one. Nothing
/// here authenticates anything: whatever comes out goes the same way as a datagram.
///
/// - SDP (RFC 4567): [SdpReader] takes a [SessionDescription] with its [MediaDescription]s apart,
///   [SdpWriter] writes one; [KeyManagement] is the attribute `a=key-mgmt:mikey`.
/// - Short messages (3GPP TS 23.040): [SmsSegments] cuts a message into user data of 140 octets,
///   [SmsReassembly] puts it together within [SmsLimits] and answers with an [SmsOutcome].
/// - HTTP: [MikeyBody] is the content type `application/mikey` (RFC 3830, 10.1).
@NullMarked
package parley.mikey.transport;

import org.jspecify.annotations.NullMarked;
