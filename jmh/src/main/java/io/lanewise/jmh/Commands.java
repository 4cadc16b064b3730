package io.lanewise.jmh;

import io.lanewise.jmh.suite.Group;
import io.lanewise.jmh.suite.LaunchOptions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** How all commands of the benchmarks are run, and how they say what is wrong. */
public final class Commands {
  /** What stands before the exit codes in a help text. */
  public static final String EXIT_CODES = "%nExit codes:%n";

  /** The first of them. */
  public static final String DONE = "0:done";

  /** Where nothing is judged. */
  public static final String NOT_DONE =
      "1:it could not be done, or a benchmark failed; the message says why";

  /** Where nothing is judged. */
  public static final String NOT_READ =
      "2:the command line could not be read, or JAVA_HOME holds no JDK";

  /** Where something is judged. */
  public static final String REGRESSION = "1:a regression is confirmed, and nothing else";

  /** Where 1 would be a regression. */
  public static final String NO_VERDICT =
      "2:something could not be done, measured or judged; the message says why";

  private Commands() {}

  /**
   * Runs a command: what the user can mend is one line, anything else a stack trace.
   *
   * @param name of the script, for messages
   * @param failure the exit status of what could not be done; wrong usage is always 2
   * @return the exit status
   */
  public static int run(String name, Callable<Integer> command, int failure, String... args) {
    CommandLine commandLine = new CommandLine(command);
    commandLine.setCommandName(name);
    commandLine.registerConverter(Group.class, Commands::group);
    // Else an error of ours would be status 1, which is a regression where failures are 2.
    commandLine.getCommandSpec().exitCodeOnExecutionException(failure);
    commandLine.setParameterExceptionHandler(
        (error, given) -> {
          commandLine.getErr().println(name + ": " + explain(error));
          commandLine.getErr().println("see " + name + " --help");
          return 2;
        });
    commandLine.setExecutionExceptionHandler(
        (error, parsed, given) -> {
          if (!isForUsers(error)) {
            throw error;
          }
          commandLine.getErr().println(name + ": " + text(error));
          return failure;
        });
    try {
      // Here and now, as the forks would only fail later, or say what nobody reads.
      LaunchOptions.checkSettings();
      return commandLine.execute(args);
    } catch (IllegalArgumentException e) {
      commandLine.getErr().println(name + ": " + e.getMessage());
      return failure;
    } catch (ExceptionInInitializerError | OutOfMemoryError e) {
      boolean own =
          e.getCause() instanceof IllegalArgumentException
              || e.getCause() instanceof IllegalStateException;
      commandLine.getErr().println(name + ": " + (own ? e.getCause().getMessage() : e));
      return failure;
    }
  }

  /** A number that is none, as all other messages say it; the rest as it is. */
  private static String explain(ParameterException error) {
    ArgSpec spec = error.getArgSpec();
    if (!(error.getCause() instanceof TypeConversionException) || error.getValue() == null) {
      return error.getMessage();
    }
    Class<?> kind = spec.auxiliaryTypes()[0];
    boolean fraction = kind == double.class;
    if (!fraction && kind != int.class && kind != Integer.class) {
      return error.getMessage();
    }
    String name = spec.isOption() ? ((OptionSpec) spec).longestName() : spec.paramLabel();
    return name + " is " + error.getValue() + ", needs a " + (fraction ? "number" : "whole number");
  }

  private static Group group(String text) {
    for (Group group : Group.values()) {
      if (group.toString().equalsIgnoreCase(text)) {
        return group;
      }
    }
    throw new TypeConversionException(
        "found '"
            + text
            + "', needs "
            + Arrays.stream(Group.values())
                .map(Group::toString)
                .collect(Collectors.joining(" or ")));
  }

  /**
   * Refuses options that were given where they mean nothing.
   *
   * @param where why they do not, such as "two results files are only compared"
   */
  public static void refuse(CommandSpec spec, String where, String... options) {
    List<String> given =
        Arrays.stream(options)
            .filter(option -> spec.commandLine().getParseResult().hasMatchedOption(option))
            .toList();
    if (!given.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), where + ": no " + String.join(" or ", given));
    }
  }

  private static boolean isForUsers(Exception error) {
    return error instanceof IllegalArgumentException
        || error instanceof IOException
        || error instanceof RunnerException;
  }

  /** The message; errors of file systems have only a path for one. */
  private static String text(Exception error) {
    if (error instanceof NoSuchFileException) {
      return error.getMessage() + ": no such file";
    }
    if (error instanceof FileAlreadyExistsException) {
      return error.getMessage() + ": is a file, needs a folder";
    }
    if (error instanceof AccessDeniedException) {
      return error.getMessage() + ": access denied";
    }
    if (error instanceof FileSystemException system && system.getReason() == null) {
      return system.getMessage() + ": " + error.getClass().getSimpleName();
    }
    return error.getMessage();
  }
}
