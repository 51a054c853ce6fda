/// What [parley.bench.relay] and [parley.bench.load] both stand on.
///
/// 1. [Scratch][parley.bench.rig.Scratch] is a temporary folder, in memory where that is possible.
/// 2. [Opened][parley.bench.rig.Opened] closes what was opened, the last first.
/// 3. [KeyIssue][parley.bench.rig.KeyIssue] is a KMS that makes members and managers in vaults and
///    gives a group its key.
/// 4. [KeyedBurst][parley.bench.rig.KeyedBurst] is a talker's burst: its session, and its
///    announcements.
@NullMarked
package parley.bench.rig;

import org.jspecify.annotations.NullMarked;
