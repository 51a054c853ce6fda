/// The promises of lists and managers.
@NullMarked
package parley.keys.manager;

import org.jspecify.annotations.NullMarked;
