package org.gridwarden.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gridwarden.security.command.Signer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Signs what one has drafted, and somebody or the policy has released. */
@Command(
    name = "sign",
    description =
        "Signs commands that you drafted and that are released: each is shown as its order's"
            + " bytes have it, and goes out.")
final class CommandSignCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Mixin private SignerOptions signer = new SignerOptions();

  @Parameters(paramLabel = "ID", arity = "0..*", description = "The commands' ids.")
  private List<String> ids = List.of();

  @Option(names = "--all", description = "All of yours that are released, at most 1000 at a time.")
  private boolean all;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (ids.isEmpty() != all) {
      throw new Failure("name commands by their ids, or all by --all", Gridwarden.WRONG_INPUT);
    }
    ids.forEach(CommandIds::check);
    Signer key = signer.open();
    try (OfficeClient client = office.connect()) {
      List<SeenOrder> orders = new ArrayList<>();
      if (all) {
        String user = client.get("/session").path("user").asString();
        String query =
            "/commands?state=released&sort=drafted&size="
                + PAGE
                + "&by="
                + URLEncoder.encode(user, StandardCharsets.UTF_8);
        client.get(query).path("items").forEach(item -> orders.add(SeenOrder.of(item)));
      } else {
        ids.forEach(id -> orders.add(SeenOrder.of(client.get("/commands/" + id))));
      }
      if (orders.isEmpty()) {
        out.println("None of yours waits for its signature.");
        out.flush();
        return Gridwarden.OK;
      }
      Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      List<Map<String, String>> items = new ArrayList<>();
      for (SeenOrder order : orders) {
        out.println(order.words());
        items.add(Map.of("id", order.id(), "signature", order.sign(key, at)));
      }
      JsonNode answer =
          client.post(
              "/commands/sign",
              Map.of("keyId", SeenOrder.keyId(key), "signedAt", at.toString(), "items", items));
      return tell(out, answer);
    }
  }

  private static int tell(PrintWriter out, JsonNode answer) {
    int code = Gridwarden.OK;
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      boolean taken = item.path("code").isNull();
      rows.add(
          List.of(
              item.path("id").asString(),
              taken ? item.path("state").asString() : "not signed",
              item.path("why").asString()));
      if (!taken) {
        code = Gridwarden.FAILED;
      }
    }
    Table.print(out, List.of("id", "state", "why"), rows);
    out.flush();
    return code;
  }
}
