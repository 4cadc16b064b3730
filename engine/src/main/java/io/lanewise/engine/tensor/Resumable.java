package io.lanewise.engine.tensor;

import java.util.Map;

/**
 * What training keeps besides the net, an optimiser's state or an average of parameters: arrays and
 * a count of steps. A checkpoint saves both; with both restored, the next step has the same bits as
 * if the run had never stopped.
 */
public interface Resumable {
  /** The live arrays by name, for a checkpoint to read or to overwrite; never another size. */
  Map<String, float[]> state();

  /** Steps done. */
  long steps();

  /** Sets the count of steps done, on resume. */
  void steps(long done);
}
