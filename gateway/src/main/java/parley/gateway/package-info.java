/// parley gateway.
@NullMarked
package parley.gateway;

import org.jspecify.annotations.NullMarked;
