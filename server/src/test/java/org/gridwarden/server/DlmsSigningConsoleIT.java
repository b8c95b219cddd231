package org.gridwarden.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.server.ConsoleBrowser.violations;
import static org.gridwarden.server.ConsoleTown.ADMIN;
import static org.gridwarden.server.ConsoleTown.ANNA;
import static org.gridwarden.server.ConsoleTown.BEN;
import static org.gridwarden.server.ConsoleTown.button;
import static org.gridwarden.server.ConsoleTown.draft;
import static org.gridwarden.server.ConsoleTown.json;
import static org.gridwarden.server.ConsoleTown.key;
import static org.gridwarden.server.ConsoleTown.ok;
import static org.gridwarden.server.ConsoleTown.open;
import static org.gridwarden.server.ConsoleTown.visit;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.thirdparty.GeneralSigned;
import org.gridwarden.security.thirdparty.OperatorTitle;
import org.gridwarden.security.thirdparty.SignedAnswer;
import org.gridwarden.server.ConsoleBrowser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A DLMS request that a person signs in the browser, for a meter that checks it by itself. */
class DlmsSigningConsoleIT {
  @TempDir static Path folder;
  private static ConsoleBrowser browser;
  private static ConsoleTown town;
  private static SignedHouse house;

  @BeforeAll
  static void start() throws Exception {
    browser = ConsoleBrowser.start();
    house = new SignedHouse();
    town = new ConsoleTown(folder, ", dlms: {plaintext: allowed, tcp: {bind: 127.0.0.1, port: 0}}");
    String shipment = house.shipment(town.anna.get("/api/v1/office-key").body());
    ok(
        town.anna.send(
            town.anna
                .request("/api/v1/meters/import")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(shipment))));
  }

  @AfterAll
  static void stop() throws Exception {
    if (town != null) {
      town.close();
    }
    if (house != null) {
      house.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  /** The keys that the office has taken go into the meter; the last of them. */
  private static byte[] trust() throws Exception {
    byte[] keyId = {};
    for (JsonNode key : Api.json(ok(town.anna.get("/api/v1/operator-keys"))).get("items")) {
      house.trust(P256.publicKey(Base64.getDecoder().decode(key.get("spki").asString())));
      keyId = HexFormat.of().parseHex(key.get("keyId").asString());
    }
    return keyId;
  }

  @Test
  @DisplayName(
      "C9, C12: a page makes the DLMS request of the order that it shows, a browser's key signs it,"
          + " and the meter obeys and answers under its own")
  void signedInTheBrowser() throws Exception {
    try (BrowserContext annas = browser.window(town.server.url(), Look.DESK_LIGHT);
        BrowserContext admins = browser.window(town.server.url(), Look.DESK_LIGHT)) {
      Page drafter = open(annas, ANNA, "/overview");
      key(drafter, open(admins, ADMIN, "/overview"));
      byte[] keyId = trust();
      String id = draft(town.anna, SignedHouse.SERIAL, "disconnect", "Order 4711: moved out");
      JsonNode drafted = Api.json(ok(town.ben.get("/api/v1/commands/" + id)));
      assertThat(drafted.get("signing").asString()).isEqualTo("dlms");
      ok(
          town.ben.post(
              "/api/v1/commands/" + id + "/approve",
              json(Map.of("order", drafted.get("order").asString()))));

      visit(drafter, "/commands/" + id);
      Locator turn = drafter.locator(".step.is-now");
      assertThat(turn).containsText("Disconnect " + SignedHouse.SERIAL);
      assertThat(turn).containsText("As DLMS general-signing to the system title 47574D0000000007");
      assertThat(violations(drafter)).isEmpty();
      button(drafter, "Sign: disconnect").click();
      Locator receipt = drafter.locator(".receipt");
      assertThat(receipt)
          .containsText(
              "Signed by the meter, as DLMS general-signing, and its signature was checked");
      assertThat(drafter.locator(".facts").last()).containsText("DLMS general-signing");
      assertThat(house.isConnected()).isFalse();

      Download evidence = drafter.waitForDownload(() -> receipt.getByText("Download").click());
      SignedAnswer said =
          SignedAnswer.open(
              Files.readAllBytes(evidence.path()),
              house.key.getPublic(),
              SignedHouse.title(),
              OperatorTitle.of(keyId),
              new CommandId(UUID.fromString(id)));
      assertThat(said.outcome()).isEqualTo(CommandState.CONFIRMED);
      assertThat(violations(drafter)).isEmpty();
      drafter.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of("target", "dlms-signing.png"))
              .setFullPage(true));
    }
  }

  @Test
  @DisplayName(
      "C9: a signature of another form, without its time, of another time or of long ago is refused;"
          + " one by a key that the meter does not know changes nothing")
  void refused() throws Exception {
    KeyPair pair = TownChannel.pair();
    byte[] keyId = Signed.keyId(pair.getPublic());
    String key = HexFormat.of().formatHex(keyId);
    ok(
        town.ben.post(
            "/api/v1/operator-keys",
            json(
                Map.of(
                    "spki", base64(pair.getPublic().getEncoded()), "name", "x", "kind", "file"))));
    ok(town.admin.post("/api/v1/operator-keys/" + key + "/approve", "{}"));
    String id = draft(town.ben, SignedHouse.SERIAL, "connect", "back after works");
    JsonNode drafted = command(id);
    assertThat(drafted.get("state").asString()).isEqualTo("RELEASED");
    assertThat(drafted.get("toBeSigned").isNull()).isTrue();
    Order order = Order.parse(Base64.getDecoder().decode(drafted.get("order").asString()));
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    byte[] cose = Signed.toBeSigned(Purpose.ORDER, keyId, order.bytes());
    not(id, pair, cose, now, "signature");
    byte[] genuine = GeneralSigned.toBeSigned(order, keyId, SignedHouse.title(), now);
    not(id, pair, genuine, now.plusSeconds(1), "signature");
    Instant before = now.minusSeconds(3_600);
    not(
        id,
        pair,
        GeneralSigned.toBeSigned(order, keyId, SignedHouse.title(), before),
        before,
        "minutes from the office");
    not(id, pair, GeneralSigned.toBeSigned(order, keyId, new byte[8], now), now, "signature");
    String body = json(Map.of("keyId", key, "signature", base64(Signer.of(pair).sign(genuine))));
    HttpResponse<String> timeless = town.ben.post("/api/v1/commands/" + id + "/sign", body);
    assertThat(timeless.statusCode()).isEqualTo(400);
    assertThat(timeless.body()).contains("signedAt", "DLMS general-signing");
    assertThat(command(id).get("state").asString()).isEqualTo("RELEASED");

    ok(sign(id, pair, genuine, now));
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(command(id).get("state").asString()).isEqualTo("FAILED"));
    assertThat(command(id).get("why").asString()).contains("does not take what was signed");

    String clock = draft(town.ben, SignedHouse.SERIAL, "set-clock", "an hour off");
    assertThat(command(clock).get("state").asString()).isEqualTo("REFUSED");
    assertThat(command(clock).get("why").asString()).contains("no single request of DLMS");
  }

  private static JsonNode command(String id) {
    return Api.json(ok(town.ben.get("/api/v1/commands/" + id)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static HttpResponse<String> sign(String id, KeyPair by, byte[] what, Instant at)
      throws CommandException {
    return town.ben.post(
        "/api/v1/commands/" + id + "/sign",
        json(
            Map.of(
                "keyId", HexFormat.of().formatHex(Signed.keyId(by.getPublic())),
                "signature", base64(Signer.of(by).sign(what)),
                "signedAt", at.toString())));
  }

  private static void not(String id, KeyPair by, byte[] what, Instant at, String why)
      throws CommandException {
    HttpResponse<String> answer = sign(id, by, what, at);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
    assertThat(answer.body()).contains(why);
  }

  @Test
  @DisplayName("C10: the page makes the very bytes that the command line makes")
  void sameBytes() throws Exception {
    byte[] keyId = HexFormat.of().parseHex("5f0c3b9e2a7d1148");
    Instant at = Instant.parse("2026-11-29T23:59:59Z"); // a Sunday
    try (BrowserContext bens = browser.window(town.server.url(), Look.DESK_LIGHT)) {
      Page page = open(bens, BEN, "/overview");
      for (Action action :
          List.of(
              new Action.Disconnect(),
              new Action.Connect(),
              new Action.Arm(),
              new Action.Configure("0.0.17.0.0.255:71:4", new byte[300]))) {
        Order order =
            new Order(
                new CommandId(UUID.fromString("01a214fb-82b7-7b03-a15f-fec1d5d727b8")),
                new MeterId(SignedHouse.SERIAL),
                action,
                at,
                at.plusSeconds(86_400),
                "ben");
        Object made =
            page.evaluate(
                "async (a) => { const o = await import('/console/js/order.js');"
                    + " const g = await import('/console/js/general-signing.js');"
                    + " return o.toHex(g.dlmsToBeSigned(o.readOrder(o.fromBase64(a.order)),"
                    + " o.fromHex(a.key), o.fromHex(a.title), a.at)); }",
                Map.of(
                    "order", Base64.getEncoder().encodeToString(order.bytes()),
                    "key", HexFormat.of().formatHex(keyId),
                    "title", HexFormat.of().formatHex(SignedHouse.title()),
                    "at", at.toString()));
        assertThat(made)
            .as(action.word())
            .isEqualTo(
                HexFormat.of()
                    .formatHex(GeneralSigned.toBeSigned(order, keyId, SignedHouse.title(), at)));
      }
    }
  }
}
