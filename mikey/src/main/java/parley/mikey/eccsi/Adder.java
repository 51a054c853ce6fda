package parley.mikey.eccsi;

import java.util.Arrays;
import java.util.List;
import parley.mikey.MikeyKernel;

/// Who adds points, and so in which form tables have them: limbs of [FieldP], or the kernel's
/// words.
enum Adder {
  JAVA(-1),

  /// In plain C.
  KERNEL(0),

  /// With MULX, ADCX and ADOX.
  KERNEL_WITH_ADX(1);

  static final Adder BEST = here().getLast();

  /// As `parley_field_tier` counts.
  final int tier;

  Adder(int tier) {
    this.tier = tier;
  }

  /// Those that this process can have, the fastest last.
  static List<Adder> here() {
    int highest = MikeyKernel.MISSING == null ? MikeyKernel.TIER : JAVA.tier;
    return Arrays.stream(values()).filter(adder -> adder.tier <= highest).toList();
  }
}
