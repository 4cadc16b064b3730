package io.lanewise.kernels.lanes;

import io.lanewise.kernels.settings.Setting;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Picks, once for the whole process, whether kernels run on SIMD lanes or on their scalar twins.
 *
 * <p>SIMD needs the module {@code jdk.incubator.vector}; without it the scalar twins run and one
 * warning says how to get the fast path. The system property {@code lanewise.lanes} decides
 * otherwise: {@code simd} (refuse to run without), {@code scalar}, or a vector width in bits,
 * {@code 128}, {@code 256}, {@code 512}.
 */
public final class LanesProvider {
  private static final String MODULE = "jdk.incubator.vector";
  private static final boolean SIMD = pick();

  private LanesProvider() {}

  private static boolean pick() {
    System.Logger log = System.getLogger("io.lanewise");
    Setting.unknown(System.getProperties())
        .forEach(warning -> log.log(System.Logger.Level.WARNING, warning));
    String wanted = Setting.LANES.value();
    boolean present = vectorModuleIsReadable();
    switch (wanted) {
      case "scalar":
        return false;
      case "auto":
        if (!present) {
          log.log(
              System.Logger.Level.WARNING,
              "running on scalar lanes, many times slower: this JVM was started without "
                  + MODULE
                  + "; start java with --add-modules "
                  + MODULE
                  + " for SIMD lanes, or with -D"
                  + Setting.LANES
                  + "=scalar to silence this warning");
        }
        return present;
      default:
        if (!present) {
          throw new IllegalStateException(
              Setting.LANES
                  + "="
                  + wanted
                  + " needs the module "
                  + MODULE
                  + "; start java with --add-modules "
                  + MODULE);
        }
        return true;
    }
  }

  private static boolean vectorModuleIsReadable() {
    Optional<Module> vector = ModuleLayer.boot().findModule(MODULE);
    return vector.isPresent() && LanesProvider.class.getModule().canRead(vector.get());
  }

  /** Makes the SIMD or the scalar twin; the other's class is never loaded. */
  public static <T> T choose(Supplier<? extends T> simd, Supplier<? extends T> scalar) {
    return SIMD ? simd.get() : scalar.get();
  }

  /** What was picked, for reports: {@code simd512}, {@code simd256}, {@code simd128}, scalar. */
  public static String description() {
    return choose(() -> "simd" + SimdSpecies.FLOAT.vectorBitSize(), () -> "scalar");
  }

  /** The wanted vector width in bits, or 0 for the machine's own. */
  static int wantedBits() {
    String wanted = Setting.LANES.value();
    return wanted.matches("[0-9]+") ? Integer.parseInt(wanted) : 0;
  }
}
