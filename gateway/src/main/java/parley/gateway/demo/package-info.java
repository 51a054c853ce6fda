/// `parley demo`: the whole system on loopback, with real sockets, each role with a vault of its
/// own.
///
/// [Demo][parley.gateway.demo.Demo] plays the acts in order on one
/// [Stage][parley.gateway.demo.Stage]:
///
/// 1. [Enrolment][parley.gateway.demo.Enrolment] the KMS issues keys, two group managers list
///    members
/// 2. [GatewayStart][parley.gateway.demo.GatewayStart] a gateway reads its YAML and starts
/// 3. [GmkDelivery][parley.gateway.demo.GmkDelivery] group master keys by MIKEY-SAKKE over UDP
/// 4. [Audience][parley.gateway.demo.Audience] listeners, each with its own sockets
/// 5. [Turns][parley.gateway.demo.Turns] two talkers take turns; during the last turn
///    [Attacks][parley.gateway.demo.Attacks] are sent for real
/// 6. [Archive][parley.gateway.demo.Archive] the recordings, exported and compared
/// 7. [Verdict][parley.gateway.demo.Verdict] the tables, and whether all of it was right
@org.jspecify.annotations.NullMarked
package parley.gateway.demo;
