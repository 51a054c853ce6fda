/// `parley bench load`: a swarm of talkers and listeners against a gateway.
///
/// 1. [LoadBench][parley.bench.load.LoadBench] reads the arguments into
///    [LoadSettings][parley.bench.load.LoadSettings].
/// 2. [Deployment][parley.bench.load.Deployment] says where the groups are and whose keys there
///    are: an [OwnGateway][parley.bench.load.OwnGateway] with keys of its own, or what a
///    [LoadPlan][parley.bench.load.LoadPlan] names.
/// 3. [LoadTalker][parley.bench.load.LoadTalker] is one announced stream;
///    [Announcements][parley.bench.load.Announcements] says and repeats its key.
/// 4. [Pacer][parley.bench.load.Pacer] sends by the clock, through the bad wire of
///    [WireFaults][parley.bench.load.WireFaults] and its [DelayLine][parley.bench.load.DelayLine].
/// 5. [Ears][parley.bench.load.Ears] are all sockets that listen; an
///    [AnnouncementJudge][parley.bench.load.AnnouncementJudge] verifies what is announced to them,
///    a [LoadListener][parley.bench.load.LoadListener] every packet. Its
///    [Reach][parley.bench.load.Reach] says how the gateway's media comes to it.
/// 6. [Admission][parley.bench.load.Admission] has listeners join, those of the
///    [Stays][parley.bench.load.Stays], each by its [LoadStay][parley.bench.load.LoadStay], while
///    the talkers speak a [LeadIn][parley.bench.load.LeadIn];
///    [JoinReport][parley.bench.load.JoinReport] says who could.
/// 7. [Latencies][parley.bench.load.Latencies] keeps the histograms, from the intended time and
///    from the actual one of [SendTimes][parley.bench.load.SendTimes].
/// 8. [LoadRun][parley.bench.load.LoadRun] holds their order and makes the
///    [LoadReport][parley.bench.load.LoadReport].
@NullMarked
package parley.bench.load;

import org.jspecify.annotations.NullMarked;
