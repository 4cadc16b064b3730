package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link NarrowLanes} on vectors of 512 bits. */
final class SimdNarrowLanes implements NarrowLanes {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;

  @Override
  public boolean areWide() {
    return SimdSpecies.FLOAT.length() == CHANNELS;
  }

  @Override
  public void sumOverTiles(int tiles, float[] v, int vAt, float[] p, int pAt, float[] q, int qAt) {
    FloatVector q0 = zero(F);
    FloatVector q1 = zero(F);
    FloatVector q2 = zero(F);
    FloatVector q3 = zero(F);
    FloatVector q4 = zero(F);
    FloatVector q5 = zero(F);
    FloatVector q6 = zero(F);
    FloatVector q7 = zero(F);
    FloatVector q8 = zero(F);
    FloatVector q9 = zero(F);
    FloatVector q10 = zero(F);
    FloatVector q11 = zero(F);
    FloatVector q12 = zero(F);
    FloatVector q13 = zero(F);
    FloatVector q14 = zero(F);
    FloatVector q15 = zero(F);
    for (int tile = 0; tile < tiles; tile++) {
      int at = vAt + tile * CHANNELS;
      FloatVector row = fromArray(F, p, pAt + tile * CHANNELS);
      q0 = broadcast(F, v[at]).fma(row, q0);
      q1 = broadcast(F, v[at + 1]).fma(row, q1);
      q2 = broadcast(F, v[at + 2]).fma(row, q2);
      q3 = broadcast(F, v[at + 3]).fma(row, q3);
      q4 = broadcast(F, v[at + 4]).fma(row, q4);
      q5 = broadcast(F, v[at + 5]).fma(row, q5);
      q6 = broadcast(F, v[at + 6]).fma(row, q6);
      q7 = broadcast(F, v[at + 7]).fma(row, q7);
      q8 = broadcast(F, v[at + 8]).fma(row, q8);
      q9 = broadcast(F, v[at + 9]).fma(row, q9);
      q10 = broadcast(F, v[at + 10]).fma(row, q10);
      q11 = broadcast(F, v[at + 11]).fma(row, q11);
      q12 = broadcast(F, v[at + 12]).fma(row, q12);
      q13 = broadcast(F, v[at + 13]).fma(row, q13);
      q14 = broadcast(F, v[at + 14]).fma(row, q14);
      q15 = broadcast(F, v[at + 15]).fma(row, q15);
    }
    q0.intoArray(q, qAt);
    q1.intoArray(q, qAt + 1 * CHANNELS);
    q2.intoArray(q, qAt + 2 * CHANNELS);
    q3.intoArray(q, qAt + 3 * CHANNELS);
    q4.intoArray(q, qAt + 4 * CHANNELS);
    q5.intoArray(q, qAt + 5 * CHANNELS);
    q6.intoArray(q, qAt + 6 * CHANNELS);
    q7.intoArray(q, qAt + 7 * CHANNELS);
    q8.intoArray(q, qAt + 8 * CHANNELS);
    q9.intoArray(q, qAt + 9 * CHANNELS);
    q10.intoArray(q, qAt + 10 * CHANNELS);
    q11.intoArray(q, qAt + 11 * CHANNELS);
    q12.intoArray(q, qAt + 12 * CHANNELS);
    q13.intoArray(q, qAt + 13 * CHANNELS);
    q14.intoArray(q, qAt + 14 * CHANNELS);
    q15.intoArray(q, qAt + 15 * CHANNELS);
  }
}
