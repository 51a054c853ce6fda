/// How a member comes by its keys over a network, and keeps having some.
///
/// 1. [parley.keys.enrol.Introduction] how a device without transport keys makes itself known: an
///    enrolment ticket, a client certificate, its SIM, or a key that a push has brought
/// 2. [parley.keys.enrol.KeyEnrolment] ask, verify, store the transport keys, install the keys
/// 3. [parley.keys.enrol.Enrolled] what came, and what a member does with it; `ReceiptPost` brings
///    the receipts of GMKs that came along to their managers, [parley.keys.enrol.ReceiptOutcome]
/// 4. [parley.keys.enrol.KeyRenewal] the same again before a key period ends, as
///    [parley.keys.enrol.RenewalPlan] says when; [parley.keys.enrol.RenewalState] how that goes
/// 5. [parley.keys.enrol.NotEnrolled] one sentence on why not
@NullMarked
package parley.keys.enrol;

import org.jspecify.annotations.NullMarked;
