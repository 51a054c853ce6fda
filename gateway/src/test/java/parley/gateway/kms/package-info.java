@NullMarked
package parley.gateway.kms;

import org.jspecify.annotations.NullMarked;
