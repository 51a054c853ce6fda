/// What the configuration says of a KMS, turned into [parley.keys.enrol.KeyEnrolment].
///
/// 1. [parley.gateway.enrol.KmsClient] files of TLS and of the ticket
/// 2. [parley.gateway.enrol.SelfEnrolment] a server that fetches its keys at its start and renews
///    them while it runs
@NullMarked
package parley.gateway.enrol;

import org.jspecify.annotations.NullMarked;
