package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.InterfaceClasses;
import org.gridwarden.dlms.JsonLine;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Invokes a method of a meter's object. */
@Command(
    name = "action",
    description = {
      "Invokes a method of a meter's object: OBIS:class:method, or OBIS:name with the standard's",
      "name, and its parameter where it takes one. Most methods without a parameter take i8:0.",
      "",
      ValueArgument.SYNTAX,
      ""
    },
    footer = {
      "",
      "Exit code 1 where the meter refuses it.",
      "",
      "Examples:",
      "  ./gridwarden dlms action --host … --client 18 --auth gmac --key file:guek \\",
      "      --auth-key file:gak 0.0.96.3.10.255:70:remote_disconnect i8:0",
      "  ./gridwarden dlms action … 0.0.10.0.1.255:9:1 u16:2",
    })
final class DlmsActionCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private DlmsConnection connection = new DlmsConnection();

  @Option(names = "--json", description = "The result as one JSON object on one line.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "OBIS:CLASS:METHOD", description = "What to invoke.")
  private String method = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Its parameter.")
  private @Nullable String parameter;

  @Override
  public Integer call() {
    ObjectArgument wanted = ObjectArgument.parse(method, "method");
    Optional<DlmsData> with = Optional.ofNullable(parameter).map(ValueArgument::parse);
    return connection.run(
        spec.commandLine().getErr(),
        meter -> {
          MethodRef ref = wanted.method(meter, new ObjectClasses(connection.objectList()));
          Service.Invoked invoked = meter.action(ref, with);
          connection.quiet();
          print(ref, invoked);
          return invoked.result().isSuccess();
        });
  }

  private void print(MethodRef ref, Service.Invoked invoked) {
    PrintWriter out = spec.commandLine().getOut();
    Optional<DlmsData> returned =
        invoked.returned().orElse(null) instanceof Outcome.Value(DlmsData data)
            ? Optional.of(data)
            : Optional.empty();
    if (json) {
      JsonLine line = new JsonLine().object().name("method").text(ref.toString());
      line.name("result").text(invoked.result().toString());
      returned.ifPresent(data -> line.name("data").data(data));
      out.println(line.endObject());
    } else {
      AccessResult result = invoked.result();
      StringBuilder head =
          new StringBuilder()
              .append(ref)
              .append(' ')
              .append(InterfaceClasses.method(ref.classId(), ref.method()))
              .append("  ")
              .append(result.isSuccess() ? "done" : "refused: " + result);
      if (returned.isPresent()) {
        new DataLines(out, CosemDateTime.DeviationSign.STANDARD, "  ", "")
            .headed(head, returned.get(), Scaling.NONE, List.of());
      } else {
        out.println(head);
      }
    }
    out.flush();
  }
}
