/// Native libraries that modules have beside their classes: how the build makes them is
/// `build-native.sh`, how they are found is [parley.kernel.Kernels].
@NullMarked
package parley.kernel;

import org.jspecify.annotations.NullMarked;
