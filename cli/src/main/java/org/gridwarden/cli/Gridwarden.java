package org.gridwarden.cli;

import java.io.PrintWriter;
import java.time.Duration;
import org.gridwarden.bench.BenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The root command. What a command prints for a program to read goes to standard output, all else
 * to standard error; an error is one line that names the place and the remedy.
 *
 * <p>Commands are loaded with this class, so none of them may have a field, a superclass or an
 * interface of a heavy room (server, store): they take those up in a class of their own, when run.
 */
@Command(
    name = "gridwarden",
    description = {
      "An open Advanced Metering Infrastructure: reads, keeps and shows what meters send.",
      ""
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All went well.",
      "1:It failed; one line on standard error says why and what to do.",
      "2:The command line or the input given was wrong."
    })
public final class Gridwarden implements Runnable {
  /** It went well. */
  static final int OK = 0;

  /** It failed. */
  static final int FAILED = 1;

  /** The command line or the input was wrong. */
  static final int WRONG_INPUT = 2;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line with all its commands; a new one for each call. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Gridwarden());
    line.addSubcommand(new DemoCommand());
    line.addSubcommand(new ServerCommand());
    line.addSubcommand(new SimulateCommand());
    line.addSubcommand(new ZigbeeCommand());
    line.addSubcommand(new MetersCommand());
    line.addSubcommand(new ReadingsCommand());
    line.addSubcommand(new CollectionCommand());
    line.addSubcommand(new CommandCommand());
    line.addSubcommand(new CertificatesCommand());
    line.addSubcommand(new AlarmsCommand());
    line.addSubcommand(new CasesCommand());
    line.addSubcommand(new KeysCommand());
    line.addSubcommand(new StreetCommand());
    line.addSubcommand(new LoginCommand());
    line.addSubcommand(new LogoutCommand());
    line.addSubcommand(new UsersCommand());
    line.addSubcommand(new AuditCommand());
    line.addSubcommand(new SshCommand());
    line.addSubcommand(new FirmwareCommand());
    line.addSubcommand(new DataCommand());
    line.addSubcommand(new BackupCommand());
    line.addSubcommand(new RestoreCommand());
    line.addSubcommand(new ErasureCommand());
    line.addSubcommand(new FipsCommand());
    line.addSubcommand(new AccountCommand());
    line.addSubcommand(new WorkCommand());
    line.addSubcommand(new BillCommand());
    line.addSubcommand(new TariffCommand());
    line.addSubcommand(new AnalyticsCommand());
    line.addSubcommand(new LedgerCommand());
    line.addSubcommand(new VeeCommand());
    line.addSubcommand(new ImportCommand());
    line.addSubcommand(new ExportCommand());
    line.addSubcommand(new GreenButtonCommand());
    line.addSubcommand(new DlmsCommand());
    line.addSubcommand(new BenchCommand());
    line.addSubcommand(new CompletionCommand());
    line.registerConverter(Duration.class, Durations::parse);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (problem, command, parsed) -> Failure.print(problem, command.getErr()));
    line.setParameterExceptionHandler(Gridwarden::explain);
    return line;
  }

  /** Without a command: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int explain(ParameterException problem, String[] args) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("gridwarden: " + problem.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(problem, err)) {
      err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    err.flush();
    return WRONG_INPUT;
  }
}
