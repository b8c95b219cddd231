package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists what a client may see of a meter. */
@Command(
    name = "objects",
    description = {
      "Lists the objects that a client sees of a meter, with what it may do with each.",
      "",
      "The rights: r read, w write, - neither, for the attributes of those numbers; of the methods",
      "those that may be invoked. A plus stands where the request has to be protected.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden dlms objects --host 10.0.0.7",
      "  ./gridwarden dlms objects --host … --client 18 --auth gmac --key file:guek \\",
      "      --auth-key file:gak --class 7 --json",
    })
final class DlmsObjectsCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private DlmsConnection connection = new DlmsConnection();

  @Option(names = "--class", paramLabel = "N", description = "Only objects of this class.")
  private int classId;

  @Option(names = "--json", description = "One JSON object for each, on a line of its own.")
  private boolean json;

  @Override
  public Integer call() {
    return connection.run(
        spec.commandLine().getErr(),
        meter ->
            switch (meter.get(connection.objectList())) {
              case Outcome.Value(DlmsData list) -> {
                List<ObjectRow> rows =
                    connection.shortNames()
                        ? ObjectRow.ofShortNames(list, rights(meter))
                        : ObjectRow.of(list);
                connection.quiet();
                print(rows);
                yield true;
              }
              case Outcome.Refused(AccessResult why) ->
                  throw new Failure(
                      "the meter refuses its object list: " + why + "; try another --client");
            });
  }

  /** With short names they stand in an attribute of their own, which not all meters tell. */
  private DlmsData rights(Association meter) throws IOException, DlmsException, AssociationRefused {
    AttributeRef list = connection.objectList();
    return meter.get(new AttributeRef(list.classId(), list.instance(), 3))
            instanceof Outcome.Value(DlmsData rights)
        ? rights
        : DlmsData.NullData.of();
  }

  private void print(List<ObjectRow> all) {
    List<ObjectRow> rows =
        all.stream().filter(row -> classId == 0 || row.classId() == classId).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      rows.forEach(row -> out.println(row.json()));
    } else {
      ObjectRow.print(out, "", rows);
    }
    out.flush();
  }
}
