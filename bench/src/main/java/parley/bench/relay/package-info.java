/// `parley bench relay`: what a relay costs for each packet, how many it passes, how long it takes.
///
/// 1. [RelayBench][parley.bench.relay.RelayBench] reads the arguments.
/// 2. [Testbed][parley.bench.relay.Testbed] is a folder, free ports and processes: a sender and a
///    receiver in C, made by [Programs][parley.bench.relay.Programs].
/// 3. [Contestant][parley.bench.relay.Contestant] starts a relay: this gateway with keys of
///    [RelayKeys][parley.bench.relay.RelayKeys], a program in C, rtpengine.
/// 4. [PacketSource][parley.bench.relay.PacketSource] writes the packets of a window beforehand
///    into the [WindowFile][parley.bench.relay.WindowFile] that sender and receiver share.
/// 5. [Windows][parley.bench.relay.Windows] sends one window and makes a
///    [Window][parley.bench.relay.Window] of what came back and what the relay's process paid.
/// 6. [OctetCheck][parley.bench.relay.OctetCheck] compares what came back octet by octet.
/// 7. [RelayRun][parley.bench.relay.RelayRun] takes rounds in turns,
///    [CleanRate][parley.bench.relay.CleanRate] searches the limit,
///    [RelayReport][parley.bench.relay.RelayReport] prints and writes.
///    [PauseRun][parley.bench.relay.PauseRun] compares collectors instead.
@NullMarked
package parley.bench.relay;

import org.jspecify.annotations.NullMarked;
