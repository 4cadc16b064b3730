package io.lanewise.engine.cli;

import io.lanewise.engine.train.DivergedException;
import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.settings.Nearest;
import io.lanewise.kernels.settings.Setting;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line; each subcommand is a class of its own. */
@Command(
    name = "lanewise",
    description = "Trains convolutional nets on images and uses them, in pure Java.",
    subcommands = {
      TrainCommand.class,
      CheckCommand.class,
      EvalCommand.class,
      PredictCommand.class,
      SummaryCommand.class,
      TimeCommand.class,
      ProfileCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    version = "lanewise 0.1.0",
    scope = ScopeType.INHERIT,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:it could not be done; the message says why",
      "2:the command line could not be read"
    })
public final class Lanewise {
  /** Warnings in one line, as Java writes its own. */
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  private Lanewise() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%4$s: %5$s%n");
    }
    System.exit(run(args));
  }

  /** Runs a command and returns its exit code. */
  static int run(String... args) {
    CommandLine commandLine = new CommandLine(new Lanewise());
    commandLine.setParameterExceptionHandler(
        (error, given) -> {
          CommandLine command = error.getCommandLine();
          command.getErr().println("lanewise: " + explain(error));
          command.getErr().println("see " + command.getCommandSpec().qualifiedName() + " --help");
          return 2;
        });
    commandLine.setOverwrittenOptionsAllowed(true);
    commandLine.setAbbreviatedOptionsAllowed(false);
    commandLine.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          command.getErr().println("lanewise: " + explain(error));
          return 1;
        });
    if (args.length == 0) {
      commandLine.usage(commandLine.getErr());
      return 2;
    }
    try {
      Setting.checkAll();
      LanesProvider.description();
      return commandLine.execute(args);
    } catch (IllegalArgumentException e) {
      commandLine.getErr().println("lanewise: " + e.getMessage());
      return 1;
    } catch (ExceptionInInitializerError e) {
      commandLine.getErr().println("lanewise: " + e.getCause().getMessage());
      return 1;
    } catch (OutOfMemoryError e) {
      commandLine
          .getErr()
          .println(
              "lanewise: out of memory; use a smaller --batch, or give Java more with"
                  + " LANEWISE_JAVA_OPTS=-Xmx8g");
      return 1;
    }
  }

  /** What cannot be read, and what may have been meant. */
  private static String explain(ParameterException error) {
    CommandLine command = error.getCommandLine();
    if (error instanceof UnmatchedArgumentException) {
      String first = ((UnmatchedArgumentException) error).getUnmatched().get(0);
      if (first.startsWith("-")) {
        Set<String> options = command.getCommandSpec().optionsMap().keySet();
        String near = Nearest.to(first, options).map(o -> "; did you mean " + o + "?").orElse("");
        return "unknown option " + first + near;
      }
      if (command.getParent() == null) {
        return Nearest.unknown("command", first, command.getSubcommands().keySet());
      }
    }
    if (error.getCause() instanceof TypeConversionException && error.getValue() != null) {
      return found(error.getArgSpec(), error.getValue());
    }
    return error.getMessage();
  }

  /** A value of the wrong kind, as all other messages say it. */
  private static String found(ArgSpec spec, String value) {
    String name = spec.isOption() ? ((OptionSpec) spec).longestName() : spec.paramLabel();
    Class<?> kind = spec.auxiliaryTypes()[0];
    boolean fraction = kind == double.class || kind == Double.class;
    return name + " is " + value + ", needs a " + (fraction ? "number" : "whole number");
  }

  /** What went wrong, in one line for a person; programming errors keep their stack trace. */
  private static String explain(Exception error) throws Exception {
    if (error instanceof FileSystemException && ((FileSystemException) error).getReason() == null) {
      String file = ((FileSystemException) error).getFile();
      if (error instanceof AccessDeniedException) {
        return file + ": no permission";
      }
      if (error instanceof FileAlreadyExistsException) {
        return file + ": a file is in the way";
      }
      if (error instanceof NoSuchFileException) {
        return file.contains(" ") ? file : file + ": no such file or folder";
      }
    }
    if (error instanceof DivergedException) {
      return error.getMessage() + ", in a new run: --resume keeps the rate";
    }
    if (error instanceof IOException || error instanceof IllegalArgumentException) {
      return error.getMessage();
    }
    throw error;
  }
}
