/// `parley bench trunk`: what a trunk between two gateways costs, beside a leg for each group.
///
/// 1. [TrunkBench][parley.bench.trunk.TrunkBench] reads the arguments into a
///    [TrunkPlan][parley.bench.trunk.TrunkPlan] of [Side][parley.bench.trunk.Side]s.
/// 2. [GatewayPair][parley.bench.trunk.GatewayPair] is two gateways that run, the first of which
///    sends its groups to the second in one [Way][parley.bench.trunk.Way]; it stands on
///    [parley.bench.relay].
/// 3. [TrunkRun][parley.bench.trunk.TrunkRun] lets both ways take turns round by round;
///    [TrunkCount][parley.bench.trunk.TrunkCount] is what a gateway says of its trunk.
/// 4. [TrunkRow][parley.bench.trunk.TrunkRow] is what came of one way,
///    [TrunkReport][parley.bench.trunk.TrunkReport] prints and writes.
@NullMarked
package parley.bench.trunk;

import org.jspecify.annotations.NullMarked;
