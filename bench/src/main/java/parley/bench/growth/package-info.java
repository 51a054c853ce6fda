/// `parley bench growth`: what a gateway with many groups occupies and costs.
///
/// 1. [GrowthBench][parley.bench.growth.GrowthBench] reads the arguments into a
///    [GrowthPlan][parley.bench.growth.GrowthPlan] of [Scale][parley.bench.growth.Scale]s.
/// 2. [KeyRing][parley.bench.growth.KeyRing] makes the keys of each number of groups.
/// 3. [GroupsGateway][parley.bench.growth.GroupsGateway] is one gateway that runs, with the
///    [Talkers][parley.bench.relay.Talkers] of its active groups; it stands on
///    [parley.bench.relay].
/// 4. [GrowthRun][parley.bench.growth.GrowthRun] measures them round by round into
///    [GrowthRow][parley.bench.growth.GrowthRow]s.
/// 5. [GrowthGoals][parley.bench.growth.GrowthGoals] judges,
///    [GrowthReport][parley.bench.growth.GrowthReport] prints and writes.
@NullMarked
package parley.bench.growth;

import org.jspecify.annotations.NullMarked;
