/// The HTTPS server under KMS, BSF and group manager, and what its clients need: bounded, strict,
/// and the same for all.
///
/// 1. [parley.keys.http.HttpsServer] listens; [parley.keys.http.HttpLimits] how much it bears
/// 2. `TlsLayer`: by certificates ([parley.keys.http.ServerTls], [parley.keys.http.ClientTls],
///    [parley.keys.http.TlsSuites]), or by pre-shared keys ([parley.keys.http.PskKeys])
/// 3. [parley.keys.http.FramingCheck] refuses bodies whose length two readers could see differently
/// 4. `HttpConnection`, `RequestDesk`: one whole [parley.keys.http.Request] at a time, to a virtual
///    thread
/// 5. [parley.keys.http.Site] answers it by a [parley.keys.http.Reply]
/// 6. [parley.keys.http.HttpCounters] what was done, and each reason why not
///
/// [parley.keys.http.RequestLimits] say how often somebody may ask, here and in the sites.
/// [parley.keys.http.LabAuthority] makes certificates where there is no PKI: labs, the demo, tests.
@NullMarked
package parley.keys.http;

import org.jspecify.annotations.NullMarked;
