@NullMarked
package parley.keys.audit;

import org.jspecify.annotations.NullMarked;
