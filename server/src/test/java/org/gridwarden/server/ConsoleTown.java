package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import tools.jackson.databind.JsonNode;

/**
 * An office with two operators and a security administrator, the street of {@link ConsoleData}, a
 * house whose meter signs its receipts, and what these people do at the console and over the API.
 */
final class ConsoleTown implements AutoCloseable {
  static final String ADMIN = "admin";
  static final String ANNA = "anna";
  static final String BEN = "ben";

  /** It signs its receipts. */
  static final String SIGNING = "CONSOLE-1";

  /** Nobody switches its consumer off. */
  static final String PROTECTED = "GWD4100185";

  private static final String PASSWORD = "thistle anchor velvet 52";

  final RunningServer server;
  final Api admin;
  final Api anna;
  final Api ben;
  final TownChannel.House house = TownChannel.build(SIGNING);

  ConsoleTown(Path folder) {
    this(folder, "");
  }

  /**
   * @param channels in YAML, beside the town's own
   */
  ConsoleTown(Path folder, String channels) {
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0}
                    channels: {town: {}%s}
                    collection: {enabled: false}
                    logging: {level: warn}
                    """
                        .formatted(channels),
                    "test",
                    Map.of())
                .withData(folder.resolve("data")));
    ConsoleData.fill(server.store());
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    ok(admin.logIn(ADMIN, first));
    ok(admin.changePassword(first, PASSWORD));
    anna = operator(server, admin, ANNA);
    ben = operator(server, admin, BEN);
    ok(
        anna.send(
            anna.request("/api/v1/meters/import")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(shipment(anna, house)))));
    ok(
        anna.call(
            "PUT",
            "/api/v1/meters/" + PROTECTED + "/protection",
            json(Map.of("reason", "Ventilator at home"))));
    policy("disconnect change-keys update-firmware configure");
  }

  private static Api operator(RunningServer server, Api admin, String name) {
    String first = "first " + PASSWORD;
    ok(
        admin.post(
            "/api/v1/users",
            json(Map.of("user", name, "roles", List.of("OPERATOR"), "password", first))));
    Api person = new Api(server);
    ok(person.logIn(name, first));
    ok(person.changePassword(first, PASSWORD));
    return person;
  }

  private static String shipment(Api operator, TownChannel.House house) {
    String office = operator.get("/api/v1/office-key").body();
    return "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak,feeder,"
        + "receipt_key,seal,master\n"
        + String.join(
            ",",
            SIGNING,
            "434F4E0000000001",
            "street",
            "Gasse 1",
            "Europe/Zurich",
            "authenticated",
            "k1",
            TestMeter.wrapped(office, "sixteen bytes 01".getBytes(StandardCharsets.US_ASCII)),
            TestMeter.wrapped(office, "sixteen bytes 02".getBytes(StandardCharsets.US_ASCII)),
            "F-9",
            Base64.getEncoder().encodeToString(house.key.getPublic().getEncoded()),
            TestMeter.wrapped(office, new byte[32]),
            TestMeter.wrapped(office, "sixteen bytes 03".getBytes(StandardCharsets.US_ASCII)))
        + "\n";
  }

  /** The meters' owner has them obey every key that the office has taken from somebody. */
  static void trust(Api operator, TownChannel.House... houses) throws CommandException {
    for (JsonNode key : Api.json(ok(operator.get("/api/v1/operator-keys"))).get("items")) {
      byte[] spki = Base64.getDecoder().decode(key.get("spki").asString());
      for (TownChannel.House one : houses) {
        one.trust(P256.publicKey(spki));
      }
    }
  }

  /** Two operators agree on which commands need two. */
  private void policy(String fourEyes) {
    JsonNode version =
        Api.json(
            ok(
                anna.post(
                    "/api/v1/command-policy",
                    json(
                        Map.of("content", "fourEyes = " + fourEyes, "reason", "two look at it")))));
    ok(ben.post("/api/v1/command-policy/" + version.get("version").asInt() + "/approve", "{}"));
  }

  static HttpResponse<String> ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer;
  }

  static String json(Map<String, ?> content) {
    return Api.JSON.writeValueAsString(content);
  }

  /** Drafts a command in somebody's name; returns its id. */
  static String draft(Api who, String meter, String action, String reason) {
    JsonNode made =
        Api.json(
            ok(
                who.post(
                    "/api/v1/commands",
                    json(Map.of("meter", meter, "action", action, "reason", reason)))));
    return made.get("items").get(0).get("id").asString();
  }

  /** A page in a window in which somebody is logged in. */
  static Page open(BrowserContext window, String who, String path) {
    Page page = window.newPage();
    page.navigate("/overview");
    page.fill("input[name=user]", who);
    page.locator("input[type=password]").fill(PASSWORD);
    page.locator("button[type=submit]").click();
    assertThat(page.locator("h1")).hasText("Overview");
    visit(page, path);
    return page;
  }

  static void visit(Page page, String path) {
    page.navigate(path);
    assertThat(page.locator("h1").first()).isVisible();
    assertThat(page.locator(".skeleton, .skeleton-wait")).hasCount(0);
  }

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^" + name)));
  }

  /** Makes a key in the browser, and has it taken after its fingerprint was compared. */
  static void key(Page operator, Page administrator) {
    visit(operator, "/settings/keys");
    button(operator, "Make a key").click();
    Locator own = operator.locator(".keys-page .card").first();
    assertThat(own).containsText("Waits for a security administrator");
    String fingerprint = own.locator(".fingerprint").innerText();
    assertThat(fingerprint).matches("([0-9a-f]{4} ?){16}");
    visit(administrator, "/settings/keys");
    Locator row =
        administrator
            .locator("tbody tr")
            .filter(new Locator.FilterOptions().setHasText(fingerprint));
    assertThat(row).containsText("Waits");
    row.getByText("Take").click();
    assertThat(row).containsText("Taken");
    visit(operator, "/settings/keys");
    assertThat(own).containsText("Taken");
  }

  @Override
  public void close() {
    server.close();
  }
}
