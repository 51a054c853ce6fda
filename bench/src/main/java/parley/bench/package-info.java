/// Benchmarks, run by one command: `./parley bench [srtp|mikey|all] [--quick]`.
///
/// 1. [parley.bench.Bench] reads the arguments and names what is measured, by [parley.bench.Suite].
/// 2. JMH runs each benchmark in JVMs of its own: [parley.bench.SrtpBenchmark] packets,
///    [parley.bench.AnnouncementBenchmark] whole announcements, [parley.bench.EccsiBenchmark] and
///    [parley.bench.SakkeBenchmark] the mathematics below them.
/// 3. [parley.bench.Measurement] is one row: a time, its spread, what it stands for.
/// 4. [parley.bench.Report] prints the table and writes it as CSV with the [parley.bench.Machine]
///    it came from.
@NullMarked
package parley.bench;

import org.jspecify.annotations.NullMarked;
