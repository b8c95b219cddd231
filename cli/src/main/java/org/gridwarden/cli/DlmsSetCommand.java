package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.InterfaceClasses;
import org.gridwarden.dlms.JsonLine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes attributes of a meter. */
@Command(
    name = "set",
    description = {
      "Writes attributes of a meter: OBIS[:class[:attribute]] VALUE, as often as wanted, in order.",
      "",
      ValueArgument.SYNTAX,
      ""
    },
    footer = {
      "",
      "Exit code 1 where the meter refuses a value; those after it are not written.",
      "",
      "Examples:",
      "  ./gridwarden dlms set --host … --client 18 --auth gmac --key file:guek \\",
      "      --auth-key file:gak 0.0.1.0.0.255:8:time datetime:2026-11-25T00:00:00+01:00",
      "  ./gridwarden dlms set … 1.0.99.1.0.255:7:4 u32:900",
    })
final class DlmsSetCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private DlmsConnection connection = new DlmsConnection();

  @Option(names = "--json", description = "One JSON object an attribute, each on its own line.")
  private boolean json;

  @Parameters(
      arity = "2..*",
      paramLabel = "OBIS VALUE",
      description = "What to write, and the value.")
  private List<String> pairs = List.of();

  private record Wanted(ObjectArgument attribute, DlmsData value) {}

  @Override
  public Integer call() {
    if (pairs.size() % 2 != 0) {
      throw new Failure("each OBIS takes a value behind it", Gridwarden.WRONG_INPUT);
    }
    List<Wanted> all = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      all.add(
          new Wanted(
              ObjectArgument.parse(pairs.get(i), "attribute"),
              ValueArgument.parse(pairs.get(i + 1))));
    }
    ObjectClasses classes = new ObjectClasses(connection.objectList());
    return connection.run(
        spec.commandLine().getErr(),
        meter -> {
          for (Wanted wanted : all) {
            AttributeRef ref = wanted.attribute().attribute(meter, classes);
            AccessResult result = meter.set(ref, wanted.value());
            connection.quiet();
            print(ref, result);
            if (!result.isSuccess()) {
              return false;
            }
          }
          return true;
        });
  }

  private void print(AttributeRef ref, AccessResult result) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new JsonLine()
              .object()
              .name("attribute")
              .text(ref.toString())
              .name("result")
              .text(result.toString())
              .endObject());
    } else {
      out.println(
          ref
              + " "
              + InterfaceClasses.attribute(ref.classId(), ref.attribute())
              + "  "
              + (result.isSuccess() ? "written" : "refused: " + result));
    }
    out.flush();
  }
}
