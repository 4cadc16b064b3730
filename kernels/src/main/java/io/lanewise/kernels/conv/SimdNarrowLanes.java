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
  public void multiply(int tiles, float[] v, int vAt, float[] u, int uAt, float[] m, int mAt) {
    for (int tile = 0; tile < tiles; tile += TILES) {
      int at = vAt + tile * CHANNELS;
      FloatVector m0 = zero(F);
      FloatVector m1 = zero(F);
      FloatVector m2 = zero(F);
      FloatVector m3 = zero(F);
      FloatVector m4 = zero(F);
      FloatVector m5 = zero(F);
      FloatVector m6 = zero(F);
      FloatVector m7 = zero(F);
      FloatVector m8 = zero(F);
      FloatVector m9 = zero(F);
      FloatVector m10 = zero(F);
      FloatVector m11 = zero(F);
      for (int k = 0; k < CHANNELS; k++) {
        FloatVector row = fromArray(F, u, uAt + k * CHANNELS);
        m0 = broadcast(F, v[at + k]).fma(row, m0);
        m1 = broadcast(F, v[at + 1 * CHANNELS + k]).fma(row, m1);
        m2 = broadcast(F, v[at + 2 * CHANNELS + k]).fma(row, m2);
        m3 = broadcast(F, v[at + 3 * CHANNELS + k]).fma(row, m3);
        m4 = broadcast(F, v[at + 4 * CHANNELS + k]).fma(row, m4);
        m5 = broadcast(F, v[at + 5 * CHANNELS + k]).fma(row, m5);
        m6 = broadcast(F, v[at + 6 * CHANNELS + k]).fma(row, m6);
        m7 = broadcast(F, v[at + 7 * CHANNELS + k]).fma(row, m7);
        m8 = broadcast(F, v[at + 8 * CHANNELS + k]).fma(row, m8);
        m9 = broadcast(F, v[at + 9 * CHANNELS + k]).fma(row, m9);
        m10 = broadcast(F, v[at + 10 * CHANNELS + k]).fma(row, m10);
        m11 = broadcast(F, v[at + 11 * CHANNELS + k]).fma(row, m11);
      }
      int to = mAt + tile * CHANNELS;
      m0.intoArray(m, to);
      m1.intoArray(m, to + 1 * CHANNELS);
      m2.intoArray(m, to + 2 * CHANNELS);
      m3.intoArray(m, to + 3 * CHANNELS);
      m4.intoArray(m, to + 4 * CHANNELS);
      m5.intoArray(m, to + 5 * CHANNELS);
      m6.intoArray(m, to + 6 * CHANNELS);
      m7.intoArray(m, to + 7 * CHANNELS);
      m8.intoArray(m, to + 8 * CHANNELS);
      m9.intoArray(m, to + 9 * CHANNELS);
      m10.intoArray(m, to + 10 * CHANNELS);
      m11.intoArray(m, to + 11 * CHANNELS);
    }
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
