/// The bootstrapping server function: a SIM proves itself, and servers learn a key of their own.
///
/// 1. [parley.keys.gba.bsf.BsfSettings] its name and how long a bootstrap is good
/// 2. [parley.keys.gba.bsf.BsfSite] Ub: HTTP Digest AKA inside TLS
/// 3. [parley.keys.gba.bsf.SessionTable] Ks under its B-TID, sealed, until its lifetime ends
/// 4. [parley.keys.gba.bsf.Bsf] bootstraps, derives Ks_NAF, pushes
/// 5. [parley.keys.gba.bsf.ZnSite] Zn and Zpn: gives each NAF the keys of its own name
/// 6. [parley.keys.gba.bsf.BsfAudit] notes it before the answer leaves, a
///    [parley.keys.gba.bsf.BsfEvent] each
///
/// [parley.keys.gba.bsf.MasterProof] says whether a vault and a database belong together.
@NullMarked
package parley.keys.gba.bsf;

import org.jspecify.annotations.NullMarked;
