/// A packet protected and unprotected: SRTP and SRTCP in batches (RFC 3711, 6188, 7714, 4771,
/// 6904).
///
/// The way of a packet:
/// 1. [parley.srtp.PacketBatch] holds packets side by side in direct memory.
/// 2. [parley.srtp.RtpPacket] and [parley.srtp.RtcpPacket] read their headers in place.
/// 3. [parley.srtp.MasterKey] and [parley.srtp.SrtpPolicy], of an [parley.srtp.SrtpProfile], make
///    an [parley.srtp.SrtpSession]: the session keys.
/// 4. [parley.srtp.SrtpContext] or [parley.srtp.SrtcpContext] is one SSRC in one direction: index,
///    replay list.
/// 5. [parley.srtp.SrtpTransform] takes the batch: contexts check and describe, the engine works,
///    contexts commit.
/// 6. [parley.srtp.CipherEngine] seals and opens what the descriptors of a
///    [parley.srtp.CipherBatch] say; [parley.srtp.CipherEngines] chooses it.
/// 7. [parley.srtp.Verdict] tells for each slot what became of it.
///
/// Threads: [parley.srtp.CipherEngine]s, [parley.srtp.MasterKey]s and everything immutable may be
/// shared; all else belongs to the thread that owns the session. Buffers: a
/// [parley.srtp.PacketBatch] owns the octets, its user owns the batch, and nothing here refers to a
/// packet after the call.
///
/// [parley.srtp.SrtpContexts] finds contexts for those who have no stream table. Off the data path
/// nothing is here: no sockets, no key management.
@NullMarked
package parley.srtp;

import org.jspecify.annotations.NullMarked;
