/// What [parley.bench.relay], [parley.bench.growth], [parley.bench.trunk] and [parley.bench.load]
/// stand on.
///
/// 1. [Scratch][parley.bench.rig.Scratch] is a temporary folder, in memory where that is possible.
/// 2. [Opened][parley.bench.rig.Opened] closes what was opened, the last first.
/// 3. [KeyIssue][parley.bench.rig.KeyIssue] is a KMS that makes members and managers in vaults and
///    gives a group its key; [GroupKeys][parley.bench.rig.GroupKeys] are those of a gateway with
///    many groups, [GatewayFile][parley.bench.rig.GatewayFile] its configuration, and
///    [LegAddresses][parley.bench.rig.LegAddresses] where each group listens.
/// 4. [Talk][parley.bench.rig.Talk] is who may talk in a group;
///    [KeyedBurst][parley.bench.rig.KeyedBurst] is a burst: its session, and its announcements.
@NullMarked
package parley.bench.rig;

import org.jspecify.annotations.NullMarked;
