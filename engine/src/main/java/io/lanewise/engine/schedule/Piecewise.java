package io.lanewise.engine.schedule;

/** {@link Schedule#piecewise}. */
final class Piecewise implements Schedule {
  private final double[] positions;
  private final double[] rates;

  Piecewise(double[] positions, double[] rates) {
    if (positions.length == 0 || positions.length != rates.length) {
      throw new IllegalArgumentException(
          String.format(
              "schedule: found %d positions and %d rates, needs one of each a point",
              positions.length, rates.length));
    }
    for (int i = 0; i < positions.length; i++) {
      double before = i == 0 ? 0 : positions[i - 1];
      if (!(positions[i] >= before && positions[i] <= 1)) {
        throw new IllegalArgumentException(
            "schedule: position " + positions[i] + " must be from " + before + " to 1");
      }
    }
    this.positions = positions.clone();
    this.rates = rates.clone();
  }

  @Override
  public double rate(long step, long steps) {
    int next = 0;
    while (next < positions.length && Schedule.wholeStep(positions[next], steps) <= step) {
      next++;
    }
    if (next == 0) {
      return rates[0];
    }
    if (next == positions.length) {
      return rates[next - 1];
    }
    double from = Schedule.wholeStep(positions[next - 1], steps);
    double to = Schedule.wholeStep(positions[next], steps);
    double share = (step - from) / (to - from);
    return rates[next - 1] + share * (rates[next] - rates[next - 1]);
  }
}
