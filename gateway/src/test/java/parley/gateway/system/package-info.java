/// The system as its operator has it: [SystemIT] runs every part with the others in a [Town],
/// [GatewayKillIT] kills a [GatewayProcess] in a burst and behind a receipt, [BadStartIT] and
/// [BadStartTest] start one wrongly.
@NullMarked
package parley.gateway.system;

import org.jspecify.annotations.NullMarked;
