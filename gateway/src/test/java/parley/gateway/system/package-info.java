/// The gateway as a process of its own: killed, started wrongly, started again.
@NullMarked
package parley.gateway.system;

import org.jspecify.annotations.NullMarked;
