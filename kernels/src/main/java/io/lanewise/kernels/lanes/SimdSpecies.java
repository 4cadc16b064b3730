package io.lanewise.kernels.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species of this process. Only {@code Simd...} classes use it, each through a static
 * final field of its own, so that the compiler sees a constant.
 *
 * <p>Constants of a loop are made from it, by {@code broadcast(F, 2)}, never by an operand that is
 * no vector, such as in {@code x.mul(2)} or {@code x.compare(LE, 0)}: those ask the vector x for
 * its species, and C2 on JDK 17 has lost sight of that in large methods. It then makes objects of
 * vectors, which took 50 times as long.
 */
public final class SimdSpecies {
  /** Float lanes: the machine's preferred width, or the one {@code lanewise.lanes} asks for. */
  public static final VectorSpecies<Float> FLOAT = pick(LanesProvider.wantedBits());

  /** As many int lanes. */
  public static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, FLOAT.vectorShape());

  private SimdSpecies() {}

  private static VectorSpecies<Float> pick(int bits) {
    VectorSpecies<Float> widest = FloatVector.SPECIES_PREFERRED;
    if (bits > widest.vectorBitSize()) {
      throw new IllegalStateException(
          "lanewise.lanes=" + bits + ": this machine has " + widest.vectorBitSize() + "-bit lanes");
    }
    return switch (bits) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      default -> widest;
    };
  }
}
