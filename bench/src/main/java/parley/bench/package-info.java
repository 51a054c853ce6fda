/// Benchmarks, run by one command: `./parley bench [srtp|relay|growth|trunk|mikey|load|all]
/// [--quick]`.
///
/// 1. [parley.bench.Bench] reads the arguments and names what is measured, by [parley.bench.Suite].
/// 2. [parley.bench.SrtpBench] sets SRTP side by side: each [parley.bench.Contender] has the same
///    [parley.bench.Workload], [parley.bench.Anchors] are programs in C, [parley.bench.SrtpReport]
///    compares, [parley.bench.SrtpGoals] judges. [parley.bench.relay] does so for whole relays,
///    [parley.bench.growth] for one relay of many sizes, [parley.bench.trunk] for two in a row.
///    [parley.bench.Results] writes where a run's tables belong.
/// 3. JMH runs each benchmark in JVMs of its own: [parley.bench.AnnouncementBenchmark] whole
///    announcements, [parley.bench.EccsiBenchmark] and [parley.bench.SakkeBenchmark] the
///    mathematics below them.
/// 4. [parley.bench.Measurement] is one row: a time, its spread, what it stands for.
/// 5. [parley.bench.Report] prints the table and writes it as CSV with the [parley.bench.Machine]
///    it came from.
@NullMarked
package parley.bench;

import org.jspecify.annotations.NullMarked;
