/// Benchmarks, run by one command: `./parley bench [srtp|mikey|rekey|relay|growth|trunk|load|all]`.
///
/// 1. [parley.bench.Bench] reads the arguments.
/// 2. [parley.bench.SrtpBench] sets SRTP side by side: each [parley.bench.Contender] has the same
///    [parley.bench.Workload], [parley.bench.Anchors] are programs in C, [parley.bench.SrtpReport]
///    compares, [parley.bench.SrtpGoals] judges. [parley.bench.mikey] does so for keys,
///    [parley.bench.relay] for whole relays, [parley.bench.growth] for one relay of many sizes,
///    [parley.bench.trunk] for two in a row.
/// 3. JMH runs Java's contenders in JVMs of their own, [parley.bench.CProgram] is the others'.
/// 4. [parley.bench.Results] writes where a run's tables belong, with the [parley.bench.Machine]
///    they came from.
@NullMarked
package parley.bench;

import org.jspecify.annotations.NullMarked;
