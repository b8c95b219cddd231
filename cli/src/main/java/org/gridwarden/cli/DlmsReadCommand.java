package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.JsonLine;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.capture.Access;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads attributes of a meter. */
@Command(
    name = "read",
    description = {
      "Reads attributes of a meter.",
      "",
      "What is read is OBIS[:class[:attribute]], or OBIS:name with the standard's name. Without a",
      "class the meter's object list is asked; without an attribute it is 2, the value.",
      ""
    },
    footer = {
      "",
      "A key is hexadecimal digits, file:PATH or env:NAME. A command line can be seen by others on",
      "the machine: better put secrets into a file or the environment.",
      "",
      "Exit code 1 where the meter refuses something or does not answer; all else is still read.",
      "",
      "Examples:",
      "  ./gridwarden dlms read --host 10.0.0.7 1.0.1.8.0.255 0.0.1.0.0.255:8:time",
      "  ./gridwarden dlms read --host … --client 17 --auth lls --password env:METER_PASSWORD \\",
      "      --entries 1-10 1.0.99.1.0.255",
      "  ./gridwarden dlms read --host … --client 18 --auth gmac --key file:guek \\",
      "      --auth-key file:gak --range 2026-11-23/2026-11-24 --json 1.0.99.1.0.255",
    })
final class DlmsReadCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private DlmsConnection connection = new DlmsConnection();

  @Mixin private ProfilePart part = new ProfilePart();

  @Option(names = "--json", description = "One JSON object an attribute, each on its own line.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "OBIS", description = "What to read.")
  private List<String> what = List.of();

  @Override
  public Integer call() {
    Optional<Selection> selection = part.selection();
    // wrong words before the meter is bothered
    List<ObjectArgument> wanted =
        what.stream().map(text -> ObjectArgument.parse(text, "attribute")).toList();
    ObjectClasses classes = new ObjectClasses(connection.objectList());
    return connection.run(
        spec.commandLine().getErr(),
        meter -> {
          boolean allThere = true;
          for (ObjectArgument one : wanted) {
            allThere &= read(meter, one.attribute(meter, classes), selection);
          }
          return allThere;
        });
  }

  private boolean read(Association meter, AttributeRef ref, Optional<Selection> selection)
      throws IOException, DlmsException, AssociationRefused {
    boolean buffer = ref.classId() == 7 && ref.attribute() == 2;
    Outcome outcome =
        buffer && selection.isPresent() ? meter.get(ref, selection.get()) : meter.get(ref);
    boolean there = outcome instanceof Outcome.Value;
    Scaling scaling = there && isScaled(ref) ? scaling(meter, ref) : Scaling.NONE;
    List<Access.Column> columns = there && buffer ? columns(meter, ref) : List.of();
    connection.quiet();
    PrintWriter out = spec.commandLine().getOut();
    switch (outcome) {
      case Outcome.Value(DlmsData data) when json -> out.println(json(ref, data, scaling, columns));
      case Outcome.Refused(var why) when json ->
          out.println(
              new JsonLine()
                  .object()
                  .name("attribute")
                  .text(ref.toString())
                  .name("refused")
                  .text(why.toString())
                  .endObject());
      case Outcome.Value(DlmsData data) ->
          new DataLines(out, CosemDateTime.DeviationSign.STANDARD, "  ", "")
              .headed(new StringBuilder(ref.toString()), data, scaling, columns);
      case Outcome.Refused(var why) -> out.println(ref + "  refused: " + why);
    }
    out.flush();
    return there;
  }

  private static String json(
      AttributeRef ref, DlmsData data, Scaling scaling, List<Access.Column> columns) {
    JsonLine line = new JsonLine().object().name("attribute").text(ref.toString());
    line.name("scaler");
    if (scaling.known()) {
      line.number(scaling.scaler()).name("unit").text(scaling.unit().symbol());
    } else {
      line.nothing().name("unit").nothing();
    }
    line.name("data").data(data);
    if (!columns.isEmpty()) {
      line.name("columns").array();
      for (Access.Column column : columns) {
        line.object().name("attribute").text(column.ref().toString()).name("scaler");
        if (column.scaling().known()) {
          line.number(column.scaling().scaler());
          line.name("unit").text(column.scaling().unit().symbol());
        } else {
          line.nothing().name("unit").nothing();
        }
        line.endObject();
      }
      line.endArray();
    }
    return line.endObject().toString();
  }

  /** Whether the attribute is a number with scaler and unit beside it. */
  private static boolean isScaled(AttributeRef ref) {
    return switch (ref.classId()) {
      case 3, 4 -> ref.attribute() == 2;
      case 5 -> ref.attribute() == 2 || ref.attribute() == 3;
      default -> false;
    };
  }

  private static Scaling scaling(Association meter, AttributeRef ref)
      throws IOException, DlmsException, AssociationRefused {
    AttributeRef beside =
        new AttributeRef(ref.classId(), ref.instance(), ref.classId() == 5 ? 4 : 3);
    return meter.get(beside) instanceof Outcome.Value(DlmsData.Structure pair)
            && pair.size() == 2
            && pair.get(0) instanceof DlmsData.Integer8(int scaler)
            && pair.get(1) instanceof DlmsData.Enumerated(int unit)
        ? Scaling.of(scaler, Unit.of(unit))
        : Scaling.NONE;
  }

  /** What the rows hold, as the profile's capture objects say; none where it does not tell. */
  private static List<Access.Column> columns(Association meter, AttributeRef profile)
      throws IOException, DlmsException, AssociationRefused {
    List<Access.Column> columns = new ArrayList<>();
    AttributeRef captureObjects = new AttributeRef(7, profile.instance(), 3);
    if (meter.get(captureObjects) instanceof Outcome.Value(DlmsData.Array objects)) {
      for (DlmsData object : objects.elements()) {
        if (!(object instanceof DlmsData.Structure o
            && o.size() >= 3
            && o.get(0) instanceof DlmsData.LongUnsigned(int classId)
            && o.get(1) instanceof DlmsData.OctetString name
            && name.length() == 6
            && o.get(2) instanceof DlmsData.Integer8(int attribute))) {
          return List.of();
        }
        AttributeRef ref = new AttributeRef(classId, ObisCode.of(name.bytes(), 0), attribute);
        columns.add(new Access.Column(ref, isScaled(ref) ? scaling(meter, ref) : Scaling.NONE));
      }
    }
    return columns;
  }
}
