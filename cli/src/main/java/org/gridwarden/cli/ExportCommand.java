package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes stored readings as a file. */
@Command(
    name = "export",
    description = {
      "Writes a meter's or a service point's readings as a file for others.",
      "",
      "Of a service point: those of whatever meters it had, each for its time.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden export --green-button --service-point 'Testweg 1' --out mine.xml",
      "  ./gridwarden export --csv --meter 1KFM0200000001 --from 2026-10-01T00:00:00Z",
      "  ./gridwarden export --cim --json --meter 1KFM0200000001 --layer raw",
    })
final class ExportCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** One of them. */
  static final class Form {
    @Option(names = "--green-button", description = "A Green Button feed (ESPI 4.0).")
    boolean greenButton;

    @Option(names = "--cim", description = "MeterReadings (IEC 61968-9); with --json in JSON.")
    boolean cim;

    @Option(names = "--csv", description = "meter,start,kwh,quality: one channel.")
    boolean csv;
  }

  /** One of them. */
  static final class Whose {
    @Option(names = "--meter", paramLabel = "METER", description = "A meter's id.")
    @Nullable String meter;

    @Option(names = "--service-point", paramLabel = "NAME", description = "A service point.")
    @Nullable String servicePoint;
  }

  @Mixin private OfficeOptions office = new OfficeOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Form form = new Form();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Whose whose = new Whose();

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "From then on. Default: 31 days before the end.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "INSTANT", description = "Until then. Default: now.")
  private @Nullable String to;

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      description = "raw, as meters sent it, or final, as validation left it. Default: final.")
  private @Nullable String layer;

  @Option(
      names = "--channel",
      paramLabel = "OBIS",
      description = "The channel of a CSV. Default: energy delivered, 1.0.1.29.0.255.")
  private @Nullable String channel;

  @Option(names = "--json", description = "With --cim: in JSON.")
  private boolean json;

  @Option(names = "--out", paramLabel = "FILE", description = "Where to. Default: standard output.")
  private @Nullable Path out;

  /** Asks for it, and writes it. */
  @Override
  public Integer call() {
    if (json && !form.cim) {
      throw new Failure("--json goes with --cim", Gridwarden.WRONG_INPUT);
    }
    String format =
        form.greenButton ? "green-button" : form.csv ? "csv" : json ? "cim-json" : "cim";
    StringBuilder query = new StringBuilder();
    if (whose.meter != null) {
      query.append("/meters/").append(ImportCommand.encode(whose.meter)).append("/export?format=");
    } else {
      query
          .append("/service-points/export?servicePoint=")
          .append(ImportCommand.encode(String.valueOf(whose.servicePoint)))
          .append("&format=");
    }
    query.append(format);
    add(query, "from", from);
    add(query, "to", to);
    add(query, "layer", layer);
    add(query, "channel", channel);
    try (OfficeClient client = office.connect();
        InputStream answer = client.stream(query.toString(), "*/*")) {
      write(answer);
    } catch (IOException e) {
      throw new Failure("the server or the file broke off: " + e.getMessage());
    }
    return Gridwarden.OK;
  }

  private void write(InputStream answer) throws IOException {
    if (out == null) {
      PrintWriter to = spec.commandLine().getOut();
      Reader text = new InputStreamReader(answer, StandardCharsets.UTF_8);
      text.transferTo(to);
      to.flush();
      return;
    }
    Path half = out.resolveSibling(out.getFileName() + ".part");
    try {
      Files.copy(answer, half, StandardCopyOption.REPLACE_EXISTING);
      Files.move(half, out, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
    spec.commandLine().getErr().println(out + ": " + Files.size(out) + " bytes");
    spec.commandLine().getErr().flush();
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query.append('&').append(name).append('=').append(ImportCommand.encode(value));
    }
  }
}
