/// The media plane of a group, in the order a packet meets it.
///
/// 1. [MediaPort] of a [MediaTransport] reads a [ReceivedBatch] on the loop that owns the group
/// 2. [PacketSorter] tells RTP, RTCP, MIKEY and rubbish apart by octets; MIKEY goes to [MikeySink]
/// 3. [StreamFinder] asks [StreamTable] by SSRC, then MKI; [EarlyMedia] holds what came too early
/// 4. `parley.srtp.SrtpTransform` authenticates the batch; [Judge] counts each refusal by
///    [DropReason] and keeps out what [Tombstones] remember
/// 5. [Relay] sends the same octets to every [Leg] through [FanOut], and re-keys through
///    [RekeyOutput] into other groups, as [Rekeying] says
/// 6. [MediaTap] hears what passed: the recorder, a UE that plays
///
/// Octets go in and out by [MediaTransport] in one of two ways: [BatchPort] reads and writes whole
/// batches by system calls of our own, [NettyPort] by Netty's channels. A [Trunk] is a socket that
/// groups share on the way between two gateways: each has a [TrunkPort] of it, [TrunkSender] makes
/// runs of what they queue, and [TrunkInbox] sorts by group what comes.
///
/// Under all of it the network comes and goes: [LinkWatcher] tells each port what [Links] there
/// are, and the port joins and binds again by itself.
///
/// [MediaPipeline] holds that order. [GroupMedia] is the face to keying: a [Burst] of [Stream]s is
/// installed and retired by command. One loop owns a group and everything below it: no lock, and
/// nothing allocated for a packet but what Netty's own datagrams cost.
@NullMarked
package parley.gateway.media;

import org.jspecify.annotations.NullMarked;
