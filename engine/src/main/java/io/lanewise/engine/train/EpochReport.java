package io.lanewise.engine.train;

/**
 * What an epoch came to.
 *
 * @param epoch the epoch, from 1
 * @param step steps done since the start
 * @param seconds time since the start, evaluation included
 * @param learningRate rate of the epoch's last step
 * @param trainLoss mean loss over the epoch's training batches, without regularisation, each before
 *     its step
 * @param trainAccuracy accuracy over the same batches, 0 to 1
 * @param testLoss mean loss over the test set after the epoch
 * @param testAccuracy accuracy over the test set after the epoch, 0 to 1
 * @param imagesPerSecond training images a second, evaluation left out
 */
public record EpochReport(
    int epoch,
    long step,
    double seconds,
    double learningRate,
    double trainLoss,
    double trainAccuracy,
    double testLoss,
    double testAccuracy,
    double imagesPerSecond) {}
