/// `parley bench mikey` and `parley bench rekey`: what keys, signatures and announcements cost.
///
/// 1. [MikeyBench][parley.bench.mikey.MikeyBench] lets JMH run
///    [MikeyBenchmark][parley.bench.mikey.MikeyBenchmark] once for each
///    [MikeyContender][parley.bench.mikey.MikeyContender], with native code and without;
///    [WolfSsl][parley.bench.mikey.WolfSsl] is a program in C. What a talker waits for, made ahead
///    or not, is [SealingBenchmark][parley.bench.mikey.SealingBenchmark], of ours alone.
/// 2. [MikeyReport][parley.bench.mikey.MikeyReport] prints and writes its
///    [MikeyRow][parley.bench.mikey.MikeyRow]s, [MikeyGoals][parley.bench.mikey.MikeyGoals] judges.
/// 3. [RekeyBench][parley.bench.mikey.RekeyBench] makes the messages of a new GMK for a large
///    group.
@NullMarked
package parley.bench.mikey;

import org.jspecify.annotations.NullMarked;
