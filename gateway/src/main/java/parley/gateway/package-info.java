/// The group peering entity, put together.
///
/// 1. [Gateway] takes a checked [parley.gateway.config.GatewayConfig] and an open vault, and opens
///    everything or nothing; [StartRefused] says in one sentence why not.
/// 2. [GroupPlane] is one group on one loop: its media and the keying that opens it.
/// 3. An operator changes it while it runs through `LiveControl`: a `ConfigChange` carries what a
///    `GroupDiff` found to the loops, sockets first, then the vault, then one command for each
///    group; `Drain` empties the gateway, `ClockGuard` watches the clock.
/// 4. `ManagerRegistrations`, `ManagerFolders` and `ManagerConversations` are its lines to the
///    groups' managers: datagrams, files, HTTPS.
/// 5. [parley.gateway.media] is the life of a packet, [parley.gateway.keying] the life of a key.
/// 6. [parley.gateway.record] keeps what was said, [parley.gateway.admin] tells how it goes.
/// 7. [parley.gateway.ue] talks and listens, [parley.gateway.cli] is the program, and
///    [parley.gateway.demo] plays all roles on loopback.
@NullMarked
package parley.gateway;

import org.jspecify.annotations.NullMarked;
