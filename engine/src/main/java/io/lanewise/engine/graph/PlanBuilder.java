package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The passes over the ops of a graph that lead to the steps of a {@link Plan}: which run backward,
 * when each array lives, which arrays share a slot.
 *
 * <p>Gradients are handed on rather than copied. A sum sends its own gradient to both sides, and an
 * op that can work in place leaves what it computes where it found its gradient. As one array may
 * then be the gradient of several tensors, each counts those that have not been read yet: an array
 * is only overwritten by the last of them.
 */
final class PlanBuilder {
  /** An array's life, in steps, and the slot it gets. */
  private static final class Life {
    final int size;
    final int start;
    int end;
    int slot = -1;
    int unread;

    Life(int start, int size) {
      this.start = start;
      this.end = start;
      this.size = size;
    }

    void reach(int time) {
      end = Math.max(end, time);
    }
  }

  private final Plan.Settings settings;
  private final Tensor objective;
  private final List<Node> nodes;
  private final int sliceSize;
  private final List<Op> order = new ArrayList<>();
  private final Set<Tensor> active = new HashSet<>();
  private final Map<Tensor, Integer> producers = new HashMap<>();
  private final Map<Tensor, Life> values = new HashMap<>();
  private final Map<Tensor, Life> gradients = new HashMap<>();
  private final Map<Integer, Life> saved = new HashMap<>();
  private final Map<Integer, Life> masked = new HashMap<>();
  private final List<Life> lives = new ArrayList<>();
  private final List<Integer> slotSizes = new ArrayList<>();
  private Life[][] gradInputs;

  PlanBuilder(Graph graph, Plan.Settings settings, List<Op> ops, int sliceSize) {
    this.settings = settings;
    this.objective = graph.objective();
    this.nodes = graph.nodes();
    this.sliceSize = sliceSize;
    if (settings.training()) {
      findActive(ops, settings.gradients());
    }
    Map<Tensor, Integer> readers = countActiveReaders(ops);
    for (Op op : ops) {
      order.add(op);
      if (readers.getOrDefault(op.output(), 0) > 1) {
        order.add(Op.of(new FanOutNode(op.output())));
      }
    }
    for (int i = 0; i < order.size(); i++) {
      producers.put(order.get(i).output(), i);
    }
  }

  /** Active: depends on something learned or wanted, and the objective depends on it. */
  private void findActive(List<Op> ops, Collection<Tensor> wanted) {
    Set<Tensor> learned = new HashSet<>(wanted);
    for (Op op : ops) {
      boolean fromInputs = op.inputs().stream().anyMatch(learned::contains);
      if (fromInputs || !op.node().parameters().isEmpty()) {
        learned.add(op.output());
      }
    }
    Set<Tensor> leading = new HashSet<>();
    leading.add(objective);
    for (int i = ops.size() - 1; i >= 0; i--) {
      Op op = ops.get(i);
      if (leading.contains(op.output())) {
        leading.addAll(op.inputs());
      }
    }
    active.addAll(learned);
    active.retainAll(leading);
  }

  private Map<Tensor, Integer> countActiveReaders(List<Op> ops) {
    Map<Tensor, Integer> readers = new HashMap<>();
    for (Op op : ops) {
      if (active.contains(op.output())) {
        for (Tensor input : op.inputs()) {
          if (active.contains(input)) {
            readers.merge(input, 1, Integer::sum);
          }
        }
      }
    }
    return readers;
  }

  private int backwardTime(int step) {
    return 2 * order.size() - 1 - step;
  }

  List<Plan.Step> build() {
    gradInputs = new Life[order.size()][];
    for (int i = 0; i < order.size(); i++) {
      planValues(i, order.get(i));
    }
    for (int i = order.size() - 1; i >= 0 && settings.training(); i--) {
      if (isFanOut(i)) {
        planFanOut(i);
      } else if (active.contains(order.get(i).output())) {
        planGradients(i, order.get(i));
      }
    }
    assignSlots();
    List<Plan.Step> steps = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      steps.add(step(i, order.get(i)));
    }
    return steps;
  }

  List<Integer> slotSizes() {
    return slotSizes;
  }

  private boolean isFanOut(int i) {
    return order.get(i).node() instanceof FanOutNode;
  }

  private boolean runsBackward(int i) {
    return settings.training() && (isFanOut(i) || active.contains(order.get(i).output()));
  }

  private void planValues(int i, Op op) {
    Node node = op.node();
    boolean backward = runsBackward(i);
    for (int j = 0; j < op.inputs().size(); j++) {
      Life value = values.get(op.inputs().get(j));
      value.reach(i);
      if (backward && j < node.inputs().size() && node.backwardReadsInputs()) {
        value.reach(backwardTime(i));
      }
    }
    if (isFanOut(i)) {
      return;
    }
    Life output = live(i, op.output());
    values.put(op.output(), output);
    if (backward && op.readsOutput()) {
      output.reach(backwardTime(i));
    }
    if (node.savedFloats(sliceSize) > 0) {
      Life kept = live(i, node.savedFloats(sliceSize));
      kept.reach(backward ? backwardTime(i) : i);
      saved.put(i, kept);
    }
  }

  /** Runs in backward order: when an op is reached, whoever reads its output has been. */
  private void planGradients(int i, Op op) {
    int time = backwardTime(i);
    Life incoming = gradients.get(op.output());
    if (incoming == null) {
      incoming = live(time, op.output());
      gradients.put(op.output(), incoming);
    } else {
      incoming.reach(time);
      incoming.unread--;
    }
    boolean owned = settings.fused() && incoming.unread == 0;
    if (op.masksGradient()) {
      incoming = owned ? incoming : live(time, op.output());
      masked.put(i, incoming);
      owned = true;
    }
    gradInputs[i] = new Life[op.inputs().size()];
    for (int j = op.inputs().size() - 1; j >= 0; j--) {
      Tensor input = op.inputs().get(j);
      boolean needed = active.contains(input);
      boolean inPlace = owned && needed && worksInPlace(op, j);
      if (!needed && (j >= op.node().inputs().size() || op.node().skipsUnneededGradients())) {
        continue;
      }
      boolean handedOn = inPlace || passesGradient(op.node());
      gradInputs[i][j] = handedOn ? incoming : live(time, input);
      owned &= !inPlace;
      if (needed) {
        send(gradInputs[i][j], i, input);
      }
    }
  }

  /** A residual's gradient is the masked one; an input's may take its place if there is none. */
  private static boolean worksInPlace(Op op, int input) {
    boolean residual = input >= op.node().inputs().size();
    return residual || (input == 0 && op.node().backwardWorksInPlace());
  }

  private boolean passesGradient(Node node) {
    return settings.fused() && node.isSum();
  }

  /** The gradient is read by the producer of its tensor, or by the fan-out behind that. */
  private void send(Life gradient, int from, Tensor tensor) {
    gradient.unread++;
    int fanOut = fanOutAfter(tensor);
    if (fanOut >= 0 && fanOut != from) {
      gradient.reach(backwardTime(fanOut));
    } else {
      gradients.put(tensor, gradient);
      gradient.reach(backwardTime(producers.get(tensor)));
    }
  }

  /** The sum goes where one of its first two branches is, if nobody else needs that. */
  private void planFanOut(int i) {
    Tensor branched = order.get(i).inputs().get(0);
    List<Life> branches = branches(i);
    branches.forEach(branch -> branch.unread--);
    Life sum = null;
    for (Life branch : branches.subList(0, 2)) {
      boolean once = branches.stream().filter(other -> other == branch).count() == 1;
      if (sum == null && settings.fused() && once && branch.unread == 0) {
        sum = branch;
      }
    }
    if (sum == null) {
      sum = live(backwardTime(i), branched);
    }
    gradInputs[i] = new Life[] {sum};
    send(sum, i, branched);
  }

  private List<Life> branches(int fanOut) {
    Tensor branched = order.get(fanOut).inputs().get(0);
    List<Life> branches = new ArrayList<>();
    for (int i = fanOut + 1; i < order.size(); i++) {
      for (int j = 0; gradInputs[i] != null && j < gradInputs[i].length; j++) {
        if (order.get(i).inputs().get(j) == branched && gradInputs[i][j] != null) {
          branches.add(gradInputs[i][j]);
        }
      }
    }
    return branches;
  }

  /** The step of the fan-out node behind a tensor, or -1. */
  private int fanOutAfter(Tensor tensor) {
    int next = producers.get(tensor) + 1;
    return next < order.size() && isFanOut(next) && order.get(next).inputs().get(0) == tensor
        ? next
        : -1;
  }

  private Life live(int start, Tensor tensor) {
    long size = (long) tensor.size() * sliceSize;
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              "%s: %d samples at once need %d floats, more than the 2^31 - 9 that one array can"
                  + " hold; train on smaller batches",
              tensor, sliceSize, size));
    }
    return live(start, (int) size);
  }

  private Life live(int start, int size) {
    Life life = new Life(start, size);
    lives.add(life);
    return life;
  }

  /** Gives each array, in order of birth, the free slot that fits best. */
  private void assignSlots() {
    List<Integer> freeFrom = new ArrayList<>();
    List<Life> byBirth = new ArrayList<>(lives);
    byBirth.sort(Comparator.comparingInt(life -> life.start));
    for (Life life : byBirth) {
      int best = -1;
      for (int slot = 0; slot < slotSizes.size(); slot++) {
        if (freeFrom.get(slot) <= life.start
            && (best < 0 || fitsBetter(life.size, slotSizes.get(slot), slotSizes.get(best)))) {
          best = slot;
        }
      }
      if (best < 0) {
        best = slotSizes.size();
        slotSizes.add(0);
        freeFrom.add(0);
      }
      slotSizes.set(best, Math.max(slotSizes.get(best), life.size));
      freeFrom.set(best, life.end + 1);
      life.slot = best;
    }
  }

  private static boolean fitsBetter(int need, int candidate, int best) {
    boolean candidateFits = candidate >= need;
    boolean bestFits = best >= need;
    if (candidateFits && bestFits) {
      return candidate < best;
    }
    return candidateFits || (!bestFits && candidate > best);
  }

  private Plan.Step step(int i, Op op) {
    int[] inputSlots = new int[op.inputs().size()];
    int[] gradInputSlots = new int[inputSlots.length];
    for (int j = 0; j < inputSlots.length; j++) {
      inputSlots[j] = values.get(op.inputs().get(j)).slot;
      gradInputSlots[j] = slotOf(gradInputs[i] == null ? null : gradInputs[i][j]);
    }
    boolean fanOut = isFanOut(i);
    Tensor valueOf = fanOut ? op.inputs().get(0) : op.output();
    return new Plan.Step(
        i,
        op,
        runsBackward(i),
        inputSlots,
        values.get(valueOf).slot,
        slotOf(gradients.get(op.output())),
        slotOf(masked.get(i)),
        gradInputSlots,
        passesGradient(op.node()),
        slotOf(saved.get(i)),
        fanOut ? branches(i).stream().mapToInt(life -> life.slot).toArray() : new int[0],
        0x9E3779B97F4A7C15L * (nodes.indexOf(op.node()) + 1));
  }

  private static int slotOf(Life life) {
    return life == null ? -1 : life.slot;
  }
}
