/// Long tests with a length that the caller chooses, run by `./build -Pcampaign`: [KillCampaign]
/// kills a gateway again and again and holds it to what it had promised, [SoakCampaign] lets one
/// live with churn on a bad wire and accounts for every packet.
///
/// The ordinary build runs a short [KillRoundsIT] and [SoakIT] of the same harness. Parameters are
/// system properties, see [Terms]; reports appear in `target/campaign`.
@NullMarked
package parley.gateway.campaign;

import org.jspecify.annotations.NullMarked;
