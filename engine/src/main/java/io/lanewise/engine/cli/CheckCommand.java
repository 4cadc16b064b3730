package io.lanewise.engine.cli;

import io.lanewise.engine.data.DataFormat;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.recipe.Recipe;
import io.lanewise.engine.train.SanityChecks;
import io.lanewise.engine.train.SanityChecks.Gradients;
import io.lanewise.engine.train.SanityChecks.Overfit;
import io.lanewise.engine.train.SanityChecks.RateRange;
import io.lanewise.engine.train.SanityChecks.Rectifier;
import io.lanewise.engine.train.SanityChecks.State;
import io.lanewise.engine.train.SanityChecks.Update;
import io.lanewise.engine.train.TrainConfig;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a net and its settings before a long run. */
@Command(
    name = "check",
    description = {
      "Checks a net and its settings before a long run: the first loss, whether it learns a few"
          + " images by heart, its gradients, the size of its updates, its dead rectifiers, and"
          + " which learning rates it takes.",
      "Takes the options of train that choose net, data, optimiser and seed, or a recipe. The exit"
          + " code is 1 if the first loss, the learning by heart or the gradients are not as they"
          + " should be."
    })
final class CheckCommand implements Callable<Integer> {
  private static final int IMAGES = 512;
  private static final int GRADIENT_IMAGES = 2;
  private static final int WEIGHTS = 5;
  private static final double GRADIENT_TOLERANCE = 1e-2;
  private static final int FEW_IMAGES = 16;
  private static final double LEARNED_LOSS = 0.1;
  private static final int MOST_STEPS = 1000;
  private static final double FIRST_LOSS_TOLERANCE = 0.25;
  private static final int STEPS_A_DECADE = 25;
  private static final int DECADES = 6;
  private static final int DECADES_BELOW = 4;

  @Mixin private DataOptions data;
  @Mixin private TrainOptions options;
  @Mixin private RecipeOption recipe;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "steps of training before updates and rectifiers are looked at (default:"
              + " ${DEFAULT-VALUE})")
  private int steps;

  @Mixin private ThreadOption threads;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      defaultValue = "learning-rates.svg",
      description = "where to draw the learning-rate range test (default: ${DEFAULT-VALUE})")
  private Path plot;

  @Spec private CommandSpec spec;

  private PrintWriter out;
  private boolean allGood = true;

  @Override
  public Integer call() throws IOException {
    DataOptions.atLeastOne("--steps", steps);
    DataFormat format = data.format();
    TrainPlan plan =
        recipe
            .plan(spec, null, options.seed())
            .orElseGet(() -> options.settings(1, format, PracticeSettings.NONE));
    Dataset train = data.train();
    TrainConfig config = plan.prepare(train, format).config();
    out = spec.commandLine().getOut();
    try (Parallel parallel = threads.parallel()) {
      SanityChecks checks =
          new SanityChecks(() -> start(plan.prepare(train, format)), train, config, parallel);
      if (checks.rate() == 0) {
        throw new IllegalArgumentException("--lr is 0, needs to be above 0 to check learning");
      }
      firstLoss(checks.firstLoss(IMAGES), train.classNames().size());
      begin("gradients: ");
      gradients(checks.gradients(GRADIENT_IMAGES, WEIGHTS, GRADIENT_TOLERANCE));
      begin("%d images by heart: ", FEW_IMAGES);
      overfit(checks.overfit(FEW_IMAGES, LEARNED_LOSS, MOST_STEPS));
      begin("after %d steps of training, ", steps);
      state(checks.after(steps, IMAGES));
      begin("learning rates, a step at each, with the smoothed loss:%n");
      double least = checks.rate() * Math.pow(10, -DECADES_BELOW);
      String title =
          String.format("%s, %s, batch %d", plan.name(), plan.optimizerText(), config.batch());
      rates(
          title, checks.rateRange(least, least * Math.pow(10, DECADES), DECADES * STEPS_A_DECADE));
    }
    out.println(allGood ? "all checks passed" : "not all checks passed");
    out.flush();
    return allGood ? 0 : 1;
  }

  private static SanityChecks.Start start(Recipe.Setup setup) {
    return new SanityChecks.Start(setup.network(), setup.optimizer());
  }

  /** Says what is being done, since it may take minutes. */
  private void begin(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
    out.flush();
  }

  private void say(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }

  private String verdict(boolean good, String otherwise) {
    allGood &= good;
    return good ? "good" : "NOT GOOD, " + otherwise;
  }

  private void firstLoss(double loss, int classes) {
    double guessing = Math.log(classes);
    say(
        "first loss %.3f, guessing among %d classes has %.3f: %s",
        loss,
        classes,
        guessing,
        verdict(
            Math.abs(loss - guessing) <= FIRST_LOSS_TOLERANCE * guessing,
            "the first weights are too large"));
  }

  private void gradients(Gradients found) {
    say(
        "%d of %d weights agree with differences, %d more are at kinks%s: %s",
        found.agreeing(),
        found.compared(),
        found.kinks(),
        found.agreeing() < found.compared() && found.wrong().isEmpty()
            ? ", and the others' parameters agree as a whole"
            : "",
        verdict(
            found.wrong().isEmpty() && found.agreeing() > 0,
            "look at the backward of " + String.join(", ", found.wrong())));
  }

  private void overfit(Overfit found) {
    say(
        "loss %.3f after %d steps: %s",
        found.loss(),
        found.steps(),
        verdict(
            found.loss() <= LEARNED_LOSS,
            "needs " + LEARNED_LOSS + "; the net, its gradients or the learning rate"));
  }

  private void state(State state) {
    say("loss %.3f:", state.loss());
    say("  last update beside size (about 1e-3 is usual; a bias may still be near zero)");
    for (Update update : state.updates()) {
      say("    %-24s %.1e", update.parameter(), update.ratio());
    }
    if (state.rectifiers().isEmpty()) {
      return;
    }
    say("  rectifiers: units that are zero for all of the first %d images, share of zeros", IMAGES);
    for (Rectifier each : state.rectifiers()) {
      say(
          "    %-24s %d of %d dead, %.0f %% zeros",
          each.node(), each.dead(), each.units(), 100 * each.zeros());
    }
  }

  private void rates(String title, RateRange range) throws IOException {
    for (int i = 0; i < range.rates().length; i += STEPS_A_DECADE / 2) {
      say("    %.1e  %.3f", range.rates()[i], range.losses()[i]);
    }
    Files.writeString(plot, RateChart.svg(title, range));
    say("  steepest at %.1e; drawn in %s", range.steepest(), plot);
  }
}
