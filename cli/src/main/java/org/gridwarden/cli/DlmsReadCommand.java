package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DataText;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.security.SecurityContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads attributes of a meter. */
@Command(
    name = "read",
    description = {
      "Reads attributes of a meter over TCP (wrapper).",
      "",
      "What is read is OBIS[:class[:attribute]]; without a class the meter's object list is asked,",
      "without an attribute it is 2, the value.",
    },
    footer = {
      "",
      "A key is hexadecimal digits, file:PATH or env:NAME. A command line can be seen by others on",
      "the machine: better put secrets into a file or the environment.",
      "",
      "Examples:",
      "  ./gridwarden dlms read --host 10.0.0.7 --port 4059 1.0.1.8.0.255 0.0.1.0.0.255",
      "  ./gridwarden dlms read --host … --port … --client 18 --auth gmac --key file:guek \\",
      "      --auth-key file:gak --range 2026-11-23T00:00:00Z/2026-11-24T00:00:00Z 1.0.99.1.0.255",
    })
final class DlmsReadCommand implements Callable<Integer> {
  private static final Pattern WHAT = Pattern.compile("([0-9.]+)(?::(\\d{1,5}))?(?::(\\d{1,3}))?");
  private static final Pattern ENTRIES = Pattern.compile("(\\d{1,9})-(\\d{0,9})");
  private static final AttributeRef OBJECT_LIST =
      new AttributeRef(15, ObisCode.parse("0.0.40.0.0.255"), 2);

  /** How to prove who one is. */
  enum Auth {
    NONE,
    LLS,
    GMAC
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--host", required = true, paramLabel = "HOST", description = "The meter.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4059",
      description = "Its TCP port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--client",
      paramLabel = "N",
      defaultValue = "16",
      description = "As which client. Default: ${DEFAULT-VALUE}, the public one.")
  private int client;

  @Option(
      names = "--server",
      paramLabel = "N",
      defaultValue = "1",
      description = "Which logical device. Default: ${DEFAULT-VALUE}.")
  private int device;

  @Option(
      names = "--auth",
      paramLabel = "HOW",
      defaultValue = "none",
      description = "none, lls (a password) or gmac (keys). Default: ${DEFAULT-VALUE}.")
  private Auth auth = Auth.NONE;

  @Mixin private DlmsSecurityOptions security = new DlmsSecurityOptions();

  @Option(
      names = "--range",
      paramLabel = "FROM/TO",
      description = "Of a profile: from one instant to another, both included.")
  private @Nullable String range;

  @Option(
      names = "--entries",
      paramLabel = "A-B",
      description = "Of a profile: its rows A to B, counted from 1; without B to the last.")
  private @Nullable String entries;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long to wait for each answer. Default: ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ofSeconds(10);

  @Option(names = "--json", description = "One JSON object an attribute, each on its own line.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "OBIS", description = "What to read.")
  private List<String> what = List.of();

  private final Map<ObisCode, Integer> classes = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    Optional<Selection> selection = selection();
    what.forEach(DlmsReadCommand::parsed); // wrong words before the meter is bothered
    boolean allThere = true;
    try (Association meter = open()) {
      for (String one : what) {
        allThere &= read(meter, parsed(one), selection);
      }
    } catch (AssociationRefused e) {
      throw new Failure(host + ":" + port + ": " + e.getMessage());
    } catch (DlmsException e) {
      throw new Failure(host + ":" + port + ": " + e.describe());
    } catch (IOException e) {
      throw new Failure(host + ":" + port + ": " + e.getMessage() + "; is it the right address?");
    }
    return allThere ? Gridwarden.OK : Gridwarden.FAILED;
  }

  private Association open() throws IOException, DlmsException, AssociationRefused {
    AssociationRequest request =
        switch (auth) {
          case NONE -> AssociationRequest.open();
          case LLS -> {
            byte[] password = security.password();
            if (password.length == 0) {
              throw new Failure("lls takes --password", Gridwarden.WRONG_INPUT);
            }
            yield AssociationRequest.password(password);
          }
          case GMAC -> {
            DlmsKeys keys = security.keys();
            yield AssociationRequest.gmac(
                SecurityContext.of(security.title("GWC"), keys, security.counter()));
          }
        };
    return Association.open(
        WrapperLink.connect(new InetSocketAddress(host, port), client, device, timeout),
        request.withPatience(timeout));
  }

  private record Wanted(ObisCode name, Optional<Integer> classId, int attribute) {}

  private static Wanted parsed(String text) {
    Matcher m = WHAT.matcher(text);
    if (m.matches()) {
      try {
        return new Wanted(
            ObisCode.parse(m.group(1)),
            Optional.ofNullable(m.group(2)).map(Integer::valueOf),
            m.group(3) == null ? 2 : Integer.parseInt(m.group(3)));
      } catch (IllegalArgumentException e) {
        // told below
      }
    }
    throw new Failure(
        "'" + text + "' is not OBIS[:class[:attribute]], as 1.0.1.8.0.255:3:2",
        Gridwarden.WRONG_INPUT);
  }

  private Optional<Selection> selection() {
    String span = range;
    String rows = entries;
    try {
      if (span != null) {
        String[] ends = span.split("/", -1);
        if (ends.length == 2) {
          return Optional.of(Selection.range(instant(ends[0]), instant(ends[1])));
        }
        throw new Failure("--range takes FROM/TO, two instants", Gridwarden.WRONG_INPUT);
      }
    } catch (DateTimeParseException e) {
      throw new Failure(
          "--range: " + e.getParsedString() + " is no instant such as 2026-11-23T00:00:00Z",
          Gridwarden.WRONG_INPUT);
    }
    if (rows != null) {
      Matcher m = ENTRIES.matcher(rows);
      if (!m.matches()) {
        throw new Failure("--entries takes A-B, two numbers", Gridwarden.WRONG_INPUT);
      }
      return Optional.of(
          Selection.entries(
              Long.parseLong(m.group(1)), m.group(2).isEmpty() ? 0 : Long.parseLong(m.group(2))));
    }
    return Optional.empty();
  }

  private static CosemDateTime instant(String text) {
    return CosemDateTime.of(Instant.parse(text), ZoneOffset.UTC);
  }

  private boolean read(Association meter, Wanted wanted, Optional<Selection> selection)
      throws IOException, DlmsException, AssociationRefused {
    int classId =
        wanted.classId().isPresent() ? wanted.classId().get() : classOf(meter, wanted.name());
    AttributeRef ref = new AttributeRef(classId, wanted.name(), wanted.attribute());
    boolean part = selection.isPresent() && classId == 7 && wanted.attribute() == 2;
    Outcome outcome = part ? meter.get(ref, selection.get()) : meter.get(ref);
    Scaling scaling =
        outcome instanceof Outcome.Value
                && wanted.attribute() == 2
                && (classId == 3 || classId == 4)
            ? scaling(meter, ref)
            : Scaling.NONE;
    print(ref, outcome, scaling);
    return outcome instanceof Outcome.Value;
  }

  private static Scaling scaling(Association meter, AttributeRef ref)
      throws IOException, DlmsException, AssociationRefused {
    return meter.get(new AttributeRef(ref.classId(), ref.instance(), 3))
                instanceof Outcome.Value(DlmsData.Structure pair)
            && pair.size() == 2
            && pair.get(0) instanceof DlmsData.Integer8(int scaler)
            && pair.get(1) instanceof DlmsData.Enumerated(int unit)
        ? Scaling.of(scaler, Unit.of(unit))
        : Scaling.NONE;
  }

  private int classOf(Association meter, ObisCode name)
      throws IOException, DlmsException, AssociationRefused {
    if (classes.isEmpty()
        && meter.get(OBJECT_LIST) instanceof Outcome.Value(DlmsData.Array objects)) {
      for (DlmsData object : objects.elements()) {
        if (object instanceof DlmsData.Structure o
            && o.size() >= 3
            && o.get(0) instanceof DlmsData.LongUnsigned(int classId)
            && o.get(2) instanceof DlmsData.OctetString logicalName
            && logicalName.length() == 6) {
          classes.put(ObisCode.of(logicalName.bytes(), 0), classId);
        }
      }
    }
    Integer classId = classes.get(name);
    if (classId == null) {
      throw new Failure(
          name + " does not stand in the meter's object list; say its class, as " + name + ":3");
    }
    return classId;
  }

  private void print(AttributeRef ref, Outcome outcome, Scaling scaling) {
    PrintWriter out = spec.commandLine().getOut();
    switch (outcome) {
      case Outcome.Value(DlmsData data) when json ->
          out.println(
              "{\"attribute\":\""
                  + ref
                  + "\",\"scaler\":"
                  + (scaling.known() ? scaling.scaler() : "null")
                  + ",\"unit\":"
                  + (scaling.known() ? "\"" + scaling.unit().symbol() + "\"" : "null")
                  + ",\"data\":"
                  + DataText.json(data)
                  + "}");
      case Outcome.Refused(var why) when json ->
          out.println("{\"attribute\":\"" + ref + "\",\"refused\":\"" + why + "\"}");
      case Outcome.Value(DlmsData.Array rows) when ref.classId() == 7 && ref.attribute() == 2 -> {
        out.println(ref + "  " + rows.size() + " rows");
        List<DlmsData> all = new ArrayList<>(rows.elements());
        all.forEach(row -> out.println("  " + DataText.text(row, Scaling.NONE)));
      }
      case Outcome.Value(DlmsData data) -> out.println(ref + "  " + DataText.text(data, scaling));
      case Outcome.Refused(var why) -> out.println(ref + "  refused: " + why);
    }
    out.flush();
  }
}
