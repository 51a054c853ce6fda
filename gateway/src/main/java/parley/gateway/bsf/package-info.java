/// A bootstrapping server function that runs: the libraries of [parley.keys.gba.bsf] behind two
/// HTTPS ports and an admin server.
///
/// 1. [parley.gateway.bsf.BsfStore] the tables, and the key in the vault that seals them
/// 2. [parley.gateway.bsf.BsfServer] Ub and Zn, their certificates, sweeping
/// 3. `BsfNotes` what was asked and given: counters, and the audit log
/// 4. `BsfAdmin` readiness, meters, views and acts
@NullMarked
package parley.gateway.bsf;

import org.jspecify.annotations.NullMarked;
