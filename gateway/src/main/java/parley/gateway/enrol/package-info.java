/// What the configuration says of a KMS, turned into [parley.keys.enrol.KeyEnrolment].
///
/// 1. [parley.gateway.enrol.KmsClient] files of TLS and of the ticket
/// 2. [parley.gateway.enrol.OwnSim] the SIM, by which a member is known and called
/// 3. [parley.gateway.enrol.SelfEnrolment] a member that fetches its keys at its start, renews them
///    while it runs, and when it is called: [parley.gateway.enrol.Pushed]
@NullMarked
package parley.gateway.enrol;

import org.jspecify.annotations.NullMarked;
