package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a net node by node. */
@Command(
    name = "summary",
    description = "Prints each node of a net with its output shape, parameters and FLOPs.")
final class SummaryCommand implements Callable<Integer> {
  private static final String ROW = "%-12s %-34s %-12s %12s %14s%n";
  private static final String DEFAULT_MODEL = "convnetjs-cifar10";

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL|RUN",
      description = "the net, or the folder of a run (default: " + DEFAULT_MODEL + ")")
  private String model;

  @Option(names = "--model", paramLabel = "MODEL", description = "another way to name the net")
  private String modelOption;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "samples that shape texts and FLOPs are for (default: ${DEFAULT-VALUE})")
  private int batch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    int n = DataOptions.atLeastOne("--batch", batch);
    Network net = network(model());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(ROW, "node", "shape text", "output", "parameters", "FLOPs forward");
    long flops = 0;
    for (Node node : net.graph().nodes()) {
      long parameters = node.parameters().stream().mapToLong(Parameter::size).sum();
      flops += node.flops(n);
      out.printf(
          ROW,
          node.name(),
          node.shapeText(n),
          node.output().shape(),
          number(parameters),
          number(node.flops(n)));
    }
    out.printf(ROW, "total", "", "", number(net.graph().parameterCount()), number(flops));
    out.flush();
    return 0;
  }

  private static Network network(String name) throws IOException {
    return !Models.names().contains(name) && Files.exists(Path.of(name))
        ? Checkpoint.load(RunFolder.modelFile(Path.of(name))).network()
        : Models.build(name, Shape.of(32, 32, 3), 10, 0);
  }

  private String model() {
    if (model != null && modelOption != null && !model.equals(modelOption)) {
      throw new IllegalArgumentException(
          "found two nets, " + model + " and " + modelOption + "; needs one");
    }
    return model != null ? model : modelOption != null ? modelOption : DEFAULT_MODEL;
  }

  private static String number(long value) {
    return value == 0 ? "-" : String.format(Locale.ROOT, "%,d", value);
  }
}
