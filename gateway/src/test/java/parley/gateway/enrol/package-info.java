/// Tests of members that come by their keys over a network.
@NullMarked
package parley.gateway.enrol;

import org.jspecify.annotations.NullMarked;
