/// `parley demo`: the whole system on loopback, with real sockets, each role with a vault of its
/// own.
///
/// [Demo][parley.gateway.demo.Demo] plays the acts in order on one
/// [Stage][parley.gateway.demo.Stage]:
///
/// 1. [KeyPlane][parley.gateway.demo.KeyPlane] a BSF and a KMS, over HTTPS
/// 2. [Enrolment][parley.gateway.demo.Enrolment] the terminals fetch their keys
/// 3. [ManagerStart][parley.gateway.demo.ManagerStart] and
///    [GatewayStart][parley.gateway.demo.GatewayStart] a group manager and a gateway read their
///    YAML, fetch their keys and serve
/// 4. [GmkDelivery][parley.gateway.demo.GmkDelivery] group master keys by MIKEY-SAKKE over UDP
/// 5. [Audience][parley.gateway.demo.Audience] listeners, each with its own sockets
/// 6. [Turns][parley.gateway.demo.Turns] two talkers take turns; during the last turn
///    [Attacks][parley.gateway.demo.Attacks] are sent for real
/// 7. [Archive][parley.gateway.demo.Archive] the recordings, exported and compared
/// 8. [Verdict][parley.gateway.demo.Verdict] the tables, and whether all of it was right
@org.jspecify.annotations.NullMarked
package parley.gateway.demo;
