/// Tests of the list of subscribers: no SQN twice, nothing told to strangers.
@NullMarked
package parley.keys.gba.hss;

import org.jspecify.annotations.NullMarked;
