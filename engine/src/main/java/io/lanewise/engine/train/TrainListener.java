package io.lanewise.engine.train;

import java.io.IOException;

/** Hears how training goes. */
public interface TrainListener {
  /**
   * After each step.
   *
   * @param epoch the epoch, from 1
   * @param batch the batch in the epoch, from 1
   * @param batches batches in the epoch
   * @param soFar loss and accuracy of the epoch's training batches
   * @param imagesPerSecond training images a second in this epoch
   * @throws IOException if the listener cannot write what it keeps; training stops
   */
  default void onStep(int epoch, int batch, int batches, Metrics soFar, double imagesPerSecond)
      throws IOException {}

  /**
   * After each epoch and its evaluation.
   *
   * @throws IOException if the listener cannot write what it keeps; training stops
   */
  default void onEpoch(EpochReport report) throws IOException {}
}
