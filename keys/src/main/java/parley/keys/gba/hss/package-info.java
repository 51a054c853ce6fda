/// The home network's list of subscribers: K, OPc and SQN of each, in tables.
///
/// 1. [parley.keys.gba.hss.SubscriberFile] the operator's CSV, read line by line
/// 2. [parley.keys.gba.hss.NewSubscriber] one line of it
/// 3. [parley.keys.gba.hss.SubscriberTable] keys sealed, identities plain; what is shown is a
///    [parley.keys.gba.hss.Subscriber]
/// 4. [parley.keys.gba.hss.SqnReservations] sequence numbers, 32 at a time, durable before use
/// 5. [parley.keys.gba.hss.SpentChallenges] each challenge is answered once, be it with RES or AUTS
/// 6. [parley.keys.gba.hss.Hss] authentication vectors and resynchronisation
///
/// Whom the HSS does not know gets challenges as well, of a key that only the HSS could know, so
/// nobody learns who is a subscriber.
@NullMarked
package parley.keys.gba.hss;

import org.jspecify.annotations.NullMarked;
